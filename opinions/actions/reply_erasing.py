"""What 转线下办理 of a report deletes of its replies: words, files and half-typed drafts."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from committees.models import Attachment, Draft
from opinions.actions.erasing import ERASERS
from opinions.actions.unit_replies import DRAFT_FORM
from opinions.models import Opinion, ReferralStep, Reply, ReplyFile


def erase_replies(opinion: Opinion) -> dict[str, Any]:
    """The dates and classes stay and still count."""
    replies = Reply.objects.filter(referral__opinion=opinion)
    files = ReplyFile.objects.filter(reply__in=replies)
    stored = list(Attachment.objects.filter(pk__in=files.values("attachment")))
    given = {"replies": replies.count(), "reply_files": len(stored)}
    replies.update(text="", no_date_reason="", contact_name="", contact_phone="", letter_number="")
    files.delete()
    Attachment.objects.filter(pk__in=[one.pk for one in stored]).delete()
    steps = ReferralStep.objects.filter(referral__opinion=opinion)
    steps.exclude(note="").update(note="")
    for pk in opinion.referrals.values_list("pk", flat=True):
        Draft.objects.filter(committee=opinion.committee, form=DRAFT_FORM.format(pk=pk)).delete()
    transaction.on_commit(lambda: _forget_bytes(stored))
    return {name: number for name, number in given.items() if number}


def _forget_bytes(stored: list[Attachment]) -> None:
    """At once, and not only by the nightly sweep; a file that another row shares stays."""
    for one in stored:
        same = Attachment.objects.filter(committee=one.committee_id, sha256=one.sha256)
        if not same.exists():
            default_storage.delete(f"{one.committee.slug}/{one.sha256[:2]}/{one.sha256}")


ERASERS.append(erase_replies)
