"""The columns a list of members may show, in the order they are printed, and who may see which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from committees.actors import Actor
from committees.models import Committee
from committees.permissions import is_clerk, is_office
from committees.sealed import masked_phone
from members.models import Position, Sex
from sectors.lists.reading import Line, sector_title
from sectors.models import CommissionSeat


@dataclass(frozen=True, slots=True)
class Column:
    """`office_only`: phones, birth months, numbers and notes stay with the office."""

    key: str
    label: Any
    say: Callable[[Line], str]
    parts: int = 2  # its share of the width on paper
    office_only: bool = False


def _sector(line: Line) -> str:
    return sector_title(line.sector) if line.sector else ""


def _sex(line: Line) -> str:
    return str(Sex(line.member.sex).label) if line.member.sex else ""


def _birth(line: Line) -> str:
    born = line.member.birth_month
    return f"{born:%Y.%m}" if born else ""


def _positions(line: Line) -> str:
    return _joined(str(Position.Kind(kind).label) for kind, _rank in line.positions)


def _convenor(line: Line) -> str:
    return str(_("召集人")) if line.convenor_place else ""


def _commissions(line: Line) -> str:
    """教科卫体委员会（副主任）; a plain member's duty is not written."""
    plain = ("", CommissionSeat.Duty.MEMBER)
    return _joined(
        one.name
        if one.role in plain
        else _("%(what)s（%(detail)s）")
        % {"what": one.name, "detail": CommissionSeat.Duty(one.role).label}
        for one in line.commissions
    )


def _street(line: Line) -> str:
    if line.street is None:
        return ""
    if not line.street.role:
        return line.street.name
    return _("%(what)s（%(detail)s）") % {"what": line.street.name, "detail": _("组长")}


def _phone(line: Line) -> str:
    return masked_phone(line.member.user.phone or "") if line.member.user.phone else ""


def _joined(words: Iterable[str]) -> str:
    return "、".join(words)


COLUMNS = {
    column.key: column
    for column in (
        Column("sector", gettext_lazy("界别"), _sector, 3),
        Column("sex", gettext_lazy("性别"), _sex, 1),
        Column("ethnicity", gettext_lazy("民族"), lambda line: line.member.ethnicity, 2),
        Column("birth", gettext_lazy("出生年月"), _birth, 2, office_only=True),
        Column("parties", gettext_lazy("党派"), lambda line: line.member.parties_label, 3),
        Column("work", gettext_lazy("工作单位及职务"), lambda line: line.member.work, 6),
        Column("positions", gettext_lazy("职务"), _positions, 3),
        Column("convenor", gettext_lazy("界别召集人"), _convenor, 2),
        Column("commissions", pgettext_lazy("plural", "专门委员会"), _commissions, 4),
        Column("street", gettext_lazy("街道（乡镇）委员组"), _street, 4),
        Column(
            "number",
            gettext_lazy("委员证号"),
            lambda line: line.member.number,
            3,
            office_only=True,
        ),
        Column("phone", gettext_lazy("手机号码"), _phone, 3, office_only=True),
        Column("note", gettext_lazy("备注"), lambda line: line.member.note, 3, office_only=True),
    )
}
# On the lists whose sections are commissions or street groups: what a person does there.
DUTY = {
    "commission": Column("duty", gettext_lazy("专委会职务"), lambda line: line.duty),
    "street": Column("duty", gettext_lazy("委员组职务"), lambda line: line.duty),
}
# What the sections of a list say already needs no column.
TOLD_BY_SECTIONS = {"sector": "sector", "commission": "commissions", "street": "street"}
BY_DEFAULT = ("parties", "work")
PHONE = "phone"
OF_DIRECTORY = ("work", PHONE)


def offered_to(actor: Actor, committee: Committee) -> list[Column]:
    """The columns this person may choose from."""
    is_inside = is_office(actor, committee)
    return [column for column in COLUMNS.values() if is_inside or not column.office_only]


def shown_to(actor: Actor, committee: Committee, chosen: Iterable[str] | None) -> list[Column]:
    """The chosen columns (None: the usual ones) as far as this person may see them today."""
    wanted = set(BY_DEFAULT if chosen is None else chosen)
    return [column for column in offered_to(actor, committee) if column.key in wanted]


def columns_on(kind: str, shown: Iterable[Column]) -> list[Column]:
    """The shown columns as a list of this kind prints them."""
    kept = [column for column in shown if column.key != TOLD_BY_SECTIONS.get(kind)]
    return [DUTY[kind], *kept] if kind in DUTY else kept


def may_take_phones(actor: Actor, committee: Committee) -> bool:
    """Whole numbers leave in a file only, by a clerk, who gives the password again."""
    return is_clerk(actor, committee)


def with_whole_phones(columns: Iterable[Column]) -> list[Column]:
    """The same columns with the numbers written out, the column added if need be."""
    columns = list(columns)
    shown = {column.key for column in columns} | {PHONE}
    written = replace(COLUMNS[PHONE], say=lambda line: line.member.user.phone or "")
    whole = [written if key == PHONE else COLUMNS[key] for key in COLUMNS if key in shown]
    return [*(column for column in columns if column.key not in COLUMNS), *whole]


def annotation(line: Line, columns: Iterable[Column]) -> str:
    """（女，回族） after the name; what has a column of its own is not said twice."""
    told = {column.key for column in columns}
    member = line.member
    if told.isdisjoint({"sex", "ethnicity"}):
        return member.annotation
    words = member.annotation.strip("（）").split("，") if member.annotation else []
    hidden = {"女"} if "sex" in told else set()
    hidden |= {member.ethnicity} if "ethnicity" in told else set()
    kept = [word for word in words if word not in hidden]
    return f"（{'，'.join(kept)}）" if kept else ""
