"""What 转线下办理 of a report deletes of its replies: words, files and half-typed drafts."""

from __future__ import annotations

from typing import Any

from committees.actors import Actor
from committees.files import discard
from committees.models import Attachment, Draft
from opinions.actions.unit_replies import DRAFT_FORM
from opinions.models import Opinion, Reply, ReplyFile


def erase_replies(opinion: Opinion, *, by: Actor) -> dict[str, Any]:
    """The dates and classes stay and still count."""
    replies = Reply.objects.filter(referral__opinion=opinion)
    files = ReplyFile.objects.filter(reply__in=replies)
    stored = list(Attachment.objects.filter(pk__in=files.values("attachment")))
    given = {"replies": replies.count(), "reply_files": len(stored)}
    replies.update(text="", no_date_reason="", contact_name="", contact_phone="", letter_number="")
    files.delete()
    discard(opinion.committee, stored)
    for pk in opinion.referrals.values_list("pk", flat=True):
        Draft.objects.filter(committee=opinion.committee, form=DRAFT_FORM.format(pk=pk)).delete()
    return {name: number for name, number in given.items() if number}
