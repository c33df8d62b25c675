"""A year for the archive (归档): issues, letters and replies as files of one zip, with their list.

Each aggregate gives its entries through a function of `PARTS`: what they are called, and how their
bytes come when it is their turn. Nothing is held but the one file that is being written.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db.models import Max, Min, Prefetch
from django.utils import timezone, translation

from committees.actors import Actor
from committees.files import opened
from committees.models import Attachment, Committee
from committees.official_document import (
    Article,
    Briefing,
    Letter,
    Paragraph,
    briefing_docx,
    letter_docx,
)
from committees.workbooks import workbook
from opinions.models import Issue, Manuscript, Opinion, Referral, Reply, Status

CHUNK = 50  # rows with their texts in memory
PIECE = 256 * 1024  # bytes of a file copied at once
LONGEST_NAME = 60  # characters; three bytes each, and folders above
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
LISTED = ["序号", "类别", "名称", "日期", "文件", "备注"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. `content` is its bytes, made when asked for, or a stored file; `note` is for the
    list. `folder` and `name` become safe as they are written."""

    section: str
    title: str
    dated: datetime.date | None
    folder: str
    name: str
    content: Callable[[], bytes] | Attachment
    note: str = ""


def issues_of(committee: Committee, actor: Actor, year: int) -> Iterator[Entry]:
    rows = Issue.objects.in_committee(committee).visible_to(actor).filter(year=year)
    texts = Manuscript.objects.order_by("kind", "-version")
    reports = Opinion.objects.order_by("pk").prefetch_related(
        Prefetch("manuscripts", queryset=texts)
    )
    rows = rows.select_related("committee").prefetch_related(Prefetch("opinions", queryset=reports))
    for issue in rows.order_by("number").iterator(chunk_size=CHUNK):
        name = f"第{issue.number}期（总第{issue.total_number}期）.docx"
        titles = "、".join(str(one) for one in issue.opinions.all())
        yield Entry(
            "社情民意信息",
            f"{issue.as_printed} {titles}",
            issue.issued_on,
            "01社情民意信息",
            name,
            lambda issue=issue: papers_of(issue),  # type: ignore[misc]
        )


def letters_of(committee: Committee, actor: Actor, year: int) -> Iterator[Entry]:
    for row in _referrals(committee, actor, year).iterator(chunk_size=CHUNK):
        yield Entry(
            "转办函",
            f"{row.label} {row.title}（{row.answering_unit}）",
            row.referred_on,
            "02转办函",
            f"{row.label} {row.answering_unit}.docx",
            lambda row=row: letter_of(row),  # type: ignore[misc]
        )


def replies_of(committee: Committee, actor: Actor, year: int) -> Iterator[Entry]:
    """What was answered to the year's referrals, whenever, with the stamped papers beside."""
    given = Reply.objects.given().order_by("round").select_related("reply_class")
    given = given.prefetch_related("files__attachment__committee")
    rows = _referrals(committee, actor, year).prefetch_related(
        Prefetch("replies", queryset=given, to_attr="given")
    )
    for row in rows.iterator(chunk_size=CHUNK):
        for reply in row.given:
            what = f"{row.label} {row.answering_unit}"
            folder, on = f"03办理答复/{_safe(what)}", timezone.localdate(reply.answered_at)
            number = f"第{reply.round}次答复" if reply.round > 1 else "答复"
            yield Entry(
                "办理答复",
                f"{row.label} {number}（{reply.reply_class or '未分类'}）",
                on,
                folder,
                f"{number}.docx",
                lambda row=row, reply=reply: reply_of(row, reply),  # type: ignore[misc]
            )
            for file in reply.files.all():
                name = f"{number} {file.attachment.name}"
                title = f"{row.label} {file.get_kind_display()}"
                yield Entry("复函及附件", title, on, folder, name, file.attachment)


def _referrals(committee: Committee, actor: Actor, year: int) -> Any:
    rows = Referral.objects.in_committee(committee).visible_to(actor).filter(year=year)
    return rows.select_related("unit", "via", "committee").order_by("number")


PARTS = (issues_of, letters_of, replies_of)


def papers_of(issue: Issue) -> bytes:
    """The issue as Word: of each report the edited text, else the original."""
    committee = issue.committee
    articles = []
    for opinion in issue.opinions.all():
        texts = list(opinion.manuscripts.all())  # edited before original, the latest first
        text = None if opinion.status == Status.OFFLINE or not texts else texts[0]
        parts = [text.situation, text.analysis, text.suggestion] if text else []
        paragraphs = [Paragraph(part) for part in parts if part]
        articles.append(Article(text.title if text else str(opinion), paragraphs))
    return briefing_docx(
        Briefing(
            masthead="社情民意信息",
            number=issue.number,
            total_number=issue.total_number,
            year=issue.year,
            editor=committee.office_name,
            issued_on=issue.issued_on,
            articles=articles,
        )
    )


def letter_of(referral: Referral) -> bytes:
    asked = [Paragraph(part) for part in (referral.text, referral.request) if part]
    return letter_docx(
        Letter(
            sender=referral.committee.full_name,
            number=referral.label,
            addressee=str(referral.via or referral.answering_unit),
            title=f"关于商请办理“{referral.title}”的函",
            paragraphs=asked,
            signature=referral.committee.office_name,
            signed_on=referral.referred_on,
            code=referral.code,
        )
    )


def reply_of(referral: Referral, reply: Reply) -> bytes:
    said = [Paragraph(reply.text or "（答复内容见所附复函。）")]
    said.append(Paragraph(f"办理结果分类：{reply.reply_class or '未分类'}"))
    if reply.planned_on:
        said.append(Paragraph(f"计划时间：{reply.planned_on:%Y-%m-%d}"))
    if reply.no_date_reason:
        said.append(Paragraph(f"暂无明确时间的理由：{reply.no_date_reason}"))
    return letter_docx(
        Letter(
            sender=str(referral.answering_unit),
            number=reply.letter_number,
            addressee=referral.committee.office_name,
            title=f"关于“{referral.title}”的办理答复",
            paragraphs=said,
            signature=str(referral.answering_unit),
            signed_on=reply.letter_on or timezone.localdate(reply.answered_at),
            is_sealed=False,
        )
    )


def years_of(committee: Committee, actor: Actor) -> list[int]:
    """The years that have anything, the latest first."""
    ends = []
    for model in (Issue, Referral):
        rows = model.objects.in_committee(committee).visible_to(actor).order_by()
        ends += rows.aggregate(first=Min("year"), last=Max("year")).values()
    known = [year for year in ends if year]
    return list(range(max(known), min(known) - 1, -1)) if known else []


def zipped(committee: Committee, actor: Actor, year: int) -> Iterator[bytes]:
    """The zip in pieces, as it grows. Its list of contents comes last, when all names are known."""
    out = _Pipe()
    names: set[str] = set()
    lines: list[list[Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:  # type: ignore[call-overload]
        for entry, made in _made(committee, actor, year):
            path, note = "", "文件缺失"
            if made is not None:
                path, note = _path(entry, names), entry.note
                with file.open(_info(path, entry.dated), "w") as place:
                    for piece in made:
                        place.write(piece)
                        yield out.taken()
            lines.append([len(lines) + 1, entry.section, entry.title, entry.dated, path, note])
            yield out.taken()
        file.writestr(_info("目录.xlsx", timezone.localdate()), workbook("目录", LISTED, lines))
    yield out.taken()


def _made(
    committee: Committee, actor: Actor, year: int
) -> Iterator[tuple[Entry, Iterable[bytes] | None]]:
    """Every entry with its bytes, in Chinese whoever asks: they are the office's papers."""
    entries = itertools.chain.from_iterable(part(committee, actor, year) for part in PARTS)
    while True:
        with translation.override(settings.LANGUAGE_CODE):
            entry = next(entries, None)
            if entry is None:
                return
            made = _pieces_of(entry)
        yield entry, made


def _pieces_of(entry: Entry) -> Iterable[bytes] | None:
    """None where the stored file is gone."""
    if callable(entry.content):
        return [entry.content()]
    stored = opened(entry.content)
    return None if stored is None else _read(stored)


def _read(stored: IO[bytes]) -> Iterator[bytes]:
    with stored:
        while piece := stored.read(PIECE):
            yield piece


def _path(entry: Entry, names: set[str]) -> str:
    """Where the file stands; a name that is there already gets a number."""
    folders = [_safe(part) for part in entry.folder.split("/")]
    stem, dot, suffix = entry.name.rpartition(".")
    if not (stem.strip(" .") and suffix) or len(suffix) > 5:
        stem, dot, suffix = entry.name, "", ""
    whole, number = "", 1
    while not whole or whole.casefold() in names:
        more = f"({number})" if number > 1 else ""
        whole = "/".join([*folders, _safe(stem) + more + dot + _safe(suffix) * bool(dot)])
        number += 1
    names.add(whole.casefold())
    return whole


def _safe(name: str) -> str:
    """One step of a path that every system takes, and that leads nowhere else."""
    plain = _UNFIT.sub("_", unicodedata.normalize("NFC", name)).strip(" .")[:LONGEST_NAME]
    plain = plain.strip(" .") or "_"
    return f"_{plain}" if _DEVICES.fullmatch(plain) else plain


def _info(path: str, on: datetime.date | None) -> zipfile.ZipInfo:
    day = max(on or timezone.localdate(), datetime.date(1980, 1, 1))
    info = zipfile.ZipInfo(path, (day.year, day.month, day.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


class _Pipe:
    """What zipfile writes to, forwards only; `taken` gives what came since."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        whole = b"".join(self.pieces)
        self.pieces.clear()
        return whole
