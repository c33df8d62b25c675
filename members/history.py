"""Who corrected a member's particulars, read from the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from committees.audit import reference
from committees.models import AuditEntry
from members.models import Member

TOLD = ("member.amend",)


def amendments(member: Member) -> list[dict[str, Any]]:
    """`when`, `by` and the `title` of each correction, the latest first; for the office's eyes."""
    rows = AuditEntry.objects.in_committee(member.committee).filter(
        about=reference(member), action__in=TOLD
    )
    return [
        {"title": _title(row.detail.get("fields") or []), "by": row.by_user, "at": row.at}
        for row in rows.select_related("by_user").order_by("-sequence")[:50]
    ]


def _title(fields: list[str]) -> str:
    labels = "、".join(_label(name) for name in fields)
    return _("更正资料：%(fields)s") % {"fields": labels} if labels else _("更正资料（没有改动）")


def _label(name: str) -> str:
    if name == "phone":
        return _("手机号码")
    return str(Member._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
