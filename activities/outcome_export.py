"""A list of outcomes as rows of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

MOST = 100_000  # rows of one file
CHUNK = 1000  # rows in memory


def _columns() -> list[tuple[str, Callable[[Any], Any]]]:
    return [
        (_("成果类型"), lambda row: row.get_kind_display()),
        (_("成果名称"), str),
        (_("完成人"), lambda row: row.author_names),
        (_("份额（%）"), _shares),
        (_("界别"), lambda row: row.sector.name if row.sector else ""),
        (_("完成日期"), lambda row: row.done_on),
        (_("发言形式"), lambda row: row.get_form_display() if row.form else ""),
        (_("会议"), lambda row: str(row.session or "")),
        (_("相关活动"), lambda row: str(row.activity or "")),
        (_("主题（专项）"), lambda row: str(row.theme or "")),
        (_("报送对象"), lambda row: row.addressee),
        (_("采用单位"), lambda row: row.adopted_by),
        (_("采用日期"), lambda row: row.adopted_on),
        (_("采用（转化）情况"), lambda row: row.adoption_note),
        (_("状态"), lambda row: row.state[0]),
    ]


def _shares(row: Any) -> str:
    return "、".join(str(part["share"]) for part in row.author_rows if part["share"])


def headings() -> list[str]:
    return [heading for heading, _say in _columns()]


def lines_of(rows: Any, pks: list[int]) -> Iterator[list[Any]]:
    """The outcomes `pks` in this order, fetched a chunk at a time."""
    columns = _columns()
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        found = {row.pk: row for row in rows.filter(pk__in=some)}
        yield from ([say(found[pk]) for _name, say in columns] for pk in some if pk in found)


def said_of(title: str, form: forms.Form, count: int) -> str:
    """What was asked and when: the line above the headings, true of this file alone."""
    asked = []
    for field in form.visible_fields():
        if value := form.cleaned_data.get(field.name):
            choices = dict(getattr(field.field, "choices", ()))
            asked.append(f"{field.label}：{choices.get(value, value)}")
    return _("%(title)s　筛选：%(asked)s　导出日期：%(day)s　共 %(count)s 条") % {
        "title": title,
        "asked": "；".join(map(str, asked)) or _("无"),
        "day": f"{timezone.localdate():%Y-%m-%d}",
        "count": min(count, MOST),
    }
