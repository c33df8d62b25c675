"""An issue as paper: its articles, its foot, and the Briefing for Word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from committees.official_document import Article, Briefing, Paragraph
from opinions.models import BriefingSetting, Issue, Manuscript, Opinion, Status

HEADINGS = (("situation", "情况反映"), ("analysis", "原因分析"), ("suggestion", "意见建议"))
NUMERALS = "一二三"
OFFLINE = "（转线下办理）"


@dataclass(frozen=True, slots=True)
class Foot:
    report_to: str
    send_to: str
    copy_to: str
    copies: int


def foot_of(issue: Issue, setting: BriefingSetting) -> Foot:
    """The issue's own lists, else the committee's."""
    of = issue if issue.has_own_foot else setting
    return Foot(of.report_to, of.send_to, of.copy_to, of.copies)


def articles_of(issue: Issue) -> list[Article]:
    """In the order of receipt; two statements, however many there are."""
    reports = list(Opinion.objects.filter(issue=issue).with_authors().order_by("pk"))
    texts: dict[int, Manuscript] = {}
    rows = Manuscript.objects.filter(opinion__in=[report.pk for report in reports])
    # Of each report the last edited text, else the last original: "edited" < "original".
    for text in rows.order_by("opinion_id", "kind", "-version").distinct("opinion_id"):
        texts[text.opinion_id] = text
    return [_article(report, texts.get(report.pk)) for report in reports]


def _article(report: Opinion, text: Manuscript | None) -> Article:
    if report.status == Status.OFFLINE or text is None:
        return Article(OFFLINE, [])
    return Article(text.title or report.title, list(_paragraphs(text)), byline=byline_of(report))


def _paragraphs(text: Manuscript) -> Iterable[Paragraph]:
    parts = [(heading, getattr(text, name)) for name, heading in HEADINGS]
    written = [(heading, words) for heading, words in parts if words.strip()]
    for numeral, (heading, words) in zip(NUMERALS, written, strict=False):
        if len(written) > 1:
            yield Paragraph(f"{numeral}、{heading}", "h1")
        yield Paragraph(words)


def byline_of(report: Opinion) -> str:
    """The authors' names, two-character ones set apart as on every list."""
    if report.sent_by:
        return report.submitter_label
    return "、".join(set_apart(name) for name in report.author_names)


def set_apart(name: str) -> str:
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def briefing_of(issue: Issue, setting: BriefingSetting) -> Briefing:
    foot = foot_of(issue, setting)
    return Briefing(
        masthead=setting.masthead,
        number=issue.number,
        total_number=issue.total_number,
        year=issue.year,
        editor=setting.editor or issue.committee.office_name,
        issued_on=issue.issued_on,
        articles=articles_of(issue),
        report_to=foot.report_to,
        send_to=foot.send_to,
        copy_to=foot.copy_to,
        copies=foot.copies,
    )
