"""A unit's items in the API: the same rows, FilterSet and verbs as the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from committees.viewsets import ScopedReading
from opinions.actions import unit_desk as verbs
from opinions.actions import unit_replies
from opinions.models import Referral
from opinions.models.unit_links import units_of
from opinions.serializers.unit_items import UnitItemDetail, UnitItemRow, VerbShape
from opinions.unit_filters import UnitItemFilter


class UnitItemViewSet(ScopedReading):
    """What was put to the units this person handles for, the first due first; for everybody else
    there is nothing."""

    queryset = Referral.objects.none()
    serializer_class = UnitItemRow
    filterset_class = UnitItemFilter
    order = ("due_on", "id")
    size = 20

    def shown(self, rows: Any) -> Any:
        units = units_of(self.request.user)
        own = rows.filter(Q(unit__in=units) | Q(via__in=units)) if units else rows.none()
        return own.with_state().select_related("unit", "via")

    @extend_schema(responses=UnitItemDetail)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self._row())

    @extend_schema(request=VerbShape, responses=UnitItemDetail)
    @action(detail=True, methods=["post"])
    def verbs(self, request: Request, pk: str = "") -> Response:
        """Do one: 403 when it is not this unit's, 409 when somebody was first."""
        form = VerbShape(data=request.data)
        form.is_valid(raise_exception=True)
        row = self._row()
        self._do(row, form)
        return self._shown(self._row())

    def _do(self, row: Referral, form: VerbShape) -> None:
        given = form.validated_data
        who: dict[str, Any] = {"by": self.request.user, "by_name": given["by_name"]}
        words, based = given["words"], who | {"version": given["version"]}
        deeds = {
            "sign_for": lambda: verbs.sign_for(row, **who),
            "assign": lambda: verbs.assign(row, words, **who),
            "ask_refusal": lambda: verbs.ask_refusal(row, words, **who),
            "withdraw_refusal": lambda: verbs.withdraw_refusal(row, **who),
            "ask_extension": lambda: verbs.ask_extension(row, given["until"], words, **who),
            "draft": lambda: unit_replies.draft_reply(row, form.reply_words(row), **based),
            "approve": lambda: unit_replies.approve_reply(row, **based),
            "answer": lambda: unit_replies.answer(row, **based),
        }
        deeds[given["verb"]]()

    def _row(self) -> Referral:
        row = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    def _shown(self, row: Referral) -> Response:
        return Response(UnitItemDetail(row, context={"request": self.request}).data)
