"""Leaders' contacts: whom each keeps in touch with, and that talks took place."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from committees.dictionaries import active_rows
from committees.keyset import page_of
from committees.models import Appointment, Role, User
from committees.row_ids import row_id
from members.models import Member
from members.permissions import can_keep_roster
from sectors import actions
from sectors.forms import TalkForm
from sectors.models import Commission, LeaderContact, Sector, Talk
from sectors.permissions import can_record_talk, can_see_leader_contacts
from sectors.talks import members_of_leader


def _leaders(request: HttpRequest) -> list[User]:
    """The own account for a leader, all leaders of the committee for the office."""
    held = Appointment.objects.in_committee(request.committee).today().filter(role=Role.LEADER)
    rows = User.objects.filter(pk__in=held.values("user")).order_by("name", "id")
    is_leader = request.user.standing.has(request.committee, Role.LEADER)
    return [cast(User, request.user)] if is_leader else list(rows[:60])


@require_GET
def leader_contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """One leader's commissions, sectors and members, each member with the last talk."""
    if not can_see_leader_contacts(request.user, request.committee):
        raise PermissionDenied
    leaders = _leaders(request)
    asked = request.GET.get("leader", "")
    leader = next((row for row in leaders if str(row.pk) == asked), leaders[0] if leaders else None)
    context: dict[str, Any] = {"leaders": leaders, "leader": leader, "today": timezone.localdate()}
    if can_keep_roster(request.user, request.committee):
        context["arranging"] = [
            {"label": label, "rows": [_linked(request, row) for row in rows]}
            for label, rows in (
                (_("专门委员会"), active_rows(Commission, request.committee)),
                (_("界别"), active_rows(Sector, request.committee)),
            )
        ]
    if leader is not None:
        context |= _of_leader(request, leader)
    return render(request, "sectors/leader_contacts.html", context)


def _linked(request: HttpRequest, group: Commission | Sector) -> dict[str, str]:
    """Its name, and where the office arranges its leaders."""
    page = "sectors:changes" if isinstance(group, Sector) else "sectors:commission_changes"
    return {"name": group.name, "url": reverse(page, args=[request.committee.slug, group.pk])}


def _of_leader(request: HttpRequest, leader: User) -> dict[str, Any]:
    ties = LeaderContact.objects.in_committee(request.committee).visible_to(request.user).today()
    ties = ties.filter(leader=leader).select_related("commission", "sector")
    groups = [
        _linked(request, group)
        for group in (row.commission or row.sector for row in ties if not row.member_id)
        if group
    ]
    rows = members_of_leader(leader, request.committee)
    is_gap = request.GET.get("talk") == "none"
    if is_gap:
        rows = rows.filter(talked_on=None)
    talks = Talk.objects.in_committee(request.committee).visible_to(request.user)
    talks = talks.filter(leader=leader).select_related("member")
    here = reverse("sectors:leader_contacts", args=[request.committee.slug])
    tabs = [("", _("全部")), ("none", _("本年度尚未谈心谈话"))]
    return {
        "groups": groups,
        "page": page_of(rows, request, order=("name_key", "id"), size=50),
        "talks": talks[:12],
        "may_record": can_record_talk(request.user, leader, request.committee),
        "is_gap": is_gap,
        "tabs": [
            {
                "label": label,
                "url": f"{here}?leader={leader.pk}" + (f"&talk={key}" if key else ""),
                "is_current": (key == "none") == is_gap,
            }
            for key, label in tabs
        ],
    }


@require_POST
def talk_record(request: HttpRequest, slug: str) -> HttpResponse:
    """`leader`, `member`, `held_on`: that it took place."""
    if not can_see_leader_contacts(request.user, request.committee):
        raise PermissionDenied
    leader = next((row for row in _leaders(request) if row.pk == _id(request, "leader")), None)
    members = Member.objects.in_committee(request.committee).visible_to(request.user)
    member = members.select_related("committee").filter(pk=_id(request, "member")).first()
    form = TalkForm(request.POST)
    if leader is None or member is None:
        messages.error(request, _("请选择领导和委员。"))
    elif not form.is_valid():
        messages.error(request, _("请填写谈话日期。"))
    else:
        _record(request, member, leader, form)
    back = reverse("sectors:leader_contacts", args=[slug])
    return redirect(f"{back}?leader={leader.pk}" if leader else back)


def _record(request: HttpRequest, member: Member, leader: User, form: TalkForm) -> None:
    try:
        actions.record_talk(
            member, leader=leader, held_on=form.cleaned_data["held_on"], by=request.user
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已登记谈心谈话。"))


@require_POST
def talk_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An entry made by mistake is taken back."""
    rows = Talk.objects.in_committee(request.committee).visible_to(request.user)
    talk = get_object_or_404(rows.select_related("leader", "committee"), pk=pk)
    actions.withdraw_talk(talk, by=request.user)
    messages.success(request, _("已撤销该条登记。"))
    return redirect(reverse("sectors:leader_contacts", args=[slug]) + f"?leader={talk.leader_id}")


def _id(request: HttpRequest, name: str) -> int | None:
    return row_id(request.POST.get(name))
