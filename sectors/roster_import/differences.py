"""What a row changes of its person, in the words of the preview."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from committees.sealed import masked_phone
from members.models import Party, Sex
from sectors.models import CommissionSeat

if TYPE_CHECKING:
    from sectors.roster_import.plan import Entry
    from sectors.roster_import.roster import Person


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the preview: 界别 教育 → 科学技术."""

    label: str
    before: str
    after: str


def differences(entry: Entry) -> list[Difference]:
    """Return every change of a serving member; a person who enters has none: all is new."""
    person = entry.person
    if person is None or not person.is_serving:
        return []
    found = [
        Difference(label(name), shown(name, getattr(person, name)), shown(name, value))
        for name, value in entry.fields.items()
    ]
    if entry.account.phone:
        before = _("已有号码") if person.phone_twin else ""
        found.append(Difference(_("手机号码"), before, masked_phone(entry.account.phone)))
    return found + _of_seats(entry, person)


def _of_seats(entry: Entry, person: Person) -> list[Difference]:
    pairs = [
        (_("界别"), person.sector or "", entry.sector or ""),
        (
            _("界别召集人"),
            _convenes(person.sector, person.place),
            _convenes(entry.sector, entry.place),
        ),
        (_("常务委员"), _yes(person.standing_id), _yes(entry.is_standing)),
        (_("专门委员会"), _commissions(person.duties), commissions_after(entry)),
    ]
    if entry.street is not None:
        now = [(person.street.group, person.street.is_head)] if person.street else []
        pairs.append((_("委员组"), groups_shown(now), groups_shown(entry.street)))
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def _convenes(sector: str | None, place: int | None) -> str:
    """Tell sector and place, so that convening another sector is a change too."""
    return _("%(sector)s第%(place)d位") % {"sector": sector, "place": place} if place else ""


def _yes(value: Any) -> str:
    return _("是") if value else ""


def commissions_after(entry: Entry) -> str:
    """Name the commissions after the import, with the duty where it is more than a member's."""
    member = CommissionSeat.Duty.MEMBER.value
    held = entry.person.duties if entry.person else {}
    return _commissions(
        {name: entry.duties.get(name) or held.get(name) or member for name in entry.commissions}
    )


def _commissions(duties: dict[str, str]) -> str:
    """Name the commissions; a duty only where somebody is more than a member of it."""
    member = CommissionSeat.Duty.MEMBER
    return "、".join(
        name if duty == member else f"{name}{CommissionSeat.Duty(duty).label}"
        for name, duty in sorted(duties.items())
    )


def groups_shown(groups: list[tuple[str, bool]]) -> str:
    return "、".join(f"{name}{_('组长')}" if is_head else name for name, is_head in groups)


def label(name: str) -> str:
    """Return the label of a member's column."""
    return {
        "number": _("委员证号"),
        "name": _("姓名"),
        "sex": _("性别"),
        "ethnicity": _("民族"),
        "birth_month": _("出生年月"),
        "parties": _("党派"),
        "work": _("工作单位及职务"),
        "note": _("备注"),
    }[name]


def shown(name: str, value: Any) -> str:
    """Return a stored value of a member's column as people write it."""
    if not value:
        return ""
    if name == "sex":
        return str(Sex(value).label)
    if name == "parties":
        return _("、").join(str(Party(one).label) for one in value)
    if name == "birth_month":
        return datetime.date.fromisoformat(value).strftime("%Y.%m")
    return str(value)
