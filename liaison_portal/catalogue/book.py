"""`locale/en`: merged with the source, filled from a file of translations, compiled to its `.mo`.

The `.po` names neither lines nor dates and is sorted, so that two branches merge without noise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib

from liaison_portal.catalogue.sources import ROOT, Message

PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADERS = {
    "Project-Id-Version": "liaison-portal",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
UNWRAPPED = 0  # one message, one line: a change is one line in the difference
SEPARATOR = " :: "  # `context :: text` names a message with a context in a file of translations
PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sdr]|\{\w*\}")

# A message's English: one text, or the singular and the plural.
English = str | list[str]


def read(path: Path = PO) -> polib.POFile:
    """The catalogue as it is written; an empty one where there is none yet."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    book = polib.pofile(text) if text else polib.POFile()
    book.wrapwidth = UNWRAPPED
    book.metadata = dict(HEADERS)
    return book


def name_of(message: Message | polib.POEntry) -> str:
    """How a file of translations calls a message: its text, after its context if it has one."""
    if isinstance(message, polib.POEntry):
        message = message_of(message)
    return f"{message.context}{SEPARATOR}{message.text}" if message.context else message.text


def message_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def english_of(entry: polib.POEntry) -> list[str]:
    """The English texts of an entry: one, or the singular and the plural."""
    if entry.msgid_plural:
        return [entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")]
    return [entry.msgstr]


def merged(book: polib.POFile, messages: Iterable[Message]) -> polib.POFile:
    """The source's messages, each with the English it had; what the source no longer says is gone.

    A message that gained or lost its plural keeps its English as both texts, or as the plural one.
    """
    had = {(entry.msgid, entry.msgctxt or ""): english_of(entry) for entry in book}
    fresh = polib.POFile(wrapwidth=UNWRAPPED)
    fresh.metadata = dict(HEADERS)
    for message in sorted(set(messages), key=lambda it: (it.text, it.context)):
        entry = polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
        )
        if "%(" in message.text or re.search(r"%[sdr]", message.text):
            entry.flags = ["python-format"]
        _give(entry, had.get((message.text, message.context), [""]))
        fresh.append(entry)
    return fresh


def _give(entry: polib.POEntry, english: list[str]) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: english[0], 1: english[-1]}
    else:
        entry.msgstr = english[-1]


def fill(book: polib.POFile, translations: Mapping[str, English]) -> list[str]:
    """Write the English of `{name: text or [singular, plural]}`; the names nothing is called by."""
    named = {name_of(entry): entry for entry in book}
    for name, english in translations.items():
        if english and name in named:
            _give(named[name], [english] if isinstance(english, str) else english)
    return sorted(set(translations) - set(named))


def missing(book: polib.POFile) -> dict[str, English]:
    """What has no English yet, in the shape that `fill` takes."""
    return {
        name_of(entry): ["", ""] if entry.msgid_plural else ""
        for entry in book
        if not all(english_of(entry))
    }


def wrong(book: polib.POFile) -> list[str]:
    """The names of messages whose English has other placeholders or line ends than the Chinese."""
    return [
        name_of(entry)
        for entry in book
        if any(english and not _fits(entry.msgid, english) for english in english_of(entry))
    ]


def _fits(chinese: str, english: str) -> bool:
    return (
        set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(english))
        and chinese.startswith("\n") == english.startswith("\n")
        and chinese.endswith("\n") == english.endswith("\n")
        # `a|b|c` is a list of labels: as many in English.
        and chinese.count("|") == english.count("|")
    )


def write(book: polib.POFile, path: Path = PO) -> None:
    """The `.po` and, beside it, the `.mo` that Django reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(book), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(path))


def compiled(path: Path = PO) -> bytes:
    """What the `.po` compiles to: always the same bytes for the same text."""
    return polib.pofile(path.read_text(encoding="utf-8")).to_binary()


def translations_in(path: Path) -> dict[str, English]:
    """A file of translations: JSON `{name: text or [singular, plural]}`."""
    return json.loads(path.read_text(encoding="utf-8"))
