"""The API under /api/v1/: the same QuerySets, FilterSets and actions as the pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler

from activities.viewsets import ActivityViewSet, OutcomeViewSet
from committees.middleware import note_refusal
from contacts.viewsets import ContactViewSet, TargetViewSet, VisitViewSet
from members.viewsets import MemberViewSet
from notices.viewsets import AnnouncementViewSet
from opinions.viewsets import OpinionViewSet
from opinions.viewsets.promises import PromiseViewSet
from opinions.viewsets.proposals import ProposalViewSet
from opinions.viewsets.referrals import ReferralViewSet
from opinions.viewsets.unit_items import UnitItemViewSet
from sectors.lists.viewsets import RosterViewSet
from sectors.viewsets import SectorViewSet
from workrooms.viewsets import WorkroomViewSet

resources = SimpleRouter()
"""Every resource under /api/v1/, by the plural noun of its model; the roster is its own noun."""
resources.register("members", MemberViewSet, basename="member")
resources.register("sectors", SectorViewSet, basename="sector")
resources.register("roster", RosterViewSet, basename="roster")
resources.register("contacts", ContactViewSet, basename="contact")
resources.register("visits", VisitViewSet, basename="visit")
resources.register("targets", TargetViewSet, basename="target")
resources.register("workrooms", WorkroomViewSet, basename="workroom")
resources.register("opinions", OpinionViewSet, basename="opinion")
resources.register("referrals", ReferralViewSet, basename="referral")
resources.register("unit-items", UnitItemViewSet, basename="unit_item")
resources.register("proposals", ProposalViewSet, basename="proposal")
resources.register("promises", PromiseViewSet, basename="promise")
resources.register("announcements", AnnouncementViewSet, basename="announcement")
resources.register("activities", ActivityViewSet, basename="activity")
resources.register("outcomes", OutcomeViewSet, basename="outcome")

CONFLICTS = frozenset(["moved", "conflict", "manuscript_once", "stale"])
"""Codes of domain errors that another person's deed caused: 409, try again after reading."""


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"code", "detail"}`; a domain error is 400, or 409 if somebody was first."""
    if isinstance(error, ValidationError):
        code = getattr(error, "code", None) or _first_code(error)
        body = {"code": code, "detail": " ".join(error.messages)}
        if hasattr(error, "error_dict"):
            body["fields"] = error.message_dict
        return Response(body, status=409 if code in CONFLICTS else 400)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        # REST framework answers the error itself, so the middleware never sees it.
        note_refusal(context["request"]._request)
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = _as_problem(error)
    return response


def _first_code(error: ValidationError) -> str:
    return next((e.code for e in getattr(error, "error_list", []) if e.code), "invalid")


def _as_problem(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        details: Any = error.detail
        fields = details if isinstance(details, dict) else {"detail": details}
        words = " ".join(str(w) for value in fields.values() for w in _flat(value))
        return {"code": "invalid", "detail": words, "fields": fields}
    return {"code": error.default_code, "detail": str(error.detail)}


def _flat(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
