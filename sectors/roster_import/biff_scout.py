"""What calamine does not tell of an old workbook (.xls): `scout_xls(content)` for `workbook_child`.

Walks the records of the Workbook (or Book) stream inside the OLE container for the computed cells
and the merged ranges of each sheet, and refuses a filled cell beyond the bounds before calamine
allocates the rectangle up to it. Only the standard library is imported: the child runs this alone.
Formats: [MS-CFB] 2.2–2.6 and [MS-XLS] 2.3, 2.4.
"""

import struct
from collections.abc import Iterator

MAX_ROWS, MAX_COLUMNS = 20_050, 200
END = 0xFFFFFFFA  # the first of the special sector numbers
BOF, EOF, BOUNDSHEET, MERGED, MULRK, FILEPASS = 0x0809, 0x000A, 0x0085, 0x00E5, 0x00BD, 0x002F
BIFF8 = b"\x00\x06"
FORMULAS = {0x0006, 0x0206, 0x0406}
CELLS = {0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, 0x00FD, MULRK, *FORMULAS}


class Beyond(Exception):
    """A cell outside the bounds; `answer` is what the child prints."""

    def __init__(self, code: str, **place: object) -> None:
        super().__init__(code)
        self.answer = {"refused": code, **place}


class Container:
    """An OLE compound file: a small file system of sectors."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        if self.size not in (512, 4096):
            raise ValueError("sector size")
        directory, _, self.cutoff, small_fat = struct.unpack_from("<4I", content, 48)
        self.fat = self._fat()
        self.entries = self._entries(self.chain(directory))
        root = next(one for one in self.entries if one[1] == 5)
        self.small = self.chain(root[2])
        self.small_fat = numbers(self.chain(small_fat))

    def _fat(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self.content, 76))
        more, count = struct.unpack_from("<2I", self.content, 68)
        for _ in range(count):
            if more >= END:
                break
            found = numbers(self.sector(more))
            sectors, more = sectors + found[:-1], found[-1]
        return [one for at in sectors if at < END for one in numbers(self.sector(at))]

    def sector(self, at: int) -> bytes:
        return self.content[(at + 1) * self.size : (at + 2) * self.size]

    def chain(self, at: int) -> bytes:
        return b"".join(map(self.sector, followed(at, self.fat)))

    @staticmethod
    def _entries(directory: bytes) -> list[tuple[str, int, int, int]]:
        """Return (name, type, first sector, size) of each entry."""
        entries = []
        for at in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<2I", directory, at + 116)
            entries.append((name, kind, first, size))
        return entries

    def stream(self, *names: str) -> bytes:
        """Return the content of the first stream that has one of the names, whatever its case."""
        for wanted in names:
            for name, kind, first, size in self.entries:
                if kind == 2 and name.lower() == wanted:
                    return self._small(first)[:size] if size < self.cutoff else self.chain(first)
        raise ValueError("no workbook stream")

    def _small(self, first: int) -> bytes:
        chained = followed(first, self.small_fat)
        return b"".join(self.small[at * 64 : at * 64 + 64] for at in chained)


def followed(at: int, fat: list[int]) -> Iterator[int]:
    """The sectors of a chain; a chain longer than the table goes in circles."""
    for _ in range(len(fat) + 1):
        if at >= END:
            return
        yield at
        at = fat[at]
    raise ValueError("endless chain")


def numbers(packed: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4]))


def records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to its EOF, without charts nested in it."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<2H", book, at)
        data = book[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, data


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def of_sheet(book: bytes, at: int, name: str) -> dict[str, list[object]]:
    formulas: list[object] = []
    merges: list[object] = []
    for kind, data in records(book, at):
        if kind in CELLS and len(data) >= 6:
            row, column = struct.unpack_from("<2H", data)
            last = struct.unpack("<H", data[-2:])[0] if kind == MULRK else column
            if row >= MAX_ROWS or last >= MAX_COLUMNS:
                code = "too_many_rows" if row >= MAX_ROWS else "stray_cell"
                raise Beyond(code, sheet=name, cell=f"{letters(last + 1)}{row + 1}")
            if kind in FORMULAS:
                formulas.append((row + 1, column + 1))
        elif kind == MERGED and len(data) >= 2:
            for start in range(2, min(2 + 8 * struct.unpack_from("<H", data)[0], len(data) - 7), 8):
                top, bottom, left, right = struct.unpack_from("<4H", data, start)
                merges.append([top + 1, left + 1, bottom + 1, right + 1])
    return {"formulas": formulas, "merges": merges}


def sheet_name(data: bytes) -> str:
    """The name in a BOUNDSHEET record."""
    count, wide = data[6], data[7] & 1
    text = data[8 : 8 + count * (1 + wide)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


def scout_xls(content: bytes) -> dict[str, object]:
    """Return `{"sheets": [{"formulas", "merges"}]}` in the book's order, or `{"refused", …}`."""
    container = Container(content)
    if any(name.lower() == "encryptedpackage" for name, *_rest in container.entries):
        return {"refused": "locked"}  # an xlsx with a password is packed into such a container
    book = container.stream("workbook", "book")
    found: list[tuple[int, str]] = []
    for kind, data in records(book, 0):
        if kind == BOF and data[:2] != BIFF8:
            return {"refused": "old_xls"}  # calamine reads its Chinese as rubbish
        if kind == FILEPASS:
            return {"refused": "locked"}
        if kind == BOUNDSHEET and len(data) >= 8:
            found.append((struct.unpack_from("<I", data)[0], sheet_name(data)))
    try:
        return {"sheets": [of_sheet(book, at, name) for at, name in found]}
    except Beyond as beyond:
        return beyond.answer
