"""Whether something that hangs on a report is still open: a referral, a promise, an evaluation."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q

from opinions.models.evaluations import Evaluation
from opinions.models.promises import Promise
from opinions.models.referrals import Referral


def open_matters() -> Q:
    """To filter or annotate reports with; asked of each row in the same statement."""
    referrals = Referral.objects.filter(opinion=OuterRef("pk")).open()
    promises = Promise.objects.filter(referral__opinion=OuterRef("pk")).open()
    evaluations = Evaluation.objects.filter(referral__opinion=OuterRef("pk")).undecided()
    return Q(Exists(referrals)) | Q(Exists(promises)) | Q(Exists(evaluations))


def matters_ended_since(moment: datetime.datetime) -> Q:
    """Where the last of them came to its end only then or later: the clock counts from there."""
    referrals = Referral.objects.filter(
        Q(closed_at__gte=moment) | Q(ended_at__gte=moment), opinion=OuterRef("pk")
    )
    evaluations = Evaluation.objects.filter(
        Q(given_at__gte=moment) | Q(lapsed_at__gte=moment) | Q(decided_at__gte=moment),
        referral__opinion=OuterRef("pk"),
    )
    promises = Promise.objects.filter(
        settled_on__gte=moment.date(), referral__opinion=OuterRef("pk")
    )
    return Q(Exists(referrals)) | Q(Exists(evaluations)) | Q(Exists(promises))
