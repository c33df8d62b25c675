"""Changes by hand and proposed corrections."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from members.models import Change, ChangeProposal
from tests import make


def change(**over: Any) -> Change:
    """Of one member, standing; it restores nothing."""
    row = over.pop("member", None) or make.member()
    values = {"kind": "position", "what": "常务委员", "on": timezone.localdate(), "state": "-"}
    return Change.objects.create(**values | over, member=row, committee=row.committee)


def group_change(**over: Any) -> Change:
    """Of one sector, whose leader was arranged; it restores nothing."""
    sector = make.sector(committee=over.pop("committee", None))
    values = {"kind": "leader", "what": "某领导", "on": timezone.localdate(), "state": "-"}
    values |= {"about": f"sectors.sector:{sector.pk}", "about_name": sector.title}
    return Change.objects.create(**values | over, committee=sector.committee)


def change_proposal(**over: Any) -> ChangeProposal:
    """It waits: another work unit."""
    row = over.pop("member", None) or make.member()
    values = {"fields": {"work": [row.work, "市第二中学"]}, "proposed_by": row.user}
    return ChangeProposal.objects.create(**values | over, member=row, committee=row.committee)
