"""`/`: the only or last used committee, or for a visitor what this portal is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from committees.models import Committee
from liaison_portal.pages.context import start_page

AT_ONCE = 50  # committees named on one page


@login_not_required
def entrance(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated:
        # Whose rooms a visitor may look for; the counties stand behind their city.
        every = Committee.objects.order_by(F("parent").asc(nulls_first=True), "slug")[:AT_ONCE]
        context = {"committees": every, "is_empty": not every}
        return render(request, "public/welcome.html", context)
    mine = list(Committee.objects.visible_to(user).order_by("slug")[:AT_ONCE])
    last = [committee for committee in mine if committee.pk == user.last_committee_id]
    if last or len(mine) == 1:
        committee = (last or mine)[0]
        return redirect(start_page(user, committee), slug=committee.slug)
    return render(request, "pages/choose.html", {"committees": mine})
