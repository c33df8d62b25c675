"""Into which issue a signed report goes: a new one with the next numbers, or one of today."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actions import take_number
from committees.models import Committee, User
from opinions.models import Issue, Opinion


def new_issue(opinion: Opinion, by: User, today: datetime.date) -> Issue:
    """Numbered within the signing's transaction, so that one undone leaves no gap."""
    committee = opinion.committee
    return Issue.objects.create(
        committee=committee,
        year=today.year,
        number=take_number(committee, "issue", today.year),
        total_number=take_number(committee, "issue_total", 0),
        issued_on=today,
        signed_by=by,
    )


def join(issue: Issue, opinion: Opinion) -> Issue:
    """The issue locked for this transaction; ValidationError `issue_printed` where it is closed."""
    locked = Issue.objects.select_for_update(no_key=True)
    issue = locked.in_committee(opinion.committee).get(pk=issue.pk)
    if issue.printed_at is not None:
        raise ValidationError(
            _("第%(number)s期已印发，不能再编入，请单独成期。"),
            code="issue_printed",
            params={"number": issue.number},
        )
    return issue


def open_issues(committee: Committee, today: datetime.date) -> list[Issue]:
    """Those signed today and not yet printed: a report signed today may join one of them."""
    rows = Issue.objects.in_committee(committee).filter(issued_on=today, printed_at=None)
    return list(rows.order_by("-number"))
