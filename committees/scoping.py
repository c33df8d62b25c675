"""Rows belong to one committee; every list starts at what the actor may see."""

from __future__ import annotations

from typing import Any

from django.db import models

OFFICE = ("clerk", "editor", "checker", "signer")
"""Appointments that read rosters and reports by virtue of the work (机关工作人员)."""


class CommitteeQuerySet(models.QuerySet):
    """For models with a `committee`; subclasses answer `visible_to(actor)`."""

    def in_committee(self, committee: Any) -> Any:
        return self.filter(committee=committee)
