"""Referrals in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from typing import Any

from committees.viewsets import ScopedReading
from opinions.models import Referral
from opinions.referral_filter import ReferralFilter
from opinions.serializers.referrals import ReferralDetail, ReferralRow


class ReferralViewSet(ScopedReading):
    """The first due first; open ones unless a state or a word is asked for."""

    queryset = Referral.objects.none()
    filterset_class = ReferralFilter
    order = ("due_on", "id")

    def get_serializer_class(self) -> Any:
        return ReferralRow if self.action == "list" else ReferralDetail
