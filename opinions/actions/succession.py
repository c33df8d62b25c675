"""At a handover (换届): another member carries on with a leaver's report, or evaluates for one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from committees.permissions import is_clerk
from members.models import Member
from opinions import workflow
from opinions.actions.evaluations import lock_evaluation
from opinions.actions.submitters import ENDED, forget_authors
from opinions.actions.writing import lock
from opinions.models import Authorship, Evaluation, Opinion


def carry_on(opinion: Opinion, member: Member, *, by: User) -> Authorship:
    """A member becomes a co-author of a leaver's open report, confirmed by the office.

    The first author stays who it was, and what the shares are. Raises PermissionDenied for others
    than clerks, ValidationError `moved` where the report is printed or gone meanwhile.
    """
    if not is_clerk(by, opinion.committee) or member.committee_id != opinion.committee_id:
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        lock(opinion)
        forget_authors(opinion)
        if opinion.status in ENDED:
            raise workflow.moved(opinion)
        said = {"confirmed_at": timezone.now(), "declined_at": None, "answered_by": by}
        part = opinion.authorships.filter(member=member).first()
        if part is None:
            last = opinion.authorships.order_by("-place").values_list("place", flat=True).first()
            part = Authorship(opinion=opinion, member=member, place=(last or 0) + 1)
        if part.confirmed_at is None:
            for column, value in said.items():
                setattr(part, column, value)
            part.save()
        forget_authors(opinion)
        record(
            "opinion.carry_on", by=by, committee=opinion.committee, about=opinion, member=member.pk
        )
    return part


def ask_another(evaluation: Evaluation, member: Member, *, by: User) -> Evaluation:
    """A co-author is asked in the leaver's place; what was answered meanwhile stays answered."""
    committee = evaluation.referral.committee
    if not is_clerk(by, committee):
        raise PermissionDenied
    with rules_told(), transaction.atomic():
        lock_evaluation(evaluation)
        matter = evaluation.referral.opinion
        authors = matter.authorships.confirmed() if matter else Authorship.objects.none()
        if not authors.filter(member=member).exists():
            words = _("办理评价只能由联名反映人接续，或由机关跟踪办理。")
            raise ValidationError(words, code="not_author")
        if not evaluation.is_awaited:
            raise ValidationError(_("该评价已答复或已过期。"), code="given")
        evaluation.member = member
        evaluation.save(update_fields=["member"])
        record("evaluation.ask_another", by=by, committee=committee, about=evaluation)
    return evaluation
