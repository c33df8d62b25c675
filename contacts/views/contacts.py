"""Contacts: list, page, add, amend, confirm or send back, retire, reveal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.models import User
from committees.permissions import is_office
from committees.row_ids import row_id
from committees.sign_in import proof_required
from contacts import actions
from contacts.filters import ContactFilter
from contacts.forms import ContactForm, RevealForm, SendBackForm
from contacts.models import Area, Contact, Reveal, Visit
from contacts.permissions import (
    can_import_contacts,
    can_judge_contacts,
    can_keep_contact,
    can_read_name,
    can_reveal,
    shown_name,
)
from members.models import Member
from sectors.models import Seat

ORDER = ("-id",)
LATEST = 10  # visits shown on a contact's page


@never_cache
@require_GET
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """The contacts this person may see: own ones by name, others masked."""
    user, committee = request.user, request.committee
    found = ContactFilter(request.GET, listed(request), request=request)
    page = page_of(found.qs, request, order=ORDER)
    for row in page.rows:
        dress(row, user)
    may_judge = can_judge_contacts(user, committee)
    context = {
        "page": page,
        "filter": found,
        "tabs": _tabs(request),
        "may_add": bool(_own(request)) or may_judge,
        "may_judge": may_judge,
        "may_import": can_import_contacts(user, committee),
        "may_tick": any(row.may_keep for row in page.rows),
        "is_own": bool(_own(request)) and not may_judge,
        "is_filtered": bool(request.GET.keys() - {"after", "before", "state"}),
        "query": request.GET.urlencode(),
    }
    return render(request, "contacts/contacts.html", context)


def listed(request: HttpRequest) -> Any:
    """What a row shows: whose it is, when it was last met, until when its number is open."""
    last = Visit.objects.visible_to(request.user).filter(contacts=OuterRef("pk"))
    open_now = Reveal.objects.open_for(request.user).filter(contact=OuterRef("pk"))
    return (
        _seen(request)
        .select_related("member", "sector", "area")
        .annotate(
            last_met_on=Subquery(last.order_by("-happened_on").values("happened_on")[:1]),
            open_until=Subquery(open_now.order_by("-until").values("until")[:1]),
        )
    )


def dress(row: Any, user: User) -> Any:
    """Name and number as this person may read them now, and what may be done."""
    is_open = row.open_until is not None and can_reveal(user, row)
    row.shown_name = row.name if is_open else shown_name(user, row)
    row.shown_phone = row.phone if is_open else row.masked_phone
    row.is_open = is_open
    row.may_keep = can_keep_contact(user, row.member, row.sector)
    row.may_reveal = can_reveal(user, row) and not is_open
    return row


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    asked = request.GET.get("state", "")
    labels = [("", _("使用中")), *Contact.State.choices[:2], ("retired", _("已停用"))]
    return [
        {"label": label, "url": f"?state={state}" if state else "?", "is_current": state == asked}
        for state, label in labels
    ]


@never_cache
@require_GET
def contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One contact: how to reach it, how far its confirmation is, and when it was met."""
    row = get_object_or_404(listed(request), pk=pk)
    return _contact_page(request, row, SendBackForm())


def _contact_page(request: HttpRequest, row: Any, form: SendBackForm) -> HttpResponse:
    may_judge = can_judge_contacts(request.user, request.committee)
    met = Visit.objects.in_committee(request.committee).visible_to(request.user)
    context = {
        "contact": dress(row, request.user),
        "visits": list(met.filter(contacts=row.pk).for_list(request.user)[:LATEST]),
        "form": form,
        "may_judge": may_judge and row.is_active and row.state != Contact.State.CONFIRMED,
        "may_write": row.is_active and row.member_id in _own(request),
    }
    status = 422 if form.errors else 200
    return render(request, "contacts/contact.html", context, status=status)


@require_POST
def contact_judge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`deed=confirm` takes a proposal into the book; else it goes back with its reason."""
    row = get_object_or_404(listed(request), pk=pk)
    form = SendBackForm(request.POST)
    try:
        if request.POST.get("deed") == "confirm":
            actions.confirm_contact(row, by=request.user)
            messages.success(request, _("已确认该联系人。"))
        else:
            form.is_valid()
            reason = form.cleaned_data.get("reason", "")
            actions.send_back_contact(row, by=request.user, reason=reason)
            messages.success(request, _("已退回修改，并告知委员。"))
    except ValidationError as refused:
        if not form.errors:
            form.add_error("reason", refused.messages)
        return _contact_page(request, row, form)
    return redirect(f"{reverse('contacts:contacts', args=[slug])}?state=proposed")


@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new contact of one's own; the office names the member by `?member=`."""
    members = _members(request)
    if not members and is_office(request.user, request.committee):
        messages.info(request, _("请先选择委员，在委员页面点“新增联系人”。"))
        return redirect("members:list", slug=slug)
    if not members:
        messages.info(request, _("本界别的联系人由机关登记和查看，请联系机关工作人员。"))
        return redirect("contacts:contacts", slug=slug)
    areas = _areas(request, members)
    initial = {"member": members[0].pk, "area": areas[0].pk if areas else None}
    form = ContactForm(request.POST or None, members=members, areas=areas, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_contact(
                committee=request.committee,
                member=form.chosen_member,
                by=request.user,
                **form.columns,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            told = _("联系人已登记，待机关确认；走访时即可选用。")
            if can_judge_contacts(request.user, request.committee):
                told = _("联系人已登记。")
            messages.success(request, told)
            return redirect(_next(request))
    others = [member for member in members if member.user_id != request.user.pk]
    return _form_page(request, form, for_member=others[0] if len(members) == 1 and others else None)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contact = get_object_or_404(_row(request), pk=pk)
    if not can_keep_contact(request.user, contact.member, contact.sector):
        raise PermissionDenied
    reads_name = can_read_name(request.user, contact)
    initial = {"kind": contact.kind, "place": contact.place, "consented_on": contact.consented_on}
    initial |= {"name": contact.name if reads_name else "", "area": contact.area_id}
    areas = _areas(request, [contact.member], contact)
    form = ContactForm(
        request.POST or None,
        members=[contact.member],
        areas=areas,
        contact=contact,
        reads_name=reads_name,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_contact(contact, by=request.user, **form.columns)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("联系人已更新。"))
            return redirect("contacts:contact", slug=slug, pk=pk)
    return _form_page(request, form, contact=contact)


@require_POST
def contact_retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Out of the lists, or with `deed=restore` back into them; a second tap changes nothing."""
    contact = get_object_or_404(_row(request), pk=pk)
    if request.POST.get("deed") == "restore":
        actions.restore_contact(contact, by=request.user)
        messages.success(request, _("已恢复该联系人。"))
    else:
        actions.retire_contact(contact, by=request.user)
        messages.success(request, _("已停用该联系人，历史走访不受影响。"))
    return redirect("contacts:contacts", slug=slug)


@never_cache
@require_http_methods(["GET", "POST"])
def contact_reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Full name and number after a reason: for ten minutes, on the trail."""
    contact = get_object_or_404(listed(request), pk=pk)
    if not can_reveal(request.user, contact):
        raise PermissionDenied
    return _reveal(request, contact)


@proof_required
def _reveal(request: HttpRequest, contact: Any) -> HttpResponse:
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        shown = actions.reveal_contact(contact, by=request.user, reason=reason)
        contact.open_until = shown.until
    context = {"contact": dress(contact, request.user), "form": form}
    status = 422 if form.errors else 200
    return render(request, "contacts/contact_reveal.html", context, status=status)


def _form_page(request: HttpRequest, form: ContactForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    is_proposal = not can_judge_contacts(request.user, request.committee)
    context |= {"form": form, "next": request.GET.get("next", ""), "is_proposal": is_proposal}
    return render(request, "contacts/contact_form.html", context, status=status)


def _seen(request: HttpRequest) -> Any:
    return Contact.objects.in_committee(request.committee).visible_to(request.user)


def _row(request: HttpRequest) -> Any:
    return _seen(request).select_related("member", "sector", "area", "committee")


def _areas(
    request: HttpRequest, members: list[Member], contact: Contact | None = None
) -> list[Area]:
    """The areas these members answer for today, and the one the contact is in already."""
    rows = Area.objects.in_committee(request.committee).visible_to(request.user)
    found = list(rows.active().of_members([member.pk for member in members]))
    kept = contact.area if contact is not None else None
    return found if kept is None or kept in found else [*found, kept]


def _own(request: HttpRequest) -> set[int]:
    return request.user.standing.scopes("member", "delegate", committee=request.committee)


def _members(request: HttpRequest) -> list[Member]:
    """Whose contact it may be: `?member=` in the office, else one's own and one's principals'."""
    asked, own = row_id(request.GET.get("member")), _own(request)
    wanted = own
    if asked is not None and is_office(request.user, request.committee):
        wanted = {asked}
    rows = Member.objects.in_committee(request.committee).visible_to(request.user)
    if wanted == own:  # those of a shielded sector are the office's to keep
        shielded = Seat.objects.today().filter(sector__is_shielded=True)
        rows = rows.exclude(Exists(shielded.filter(membership__member=OuterRef("pk"))))
    members = list(rows.filter(pk__in=wanted).select_related("user", "committee"))
    if not wanted and not is_office(request.user, request.committee):
        raise PermissionDenied
    return sorted(members, key=lambda member: member.user_id != request.user.pk)


def _next(request: HttpRequest) -> str:
    """Back to the form somebody came from, or to the list."""
    asked = request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return f"/{request.committee.slug}/contacts/"
