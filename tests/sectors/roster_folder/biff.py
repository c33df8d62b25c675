"""The smallest BIFF8 workbook in the smallest OLE container: no package of ours writes .xls.

[MS-XLS] 2.4 for the records, [MS-CFB] 2 for the container. Text, numbers, dates, computed cells,
merged ranges, several sheets; nothing else.
"""

import datetime
import struct

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
GENERAL, DATE = 0, 1  # indexes of the two cell formats


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def begin(kind: int) -> bytes:
    return record(0x0809, struct.pack("<4H2I", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def cell(row: int, column: int, value: object) -> bytes:
    """Return one cell at a place from 0; a tuple ("f", formula, value) is a computed one."""
    if isinstance(value, tuple):
        code = struct.pack("<BH", 0x1E, 1)  # the formula =1
        body = struct.pack("<dHIH", float(value[2]), 0, 0, len(code)) + code
        return record(0x0006, struct.pack("<3H", row, column, GENERAL) + body)
    if isinstance(value, datetime.date):
        days = (value - datetime.date(1899, 12, 30)).days
        return record(0x0203, struct.pack("<3Hd", row, column, DATE, days))
    if isinstance(value, int | float):
        return record(0x0203, struct.pack("<3Hd", row, column, GENERAL, value))
    text = str(value).encode("utf-16-le")
    head = struct.pack("<4HB", row, column, GENERAL, len(text) // 2, 1)
    return record(0x0204, head + text)


def sheet(rows: list[list[object]], merges: list[tuple[int, int, int, int]]) -> bytes:
    """`merges` are (top, left, bottom, right), all from 1."""
    width = max((len(row) for row in rows), default=0)
    body = begin(0x0010) + record(0x0200, struct.pack("<2I3H", 0, len(rows), 0, width, 0))
    for at, row in enumerate(rows):
        body += b"".join(cell(at, column, v) for column, v in enumerate(row) if v not in ("", None))
    if merges:
        packed = [struct.pack("<4H", t - 1, b - 1, left - 1, r - 1) for t, left, b, r in merges]
        body += record(0x00E5, struct.pack("<H", len(packed)) + b"".join(packed))
    return body + record(0x000A)


def old(rows: list[list[object]]) -> bytes:
    """Return a BIFF5 workbook of one sheet of texts, as Excel 95 wrote it: in GBK."""
    bof = struct.pack("<4H", 0x0500, 0x0005, 0x0DBB, 0x07CC)
    name = "名册".encode("gbk")
    start = record(0x0809, bof) + record(0x0042, struct.pack("<H", 936))
    start += record(0x00E0, bytes(16))
    at = len(start) + 4 + 7 + len(name) + 4
    start += record(0x0085, struct.pack("<IBBB", at, 0, 0, len(name)) + name) + record(0x000A)
    body = record(0x0809, struct.pack("<4H", 0x0500, 0x0010, 0x0DBB, 0x07CC))
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            text = str(value).encode("gbk")
            head = struct.pack("<4H", line, column, 0, len(text))
            body += record(0x0204, head + text) if text else b""
    return container(start + body + record(0x000A), "Book")


def workbook(sheets: dict[str, bytes], *, is_locked: bool = False) -> bytes:
    """Return a file of sheet name → sheet."""
    formats = b"".join(record(0x00E0, struct.pack("<2H", 0, code) + bytes(16)) for code in (0, 14))
    start = begin(0x0005) + (record(0x002F, bytes(6)) if is_locked else b"")
    start += record(0x0042, struct.pack("<H", 1200)) + formats
    names = [name.encode("utf-16-le") for name in sheets]
    at = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    listed = b""
    for name, content in zip(names, sheets.values(), strict=True):
        listed += record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1) + name)
        at += len(content)
    return container(start + listed + record(0x000A) + b"".join(sheets.values()))


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """Return an OLE file of one stream."""
    size = max(len(stream), 4096)  # anything smaller would stand in the small stream
    held = -(-size // SECTOR)
    tables = 1
    while held + 1 + tables > tables * SECTOR // 4:
        tables += 1
    chain = [*range(1, held), END, END] + [FAT] * tables
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    entries = entry("Root Entry", 5, 1, END, 0) + entry(name, 2, FREE, 0, size)
    spots = [held + 1 + at for at in range(tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, held, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *spots, *[FREE] * (109 - tables))
    body = stream.ljust(held * SECTOR, b"\0") + entries.ljust(SECTOR, b"\0")
    return head + body + struct.pack(f"<{len(chain)}I", *chain)


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
