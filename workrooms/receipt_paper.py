"""The receipt on screen and paper: the number in fours, as QR, and as a picture to keep."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from PIL import Image, ImageDraw, ImageFont

from committees.slip_paper import portal_address, qr_code
from workrooms.models import Reception
from workrooms.receipt_numbers import in_fours

WIDTH, MARGIN, LETTER = 720, 40, 58  # pixels


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """What a fresh number is printed with; nothing of what was said or by whom."""

    number: str
    in_fours: str
    address: str  # typed by hand
    qr: SafeString
    room: str
    day: datetime.date


def receipt_paper(reception: Reception, number: str, *, request: HttpRequest) -> ReceiptPaper:
    return ReceiptPaper(
        number=number,
        in_fours=in_fours(number),
        address=portal_address(request, reverse("public:receipt")),
        qr=qr_code(receipt_address(number, request=request)),
        room=str(reception.workroom or reception.liaison_group),
        day=timezone.localdate(reception.created_at),
    )


def receipt_address(number: str, *, request: HttpRequest) -> str:
    """`…/r/#1234…`: what stands behind the # is never sent to a server, and in no log."""
    return portal_address(request, reverse("public:receipt")) + f"#{number}"


def receipt_picture(number: str, *, request: HttpRequest) -> bytes:
    """A PNG of the QR with the number below it; digits only, so that no font is needed."""
    code = segno.make(receipt_address(number, request=request), error="m", micro=False)
    side = WIDTH - 2 * MARGIN
    scale = max(1, side // (code.symbol_size(border=2)[0]))
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=scale, border=2)
    qr = Image.open(drawn).convert("L")
    picture = Image.new("L", (WIDTH, qr.height + 2 * MARGIN + 2 * LETTER), 255)
    picture.paste(qr, ((WIDTH - qr.width) // 2, MARGIN))
    font = ImageFont.load_default(size=LETTER)
    place = (WIDTH // 2, qr.height + 2 * MARGIN + LETTER // 2)
    ImageDraw.Draw(picture).text(place, in_fours(number), fill=0, font=font, anchor="mm")
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()
