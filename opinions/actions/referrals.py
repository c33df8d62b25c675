"""The office's verbs on referrals: put a matter to units, answer what they ask, urge, take back."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.dictionaries import rows_of
from committees.models import Unit, User
from committees.workdays import calendar_of
from opinions.actions.referral_log import lock_referral, log
from opinions.models import (
    Matter,
    Opinion,
    Proposal,
    ProposalStatus,
    Referral,
    ReferralExtension,
    ReferralRule,
    ReferralStep,
    Status,
    Urging,
)
from opinions.models.referrals import ERASED
from opinions.notices import referrals as notices
from opinions.permissions.referrals import can_refer, decides_refusal, is_in_charge
from opinions.receptions import refuse_named
from workrooms.actions import dispose
from workrooms.models import Reception

CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that paper makes look alike
LONGEST_TEXT = 20_000
LONGEST_TIME = datetime.timedelta(days=3 * 366)
Deed = ReferralStep.Deed


def matter_kind(matter: Any) -> str:
    """The Matter that a row is; KeyError for any other row."""
    return {Opinion: Matter.OPINION, Proposal: Matter.PROPOSAL, Reception: Matter.RECEPTION}[
        type(matter)
    ].value


def rule_for(committee: Any, kind: str) -> ReferralRule:
    """The committee's times for this kind of matter; the house's own where it has no row."""
    own = (rule for rule in rows_of(ReferralRule, committee) if rule.matter == kind)
    return next(own, ReferralRule(committee=committee, matter=kind))


def refer(
    matter: Opinion | Proposal | Reception,
    *,
    by: User,
    lead: Unit | None,
    joints: Sequence[Unit] = (),
    via: Unit | None = None,
    title: str,
    text: str,
    request: str = "",
    due_on: datetime.date | None = None,
) -> list[Referral]:
    """商请办理: one referral a unit, the lead's first; times run in working days from today.

    `via` is a relaying office, which assigns the unit where `lead` is None. Nothing of a resident
    travels. Raises PermissionDenied, and ValidationError: `moved` or `not_referable` for a matter
    that is not at that point, `no_unit`, `same_unit`, `other_committee`, `relaying`, `due`,
    `resident`, `classified`, `referral_open_once` where the unit has the matter already.
    """
    if not can_refer(by, matter):
        raise PermissionDenied
    title, text, request = " ".join(title.split()), text.strip(), request.strip()
    today = timezone.localdate()
    check_units(matter.committee_id, lead, joints, via)
    _check_words(matter, title, text, request)
    _check_due(due_on, today)
    units = [lead, *joints]
    words = {"title": title, "text": text, "request": request}
    shared = _shared(matter, today, due_on) | words | {"via": via, "referred_by": by}
    with rules_told(), transaction.atomic():
        # The counter first: disposing of an entry takes the trail, and both are taken in one order.
        last = take_number(matter.committee, "referral", today.year, how_many=len(units))
        _hold(matter, by=by, lead=lead or via, due_on=shared["due_on"])
        _refuse_twice(matter, units, via)
        made: list[Referral] = []
        for place, unit in enumerate(units):
            row = Referral(**shared, unit=unit, number=last - len(units) + 1 + place)
            row.code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(8))
            if made:
                row.part, row.lead = Referral.Part.JOINT, made[0]
            row.save(force_insert=True)
            log(row, Deed.REFER, by=by, milestone="refer", told=str(row.answering_unit))
            notices.referred(row)
            made.append(row)
        notices.tell_authors("opinion_referred", made[0])
    return made


def _check_due(due_on: datetime.date | None, today: datetime.date) -> None:
    """Later than today, and no slip of the pen; the calendar counts working days to it."""
    if due_on is None:
        return
    if due_on <= today:
        raise ValidationError({"due_on": ValidationError(_("办理期限须晚于今天。"), code="due")})
    if due_on > today + LONGEST_TIME:
        words = _("办理期限不能晚于三年以后。")
        raise ValidationError({"due_on": ValidationError(words, code="due")})


def _shared(matter: Any, today: datetime.date, due_on: datetime.date | None) -> dict[str, Any]:
    """What all referrals of one deed have in common: the matter, its committee, its times."""
    kind = matter_kind(matter)
    rule, calendar = rule_for(matter.committee, kind), calendar_of(matter.committee)
    return {
        kind: matter,
        "committee": matter.committee,
        "year": today.year,
        "referred_on": today,
        "refuse_until": calendar.after(today, rule.refuse_workdays),
        "due_on": due_on or calendar.after(today, rule.due_workdays),
    }


def check_units(
    committee_id: int, lead: Unit | None, joints: Sequence[Unit], via: Unit | None
) -> None:
    """ValidationError by field for units that cannot be asked together."""

    def wrong(field: str, words: str, code: str) -> ValidationError:
        return ValidationError({field: ValidationError(words, code=code)})

    if lead is None and via is None:
        raise wrong("lead", _("请填写主办单位，或选择经转单位。"), "no_unit")
    if lead is None and joints:
        raise wrong("lead", _("有会办单位时，请填写主办单位。"), "no_unit")
    asked = [unit for unit in (lead, *joints) if unit]
    if len({unit.pk for unit in asked}) < len(asked):
        raise wrong("joints", _("主办单位和会办单位不能重复。"), "same_unit")
    if any(unit.committee_id != committee_id for unit in (*asked, *([via] if via else []))):
        raise wrong("lead", _("所选项不属于本级政协。"), "other_committee")
    if via and not via.is_relaying:
        raise wrong("via", _("该单位不是经转单位。"), "relaying")


def _check_words(matter: Any, title: str, text: str, request: str) -> None:
    if title in ("", ERASED) or len(title) > 100:
        words = _("请填写标题，不超过 100 字。")
        raise ValidationError({"title": ValidationError(words, code="title")})
    if not text or len(text) > LONGEST_TEXT:
        words = _("请填写转办内容，不超过 %(most)s 字。") % {"most": LONGEST_TEXT}
        raise ValidationError({"text": ValidationError(words, code="text")})
    if len(request) > 1000:
        words = _("商请事项不超过 1000 字。")
        raise ValidationError({"request": ValidationError(words, code="request")})
    refuse_marked(title, text, request)
    refuse_named(matter, "text", title, text, request)


def _hold(matter: Any, *, by: User, lead: Unit | None, due_on: datetime.date) -> None:
    """Lock the matter, and ask whether it has come to where it may be referred.

    An entry is due when the unit is: one matter, one date.
    """
    rows = type(matter)._default_manager.select_for_update(of=("self",), no_key=True)
    now = rows.get(pk=matter.pk)
    if isinstance(now, Opinion) and now.status != Status.ISSUED:
        raise ValidationError(_("签发后才能转办。此件现为“%(now)s”。"), code="not_referable",
                              params={"now": now.get_status_display()})  # fmt: skip
    if isinstance(now, Proposal) and now.is_elsewhere:
        raise ValidationError(_("提案在其他系统办理，请到该系统操作。"), code="kept_elsewhere")
    if isinstance(now, Proposal) and now.status != ProposalStatus.FILED:
        raise ValidationError(_("立案后才能转办。"), code="not_referable")
    if isinstance(now, Reception):
        if now.is_closed_to_others:
            raise PermissionDenied
        if now.disposal in (Reception.Disposal.OPINION, Reception.Disposal.PROPOSAL):
            words = _("该登记已%(how)s，请从那里转办。")
            raise ValidationError(words, code="not_referable",
                                  params={"how": now.get_disposal_display()})  # fmt: skip
        as_said = (now.disposal, now.due_on) == (Reception.Disposal.UNIT, due_on)
        if not as_said or now.returned_at:
            more: dict[str, Any] = {
                "passed_to": now.passed_to,
                "unit": lead or now.unit,
                "due_on": due_on,
            }
            dispose(now, Reception.Disposal.UNIT, by=by, seen=now.disposal, **more)


def _refuse_twice(matter: Any, units: Sequence[Unit | None], via: Unit | None) -> None:
    """The matter is with one of them already; of a report and a unit the database says so too."""
    if isinstance(matter, Opinion) and None not in units:
        return
    asked = Referral.objects.open().filter(**{matter_kind(matter): matter})
    theirs = models.Q(unit__in=[unit.pk for unit in units if unit])
    if None in units:
        theirs |= models.Q(unit=None, via=via)
    if asked.filter(theirs).exists():
        raise ValidationError(_("此件已转该单位，正在办理。"), code="referral_open_once")


def decide_refusal(referral: Referral, *, by: User, is_granted: bool, answer: str) -> Referral:
    """同意退办 ends the referral, and the office puts the matter to another unit; or 请继续办理.

    ValidationError `moved` where nothing is asked any more, `answer` without a word.
    """
    answer = _words(answer, "answer", of=referral)
    with transaction.atomic():
        lock_referral(referral)
        if not decides_refusal(by, referral):
            raise PermissionDenied
        if not (referral.is_open and referral.refusal_asked_at) or referral.refusal_decided_at:
            raise _nothing_asked()
        now = timezone.now()
        referral.refusal_decided_at, referral.refusal_decided_by = now, by
        referral.is_refusal_granted, referral.refusal_answer = is_granted, answer
        referral.ended_at = now if is_granted else None
        referral.save(
            update_fields=[
                "refusal_decided_at",
                "refusal_decided_by",
                "is_refusal_granted",
                "refusal_answer",
                "ended_at",
            ]
        )
        deed = Deed.GRANT_REFUSAL if is_granted else Deed.KEEP
        log(referral, deed, by=by, note=answer, milestone="refused" if is_granted else "")
        notices.refusal_decided(referral, at=now)
    return referral


def decide_extension(
    extension: ReferralExtension, *, by: User, is_granted: bool, answer: str = ""
) -> Referral:
    """同意延期 moves the due day; ValidationError `moved` where somebody decided first."""
    referral = extension.referral
    answer = _words(answer, "answer", of=referral, is_needed=not is_granted)
    with transaction.atomic():
        lock_referral(referral)
        if not is_in_charge(by, referral):
            raise PermissionDenied
        extension.refresh_from_db()
        if extension.decided_at or not referral.is_open:
            raise _nothing_asked()
        extension.decided_at, extension.decided_by = timezone.now(), by
        extension.is_granted, extension.answer = is_granted, answer
        extension.save(update_fields=["decided_at", "decided_by", "is_granted", "answer"])
        if is_granted:
            referral.due_on = extension.until
            referral.save(update_fields=["due_on"])
        deed = Deed.GRANT_EXTENSION if is_granted else Deed.DENY_EXTENSION
        milestone, told = ("extended", f"{extension.until}") if is_granted else ("", "")
        log(referral, deed, by=by, note=answer, milestone=milestone, told=told)
        notices.extension_decided(referral, number=extension.pk, is_granted=is_granted)
    return referral


def urge(referral: Referral, *, by: User, kind: str, words: str = "", seen: int) -> Urging:
    """提醒, 催办 (a letter with a number), and for a proposal 督办.

    `seen` is how many there were when the writer decided: the same form sent twice urges once.
    """
    words = _words(words, "words", of=referral, is_needed=False)
    if kind not in Urging.Kind:
        raise ValidationError({"kind": ValidationError(_("请选择方式。"), code="kind")})
    with transaction.atomic():
        lock_referral(referral)
        if not is_in_charge(by, referral):
            raise PermissionDenied
        if kind == Urging.Kind.SUPERVISE and referral.proposal_id is None:
            raise ValidationError({"kind": ValidationError(_("请选择方式。"), code="kind")})
        if not referral.is_open or referral.answered_at:
            raise ValidationError(_("该件已答复或已结束，不需要催办。"), code="moved")
        if referral.urgings.count() != seen:
            raise ValidationError(_("刚才已有人催办，请看过再办。"), code="moved")
        row = Urging(referral=referral, kind=kind, words=words, at=timezone.now(), by_user=by)
        if kind != Urging.Kind.REMIND:
            row.year = timezone.localdate().year
            row.number = take_number(referral.committee, "urging", row.year)
        row.save(force_insert=True)
        milestone = "" if kind == Urging.Kind.REMIND else "urged"
        log(referral, kind, by=by, note=words, milestone=milestone)
        notices.urged(referral, seen + 1)
    return row


def take_back(referral: Referral, *, by: User, reason: str) -> Referral:
    """撤回转办: what was sent by mistake, before the unit has answered."""
    reason = _words(reason, "reason", of=referral)
    with transaction.atomic():
        lock_referral(referral)
        if not is_in_charge(by, referral):
            raise PermissionDenied
        if not referral.is_open or referral.answered_at:
            raise ValidationError(_("该件已答复或已结束，不能撤回。"), code="moved")
        referral.ended_at = timezone.now()
        referral.save(update_fields=["ended_at"])
        told = str(referral.answering_unit)
        log(referral, Deed.TAKE_BACK, by=by, note=reason, milestone="take_back", told=told)
        notices.taken_back(referral)
    return referral


def _words(text: str, field: str, *, of: Referral, is_needed: bool = True) -> str:
    """What the unit reads: no resident's name or phone, as in the referral itself."""
    text = text.strip()
    if is_needed and not text:
        raise ValidationError({field: ValidationError(_("请写明意见。"), code="words")})
    if len(text) > 1000:
        words = _("意见不超过 %(most)s 字。") % {"most": 1000}
        raise ValidationError({field: ValidationError(words, code="too_long")})
    refuse_marked(text)
    refuse_named(of, field, text)
    return text


def _nothing_asked() -> ValidationError:
    return ValidationError(_("该申请已由他人答复，或承办单位已撤回申请。"), code="moved")
