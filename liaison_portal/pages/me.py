"""我的: the own particulars, the account, the switches; nothing here is counted or scored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import Committee
from liaison_portal.pages.context import has_desk, has_home
from liaison_portal.pages.home import duties, own_people
from liaison_portal.pages.start import role_labels
from members.models import Delegate


def me(request: HttpRequest, slug: str) -> HttpResponse:
    user, committee = request.user, request.committee
    people = own_people(user, committee)
    request.unread_notices = people[0].unread if people else None
    mine = [person for person in people if person.user_id == user.pk]
    delegates = Delegate.objects.visible_to(user).in_committee(committee).today()
    context = {
        "person": mine[0] if mine else None,
        "correctable": people,
        "entered_for": [person for person in people if person.user_id != user.pk],
        "duties": duties(user, committee, people),
        "unmet": sum(person.unmet for person in people),
        "roles": role_labels(user, committee),
        "delegates": delegates.filter(member__in=mine).select_related("user") if mine else [],
        "has_home": has_home(user, committee),
        "supervises": any(person.supervises for person in people),
        "has_desk": has_desk(user, committee),
        "convenes": user.standing.has(committee, "convenor"),
        "reads_summaries": user.standing.has(committee, "convenor", "stand_in", "keeper"),
        "others": _elsewhere(request),
    }
    return render(request, "pages/me.html", context)


def _elsewhere(request: HttpRequest) -> list[Committee]:
    """The other committees this person serves in; asked only when standing knows of one."""
    other = request.user.standing.committees() - {request.committee.pk}
    return list(Committee.objects.filter(pk__in=other).order_by("slug")[:20]) if other else []
