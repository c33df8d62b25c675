"""Rosters as text: comma- or tab-separated, in the encodings that offices' machines write."""

import codecs
import csv
import io
import re

from django.utils.translation import gettext_lazy as _

from sectors.roster_import.complaints import FileRefused

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
MAX_CELL = 10_000  # characters


def decoded(content: bytes) -> str:
    """Return the text: by its mark, else UTF-8, else GB18030 (GBK and GB2312 are parts of it)."""
    marked = [name for mark, name in MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL.search(text):
            return text
    raise FileRefused(
        _("无法识别文件的文字编码或文件类型。请用 Excel 或 WPS 打开后另存为 xlsx，再重新上传。"),
        code="encoding",
    )


def read_text(content: bytes) -> list[list[str]]:
    """Return the rows of a separated text; the delimiter is what the fullest early line uses."""
    text = decoded(content)
    head = text[:4000].splitlines()[:10]
    counts = {mark: max((line.count(mark) for line in head), default=0) for mark in "\t,;"}
    delimiter = max(counts, key=lambda mark: counts[mark])
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as wrong:
        raise FileRefused(
            _("文件第 %(line)s 行附近的引号不成对或内容过长，无法分列。请改正后重新上传。"),
            code="quotes",
            params={"line": reader.line_num},
        ) from wrong
