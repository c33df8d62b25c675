"""Codes by which an organiser marks a member as present: signed, bound to whom they are for.

One on the sign-in sheet names the activity and the member; the member's own on the phone names the
member and holds for a day. Whoever opens one must be signed in and organise the activity: a code
alone does nothing, and says nothing about where anybody is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from activities.models import Activity
from committees.models import Committee
from committees.slip_paper import portal_address
from members.models import Member

SHEET, OWN = "activities.sheet-code", "activities.own-code"
LIFE = 24 * 3600  # seconds a member's own code is good for
SEP = "."


class CodeOver(ValueError):
    """Too old, altered, or none of ours."""


@dataclass(frozen=True, slots=True)
class Code:
    member: int
    activity: int | None = None


def sheet_code(activity: Activity, member: int) -> str:
    return signing.Signer(salt=SHEET, sep=SEP).sign(f"{activity.pk}-{member}")


def own_code(member: Member) -> str:
    return signing.TimestampSigner(salt=OWN, sep=SEP).sign(f"m{member.pk}")


def read_code(code: str) -> Code:
    """Raises CodeOver."""
    try:
        if code.startswith("m"):
            signer = signing.TimestampSigner(salt=OWN, sep=SEP)
            return Code(int(signer.unsign(code, max_age=LIFE)[1:]))
        activity, _dash, member = signing.Signer(salt=SHEET, sep=SEP).unsign(code).partition("-")
        return Code(int(member), int(activity))
    except (signing.BadSignature, ValueError) as error:
        raise CodeOver from error


def code_address(code: str, committee: Committee, *, request: HttpRequest) -> str:
    path = reverse("activities:sign_in", args=[committee.slug, code])
    return portal_address(request, path)
