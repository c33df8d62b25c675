"""The paper on which signers of a proposal say what they think of its handling (征询意见表)."""

from __future__ import annotations

from collections.abc import Iterable

from committees.models import Unit
from committees.official_document import Letter, Paragraph
from opinions.models import Evaluation, Proposal


def survey(proposal: Proposal, units: Iterable[Unit | None]) -> Letter:
    """One part a unit asked, to be ticked and signed; None where no unit was asked yet.

    Fetch the row with its signers (`for_moves()`).
    """
    lines = [Paragraph(f"{proposal.label}《{proposal.title}》")]
    boxes = "　".join(f"□{label}" for label in Evaluation.Grade.labels)
    for unit in units:
        lines += [
            Paragraph(f"承办单位：{unit.name if unit else ''}", "h2"),
            Paragraph(f"办理过程：{boxes}"),
            Paragraph(f"办理结果：{boxes}"),
            Paragraph("意见："),
            Paragraph("提案人签名："),
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


def survey_name(proposal: Proposal) -> str:
    return f"征询意见表{proposal.label}"
