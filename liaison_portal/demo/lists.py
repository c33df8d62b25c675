"""The clerk's choice of columns for the lists of members."""

from __future__ import annotations

from committees.models import Role
from liaison_portal.demo.plan import Place
from sectors.models import ListColumns

CHOSEN = ["sex", "ethnicity", "birth", "parties", "work", "positions", "convenor"]


def columns(place: Place) -> None:
    for clerk in place.officers[Role.CLERK]:
        ListColumns.objects.create(committee=place.committee, user=clerk, columns=CHOSEN)
