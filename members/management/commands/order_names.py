"""`manage.py order_names FILE`: any list of names in the official order, one name a line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from members.name_order import in_stroke_order, split_names, unknown_characters

ENCODINGS = ("utf-8-sig", "gb18030")


class Command(BaseCommand):
    help = (
        "Put a list of names in stroke order (FILE in UTF-8, GBK or UTF-16; - is standard input)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        names = split_names(_decoded(_content(options["file"])))
        for name in in_stroke_order(names):
            self.stdout.write(name)
        unknown = unknown_characters(*names)
        if unknown:
            sentence = _("以下汉字不在 GB13000.1 字序表中，所在姓名排在最后：")
            self.stderr.write(f"{sentence}{'、'.join(unknown)}")


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as wrong:
        raise CommandError(_("无法读取文件 %s。") % name) from wrong


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(_("无法识别文件的文字编码。"))
