"""办理评价: the author's word on handling and result, and what the office does with 不满意."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import CLOCK, Actor
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import User
from committees.templatetags.portal import moment
from committees.workdays import calendar_of
from opinions.actions.after_reply import rule_of
from opinions.actions.closing import settle_referral, words
from opinions.actions.referral_log import lock_referral, log
from opinions.models import Evaluation, Proposal, Referral, ReferralStep
from opinions.notices import following as notices
from opinions.permissions.following import can_evaluate, can_follow
from opinions.receptions import refuse_named

Deed, Grade, Choice = ReferralStep.Deed, Evaluation.Grade, Evaluation.Choice
LONGEST_PLACE = 80


def evaluate(
    evaluation: Evaluation, *, by: User, handling: str, result: str, said: str = ""
) -> Evaluation:
    """The author's word, or the secretary's in the author's name; given once.

    不满意 puts the case before the office and reopens nothing. ValidationError `given` where it has
    been given, `lapsed` after the last day, `grade` where one of the two is missing.
    """
    with transaction.atomic():
        lock_evaluation(evaluation)
        if not can_evaluate(by, evaluation):
            raise PermissionDenied
        if evaluation.given_at is not None:
            raise ValidationError(
                _("此件已于%(at)s作出评价：%(what)s。"),
                code="given",
                params={"at": moment(evaluation.given_at), "what": evaluation.in_words},
            )
        if evaluation.lapsed_at is not None:
            raise ValidationError(_("评价期限已过，如有意见请直接与机关联系。"), code="lapsed")
        missing = {
            name: ValidationError(_("请选择。"), code="grade")
            for name, grade in (("handling", handling), ("result", result))
            if grade not in Grade
        }
        if missing:
            raise ValidationError(missing)
        evaluation.handling, evaluation.result = handling, result
        evaluation.words = words(said, "said", needed=False)
        evaluation.given_at, evaluation.given_by = timezone.now(), by
        evaluation.save(update_fields=["handling", "result", "words", "given_at", "given_by"])
        log(
            evaluation.referral,
            Deed.EVALUATE,
            by=by,
            note=evaluation.in_words,
            milestone="evaluated",
            told=evaluation.in_words,
            evaluation=evaluation.pk,
            member=evaluation.member_id,
        )
        if evaluation.is_dissatisfied:
            notices.evaluation_dissatisfied(evaluation)
        settle_referral(evaluation.referral, by=by)
    return evaluation


def decide(
    evaluation: Evaluation,
    *,
    by: User,
    choice: str,
    note: str = "",
    on: datetime.date | None = None,
    place: str = "",
) -> Evaluation:
    """What the office does with 不满意: 再次商请, 面商, 协商议事 or 说明情况; decided once.

    再次商请 asks the unit anew with a new due day; 面商 takes its day and outcome, 协商议事 day and
    place, 说明情况 the words that the author reads. ValidationError `decided`, `choice`, `day`,
    `empty`, or `answered_again` where the unit has been asked anew already.
    """
    if choice not in Choice:
        raise ValidationError({"choice": ValidationError(_("请选择处理方式。"), code="choice")})
    with rules_told(), transaction.atomic():
        lock_evaluation(evaluation)
        if not can_follow(by, evaluation.referral.committee_id):
            raise PermissionDenied
        if not (evaluation.given_at and evaluation.is_dissatisfied) or evaluation.decided_at:
            raise ValidationError(_("此项评价已经处理，请刷新后查看。"), code="decided")
        evaluation.choice_note = _note(evaluation, choice, note)
        _meeting(evaluation, choice, on, place)
        evaluation.choice, evaluation.decided_at, evaluation.decided_by = choice, timezone.now(), by
        evaluation.save(
            update_fields=[
                "choice", "choice_note", "choice_on", "choice_place", "decided_at", "decided_by"
            ]
        )  # fmt: skip
        if choice == Choice.AGAIN:
            _ask_again(evaluation)
        log(
            evaluation.referral,
            str(choice),
            by=by,
            note=evaluation.choice_note,
            milestone=MILESTONE_OF[choice],
            told=_told(evaluation),
            evaluation=evaluation.pk,
        )
        notices.evaluation_decided(evaluation)
        settle_referral(evaluation.referral, by=by)
    return evaluation


def _note(evaluation: Evaluation, choice: str, note: str) -> str:
    """The words with the choice; they stand among the steps, where the unit reads them too, and so
    name no resident."""
    said = words(note, "note", needed=choice != Choice.CONSULT)
    refuse_named(evaluation.referral, "note", said)
    return said


MILESTONE_OF: dict[str, str] = {
    Choice.AGAIN: "asked_again",
    Choice.MEET: "met",
    Choice.CONSULT: "consulted",
    Choice.EXPLAIN: "explained",
}


def _told(evaluation: Evaluation) -> str:
    """What the author reads beside the milestone; what is asked of the unit stays between them."""
    if evaluation.choice == Choice.AGAIN:
        return ""
    where = [str(evaluation.choice_on or ""), evaluation.choice_place, evaluation.choice_note]
    return " · ".join(part for part in where if part)


def _meeting(evaluation: Evaluation, choice: str, on: datetime.date | None, place: str) -> None:
    """Day and place of a meeting; a 面商 has taken place, a consultation may be ahead."""
    if choice not in (Choice.MEET, Choice.CONSULT):
        return
    assert evaluation.given_at is not None
    if on is None or (choice == Choice.MEET and on > timezone.localdate()):
        wrong = _("请填写日期。") if on is None else _("日期不能晚于今天。")
        raise ValidationError({"on": ValidationError(wrong, code="day")})
    if on < timezone.localdate(evaluation.given_at):
        raise ValidationError({"on": ValidationError(_("早于评价日期。"), code="day")})
    place = place.strip().replace("\x00", "")
    if choice == Choice.CONSULT and not place:
        raise ValidationError({"place": ValidationError(_("请填写地点。"), code="empty")})
    if len(place) > LONGEST_PLACE:
        too_long = _("不超过 %(most)s 字。") % {"most": LONGEST_PLACE}
        raise ValidationError({"place": ValidationError(too_long, code="too_long")})
    refuse_marked(place)
    evaluation.choice_on, evaluation.choice_place = on, place


def _ask_again(evaluation: Evaluation) -> None:
    """The unit has the matter again (再次商请): a new round, a new due day by the rule."""
    referral: Any = evaluation.referral
    if referral.answered_at is None or referral.ended_at is not None:
        raise ValidationError(_("已再次商请，正在等待承办单位答复。"), code="answered_again")
    workdays = rule_of(referral).due_workdays
    referral.answered_at = referral.closed_at = None
    referral.due_on = calendar_of(referral.committee).after(timezone.localdate(), workdays)
    referral.save(update_fields=["answered_at", "closed_at", "due_on"])
    notices.asked_again(evaluation)


def lock_evaluation(evaluation: Evaluation) -> None:
    """The referral first, as every deed on it does, then the row as it stands now."""
    lock_referral(evaluation.referral)
    referral, member = evaluation.referral, evaluation.member
    evaluation.refresh_from_db()
    evaluation.referral, evaluation.member = referral, member


def no_longer_asked(main: Proposal, parted: Proposal, *, by: Actor) -> None:
    """撤销并案: who signed only what was parted again is not asked about the main one any more."""
    asked = Evaluation.objects.awaited().filter(referral__proposal=main)
    asked = asked.filter(member__in=parted.signer_ids).exclude(member__in=main.party_ids)
    for referral in list(Referral.objects.filter(evaluations__in=asked).order_by("pk").distinct()):
        lock_referral(referral)
        asked.filter(referral=referral).delete()  # asked anew: who has answered meanwhile stays
        settle_referral(referral, by=by)


def lapse(evaluation: Evaluation) -> bool:
    """Nobody answered after two reminders: 未作评价, and never 满意. False where one did."""
    with transaction.atomic():
        lock_evaluation(evaluation)
        if not evaluation.is_awaited:
            return False
        evaluation.lapsed_at = timezone.now()
        evaluation.save(update_fields=["lapsed_at"])
        settle_referral(evaluation.referral, by=CLOCK)
    return True
