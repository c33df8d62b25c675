"""Members in the API, with the QuerySet and the FilterSet of the pages."""

from __future__ import annotations

from committees.viewsets import ScopedReading
from members.filters import MemberFilter
from members.models import Member
from members.serializers import MemberRow


class MemberViewSet(ScopedReading):
    queryset = Member.objects.none()
    serializer_class = MemberRow
    filterset_class = MemberFilter
    order = ("name_key", "id")
