"""The paper on which signers of a proposal say what they think of its handling (征询意见表)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from committees.models import Unit
from committees.official_document import Letter, Paragraph
from opinions.models import Evaluation, Proposal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A unit's part for one signer: `said` is what the signer said on the portal, with `shown`, the
    words that this reader may read; None of both where nothing was."""

    unit: Unit | None
    said: Evaluation | None


def survey(proposal: Proposal, sheets: Iterable[Sheet]) -> Letter:
    """One part a sheet, ticked as was said on the portal, else to be ticked and signed.

    Fetch the row with its signers (`for_moves()`).
    """
    lines = [Paragraph(f"{proposal.label}《{proposal.title}》")]
    for sheet in sheets:
        unit, said = sheet.unit, sheet.said
        shown: str = said.shown if said else ""  # type: ignore[attr-defined]
        lines += [
            Paragraph(f"承办单位：{unit.name if unit else ''}", "h2"),
            Paragraph(f"办理过程：{_boxes(said.handling if said else '')}"),
            Paragraph(f"办理结果：{_boxes(said.result if said else '')}"),
            Paragraph(f"意见：{shown}"),
            Paragraph(f"提案人签名：{said.member.name if said else ''}"),
        ]
    by = [proposal.put_forward_by or "", *proposal.signer_names]
    return Letter(
        sender=proposal.committee.name,
        number="",
        addressee="、".join(by).strip("、"),
        title="提案办理情况征询意见表",
        paragraphs=lines,
        signature=proposal.committee.office_name,
        is_sealed=False,
    )


def _boxes(chosen: str) -> str:
    grades = Evaluation.Grade.choices
    return "　".join(f"{'☑' if value == chosen else '□'}{label}" for value, label in grades)


def survey_name(proposal: Proposal) -> str:
    return f"征询意见表{proposal.label}"
