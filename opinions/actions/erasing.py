"""转线下办理: nothing of a report's content stays, wherever it was kept.

Whatever keeps words of a report beside it adds its eraser to ERASERS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from committees.actors import Actor
from committees.models import Draft
from contacts.actions import blank_visit
from opinions.actions.adoptions import erase_evidence
from opinions.actions.draft_erasing import forget_drafts
from opinions.actions.files import erase_files
from opinions.actions.following_erasing import erase_following
from opinions.actions.proposal_erasing import erase_proposals
from opinions.actions.referral_erasing import erase_referrals, hold_referrals
from opinions.actions.reply_erasing import erase_replies
from opinions.actions.sent_erasing import erase_sent
from opinions.actions.writing import DRAFT_FORM
from opinions.models import Fingerprint, Opinion, Seconding
from opinions.texts import Texts


def _similar(opinion: Opinion, *, by: Actor) -> dict[str, Any]:
    """By a fingerprint the text could be recognised, and a seconding may repeat it."""
    Fingerprint.objects.filter(opinion=opinion).delete()
    Seconding.objects.filter(opinion=opinion).exclude(words="").update(words="")
    return {}


ERASERS: tuple[Callable[..., dict[str, Any]], ...] = (
    erase_following,
    erase_replies,
    erase_evidence,
    erase_files,
    erase_proposals,
    _similar,
    erase_sent,
    erase_referrals,
)
"""Called with the opinion and `by`. Each deletes what one aggregate keeps of the report's words,
and returns what the audit row says of it: counts and hashes, never words. Those that write to a
trail come last: whoever else holds their rows waits for the trail."""


def has_words_elsewhere(opinion: Opinion) -> bool:
    """The visit that the report started from still holds what was said, or promised, there."""
    return bool(opinion.visit and (opinion.visit.said or opinion.visit.promised))


def of_the_visit(opinion: Opinion, choice: str, *, by: Any) -> dict[str, Any]:
    """Blank the visit's words too if that was chosen; where there are any, it must be said."""
    if not has_words_elsewhere(opinion):
        return {}
    assert opinion.visit is not None
    if choice not in ("blank", "keep"):
        raise ValidationError(
            _("此件由走访联系记录起草，请选择走访联系记录中的内容是否一并删除。"), code="visit_kept"
        )
    if choice == "keep":
        _add_to_receipt(opinion, gettext_noop("走访联系记录中的内容保留"))
        return {"visit": "kept"}
    own = DRAFT_FORM.format(form="write", pk=f"visit-{opinion.visit_id}")
    Draft.objects.filter(committee=opinion.committee, form=own).delete()
    gone = blank_visit(opinion.visit, by=by)
    _add_to_receipt(opinion, gettext_noop("走访联系记录中的内容一并删除"))
    return {"visit": "blanked", "visit_characters": gone["characters"]}


def delete_content(opinion: Opinion, by: Any) -> dict[str, Any]:
    """Nothing of the content stays: texts, title, notes and what was being typed.

    What stays is a receipt: how much there was, and a SHA-256 by which a paper copy can be proved
    to be the deleted one. It stands in the step and in the audit trail.
    """
    hold_referrals(opinion)  # what a unit is just saying is said before, or not at all
    texts = list(opinion.manuscripts.order_by("kind", "version"))
    digest = hashlib.sha256()
    for row in texts:
        digest.update("\n".join(astuple(Texts.of(row))).encode())
    receipt = {
        "manuscripts": len(texts),
        "characters": sum(row.length for row in texts),
        "sha256": digest.hexdigest(),
    }
    opinion.manuscripts.all().delete()
    opinion.steps.exclude(note="").update(note="")
    forget_drafts(opinion)
    opinion.title = ""
    opinion.save(update_fields=["title"])
    for erase in ERASERS:
        receipt |= erase(opinion, by=by)
    with translation.override(settings.LANGUAGE_CODE):  # a file note, whoever made it
        said = _("已删除文稿 %(manuscripts)s 份、%(characters)s 字，校验值 %(sha256)s") % receipt
        if receipt.get("files"):
            said += _("；附件 %(files)s 个") % receipt
        if receipt.get("sent_kept"):
            said += _("；向上级政协报送的一件已在上级办理，仍留在上级政协")
    _add_to_receipt(opinion, said)
    return receipt


def _add_to_receipt(opinion: Opinion, words: str) -> None:
    """A file note on the step just made, in Chinese whoever made it."""
    step = opinion.steps.last()
    assert step is not None
    step.note = f"{step.note}；{words}" if step.note else words
    step.save(update_fields=["note"])
