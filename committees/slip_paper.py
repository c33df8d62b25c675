"""What a printed slip shows: the person, the portal's address, the code and the same as QR."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from committees.models import SignInSlip
from committees.slips import in_groups

ONLY_HERE = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class SlipPaper:
    name: str
    of: str  # sector or workplace, to hand it out by
    address: str  # typed by hand: where the code is entered
    code: str  # in groups of four
    qr: SafeString  # <svg>, opens the code's page
    until: datetime.date  # the last day


def papers(slips: Iterable[tuple[SignInSlip, str]], *, request: HttpRequest) -> list[SlipPaper]:
    """The papers of fresh slips; users annotated by `slips.people` bring their sector along."""
    return [
        SlipPaper(
            name=slip.user.name,
            of=getattr(slip.user, "sector_name", "") or getattr(slip.user, "work", "") or "",
            address=portal_address(request, reverse("committees:slip")),
            code=in_groups(code),
            qr=qr_code(portal_address(request, reverse("committees:slip_code", args=[code]))),
            until=timezone.localdate(slip.expires_at),
        )
        for slip, code in slips
    ]


def portal_address(request: HttpRequest, path: str) -> str:
    """The absolute address: PUBLIC_URL if there is one, else the one the clerk uses."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL.rstrip("/") + path
    return request.build_absolute_uri(path)


def is_only_here(request: HttpRequest) -> bool:
    """Whether that address names this machine itself, so that no phone can open it."""
    host = portal_address(request, "/").partition("//")[2].partition("/")[0]
    return host.rpartition(":")[0] in ONLY_HERE or host in ONLY_HERE


def qr_code(text: str) -> SafeString:
    """An inline `<svg>` without styles (the page's policy forbids them); the sheet sizes it."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass="qr", lineclass=None
    )
    return mark_safe(svg)  # segno's own drawing; the text is only in its dots
