"""提案在其他系统办理: the setting, and the few words kept here of each proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.dictionaries import forget
from committees.models import Committee, Counter, Session, User
from opinions.models import Proposal, ProposalSetting, ProposalStatus
from opinions.permissions import proposals as may
from opinions.proposal_workflow import enter_elsewhere

S = ProposalStatus
STATUSES = (S.SUBMITTED, S.FILED, S.JOINED, S.NOT_FILED, S.CONCLUDED)
MOST_LINES = 1000
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    title: str
    status: str
    link: str = ""


def keep_elsewhere(
    committee: Committee, *, by: User, is_elsewhere: bool, system_name: str = ""
) -> ProposalSetting:
    """Switch it on or off. What is here stays; its moves rest while it is on."""
    if not may.is_secretariat(by, committee):
        raise PermissionDenied
    with transaction.atomic():
        given = {"is_elsewhere": is_elsewhere, "system_name": system_name.strip()}
        row, _new = ProposalSetting.objects.update_or_create(committee=committee, defaults=given)
        record("proposal.setting", by=by, committee=committee, is_elsewhere=is_elsewhere)
        transaction.on_commit(lambda: forget(ProposalSetting, committee.pk))
    return row


def read_lines(text: str) -> list[Entry]:
    """Lines pasted from a sheet: number, title, status, link, parted by tabs.

    ValidationError with a sentence for each of the first lines that cannot be read.
    """
    labels = {str(status.label): status.value for status in STATUSES}
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(_("一次不超过 %(most)s 行。"), params={"most": MOST_LINES})
    entries, errors = [], []
    for place, line in enumerate(lines, start=1):
        cells = [*(cell.strip() for cell in line.split("\t")), "", "", ""][:COLUMNS]
        number, title, status, link = cells
        if place == 1 and number == _("编号"):
            continue
        sentence = _unfit(number, title, labels.get(status, ""), link)
        if sentence:
            errors.append(_("第 %(line)s 行：%(why)s") % {"line": place, "why": sentence})
        else:
            entries.append(Entry(int(number), title, labels[status], link))
    if errors:
        raise ValidationError(errors[:10])
    return entries


def _unfit(number: str, title: str, status: str, link: str) -> str:
    if not (number.isascii() and number.isdecimal() and 0 < len(number) <= 6 and int(number)):
        return _("编号应为数字。")
    if not title or len(title) > 100:
        return _("案由为 1 至 100 字。")
    if not status:
        return _("状态应为%(names)s之一。") % {"names": "、".join(str(s.label) for s in STATUSES)}
    if link:
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError:
            return _("链接不是网址。")
        if len(link) > 300:
            return _("链接不是网址。")
    return ""


def enter_proposals(
    committee: Committee, session: Session, entries: list[Entry], *, by: User
) -> int:
    """New ones are added, known numbers changed; how many. Those of this portal are left alone."""
    if not may.is_secretariat(by, committee):
        raise PermissionDenied
    if not may.is_kept_elsewhere(committee):
        words = _("提案在本平台办理，不从其他系统登记。")
        raise ValidationError(words, code="kept_here")
    refuse_marked(*(entry.title for entry in entries))
    wanted = {entry.number: entry for entry in entries}
    with rules_told(), transaction.atomic():
        rows = Proposal.objects.filter(session=session, number__in=wanted)
        known = {row.number: row for row in rows.select_for_update(no_key=True)}
        own = sorted(row.number or 0 for row in known.values() if not row.is_elsewhere)
        if own:
            names = "、".join(map(str, own[:10]))
            words = _("第%(names)s号是本平台办理的提案，不能改写。")
            raise ValidationError(words, code="kept_here", params={"names": names})
        for number, entry in wanted.items():
            row = known.get(number) or Proposal(
                committee=committee,
                session=session,
                number=number,
                is_elsewhere=True,
                created_by=by,
            )
            row.title, row.link = entry.title, entry.link
            enter_elsewhere(row, entry.status).save()
        _count_on(committee, session, max(wanted, default=0))
        record("proposal.enter", by=by, committee=committee, rows=len(wanted))
    return len(wanted)


def _count_on(committee: Committee, session: Session, most: int) -> None:
    """A number given out here later is none that the other system gave."""
    about: dict[str, Any] = {"committee": committee, "kind": f"proposal-{session.pk}", "year": 0}
    Counter.objects.get_or_create(**about)
    Counter.objects.filter(**about).update(value=Greatest("value", most))
