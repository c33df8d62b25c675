"""A list of reports as rows of a sheet: what each column says, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_office
from opinions.models import Adoption, Referral, Reply

MOST = 100_000  # rows of one file
CHUNK = 1000  # rows in memory
Column = tuple[str, Callable[[Any], Any]]


def columns_for(actor: Actor, committee: Committee) -> list[Column]:
    """Everybody reads what the list shows; how it was handled inside is for the office."""
    columns: list[Column] = [
        (_("编号"), lambda row: row.label),
        (_("标题"), str),
        (_("反映人"), lambda row: _listed(row.author_names)),
        (_("界别"), lambda row: row.sector.name if row.sector else ""),
        (_("类别"), lambda row: row.category.name if row.category else ""),
        (_("主题（专项）"), lambda row: row.theme.name if row.theme else ""),
        (_("状态"), lambda row: row.get_status_display()),
        (_("报送日期"), lambda row: row.submitted_on),
        (_("收到日期"), lambda row: row.received_on),
        (_("最近进展"), lambda row: timezone.localdate(row.waiting_since)),
        (
            _("采用情况"),
            lambda row: _listed(Adoption.Level(one).label for one in row.levels or ()),
        ),
    ]
    if is_office(actor, committee):
        yes = _("是")
        columns += [
            (_("期次"), lambda row: str(row.issue or "")),
            (_("急件"), lambda row: yes if row.is_urgent else ""),
            (_("直报机关"), lambda row: yes if row.is_direct else ""),
            (_("承办单位"), lambda row: _listed(row.units)),
            (_("办理期限"), lambda row: _listed(row.due_days)),
            (_("办理结果分类"), lambda row: _listed(row.letters)),
        ]
    return columns


def _listed(values: Iterable[Any]) -> str:
    return "、".join(str(value) for value in values if value is not None)


def lines_of(rows: Any, pks: list[int], actor: Actor, columns: list[Column]) -> Iterator[list[Any]]:
    """The reports `pks` of a QuerySet in this order, fetched a chunk at a time."""
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        found = {row.pk: row for row in _with_outcome(rows.filter(pk__in=some), actor)}
        yield from ([say(found[pk]) for _name, say in columns] for pk in some if pk in found)


def _with_outcome(rows: Any, actor: Actor) -> Any:
    mine = OuterRef("pk")
    adopted = Adoption.objects.visible_to(actor).filter(opinion=mine).order_by("level")
    asked = Referral.objects.filter(opinion=mine, ended_at=None).order_by("pk")
    given = Reply.objects.given().filter(referral__opinion=mine, referral__ended_at=None)
    return rows.select_related("sector", "category", "issue", "theme").annotate(
        levels=ArraySubquery(adopted.values_list("level", flat=True).distinct()),
        units=ArraySubquery(asked.values(name=Coalesce("unit__name", "via__name"))),
        due_days=ArraySubquery(asked.values("due_on")),
        letters=ArraySubquery(given.order_by("pk").values("reply_class__letter")),
    )


def said_of(title: str, form: forms.Form, scope: str, count: int) -> str:
    """What was asked and when: the line above the headings, true of this file alone."""
    asked = [scope] if scope else []
    for field in form.visible_fields():
        if value := form.cleaned_data.get(field.name):
            choices = dict(getattr(field.field, "choices", ()))
            asked.append(f"{field.label}：{choices.get(value, value)}")
    said = _("%(title)s　筛选：%(asked)s　导出日期：%(day)s　共 %(count)s 条") % {
        "title": title,
        "asked": "；".join(map(str, asked)) or _("无"),
        "day": f"{timezone.localdate():%Y-%m-%d}",
        "count": min(count, MOST),
    }
    if count > MOST:
        said += _("（超过 %(most)s 条，只含最近的 %(most)s 条，请缩小筛选范围后分次导出）") % {
            "most": MOST
        }
    return said
