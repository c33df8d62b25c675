"""Photos drawn anew: what leaves here holds pixels and nothing that came with them."""

from __future__ import annotations

import io
import struct
import threading
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

JPEG, PNG = "image/jpeg", "image/png"
LONGEST_SIDE = 2048  # pixels
MOST_PIXELS = 50_000_000  # a telephone's 48 or 50 million
MOST_PIXELS_UNPACKED = 25_000_000  # formats that cannot be read at a smaller scale
# A progressive JPEG may hold any number of passes over the same picture; cameras make about ten.
MOST_SCANS = 500
_SCAN = b"\xff\xda"
# How the camera was held (EXIF 2.32, tag Orientation), and what sets the picture upright.
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pictures take memory by their pixels: a few at a time, however many people upload at once.
_turn = threading.BoundedSemaphore(2)


def picture_kind(content: bytes) -> str | None:
    """`JPEG`, `PNG` or `WEBP` by the first bytes; the name and what the browser says count not."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def redrawn(content: bytes) -> tuple[bytes, str]:
    """`(bytes, content type)` of the same picture, upright and at most LONGEST_SIDE a side.

    Raises ValidationError for too many pixels and for what cannot be read to its end.
    """
    kind = picture_kind(content)
    if kind == "JPEG" and content.count(_SCAN) > MOST_SCANS:
        raise _unreadable()
    try:
        with _turn, Image.open(io.BytesIO(content), formats=[kind] if kind else []) as picture:
            return _drawn(picture)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    # What Pillow raises for broken files of these three kinds.
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        raise _unreadable() from error


def _drawn(picture: Image.Image) -> tuple[bytes, str]:
    most = MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_UNPACKED
    if picture.width * picture.height > most:
        raise _too_many_pixels()
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turn = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = picture if turn is None else picture.transpose(turn)
    has_holes = upright.has_transparency_data
    pixels = upright.convert("RGBA" if has_holes else "RGB")
    # A new sheet: convert() and copy() carry the old one's comments and profiles along.
    sheet = Image.new(pixels.mode, pixels.size)
    sheet.paste(pixels)
    out = io.BytesIO()
    if has_holes:
        sheet.save(out, "PNG", optimize=True)
        return out.getvalue(), PNG
    sheet.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue(), JPEG


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("照片的尺寸过大，请缩小后再上传。"), code="too_many_pixels")


def _unreadable() -> ValidationError:
    return ValidationError(_("照片不完整或已损坏，请重新选择。"), code="unreadable")
