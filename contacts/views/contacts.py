"""Contacts: list, add, amend, retire, reveal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.permissions import is_office
from contacts import actions
from contacts.filters import ContactFilter
from contacts.forms import ContactForm, RevealForm
from contacts.models import Contact, Visit
from contacts.permissions import can_keep_contact, can_read_name, can_reveal, shown_name
from members.models import Member
from sectors.models import Seat

ORDER = ("-id",)


@require_GET
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """The contacts this person may see: own ones by name, others masked."""
    user = request.user
    last = Visit.objects.visible_to(user).filter(contacts=OuterRef("pk"))
    rows = (
        _seen(request)
        .select_related("member", "sector")
        .annotate(last_met_on=Subquery(last.order_by("-happened_on").values("happened_on")[:1]))
    )
    found = ContactFilter(request.GET, rows, request=request)
    page = page_of(found.qs, request, order=ORDER)
    for row in page.rows:
        row.shown_name = shown_name(user, row)
        row.may_keep = can_keep_contact(user, row.member, row.sector)
        row.may_reveal = can_reveal(user, row)
    context = {
        "page": page,
        "filter": found,
        "may_add": bool(_own(request)) or is_office(user, request.committee),
        "is_own": bool(_own(request)) and not is_office(user, request.committee),
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
    }
    return render(request, "contacts/contacts.html", context)


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
    form = ContactForm(request.POST or None, members=members, initial=_first_member(members))
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
            messages.success(request, _("联系人已登记。"))
            return redirect(_next(request))
    others = [member for member in members if member.user_id != request.user.pk]
    return _form_page(request, form, for_member=others[0] if len(members) == 1 and others else None)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contact = get_object_or_404(_seen(request).select_related("member", "sector"), pk=pk)
    if not can_keep_contact(request.user, contact.member, contact.sector):
        raise PermissionDenied
    reads_name = can_read_name(request.user, contact)
    initial = {"kind": contact.kind, "place": contact.place, "consented_on": contact.consented_on}
    initial["name"] = contact.name if reads_name else ""
    form = ContactForm(
        request.POST or None,
        members=[contact.member],
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
            return redirect("contacts:contacts", slug=slug)
    return _form_page(request, form, contact=contact)


@require_POST
def contact_retire(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Out of the lists, or with `deed=restore` back into them; a second tap changes nothing."""
    contact = get_object_or_404(_seen(request).select_related("member", "sector"), pk=pk)
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
    """Full name and number after a reason, on this one page and on the trail."""
    contact = get_object_or_404(_seen(request).select_related("member", "sector"), pk=pk)
    if not can_reveal(request.user, contact):
        raise PermissionDenied
    form = RevealForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        shown = actions.reveal_contact(contact, by=request.user, reason=reason)
    context = {
        "contact": contact,
        "shown_name": shown_name(request.user, contact),
        "form": form,
        "shown": shown,
    }
    status = 422 if form.errors else 200
    return render(request, "contacts/contact_reveal.html", context, status=status)


def _form_page(request: HttpRequest, form: ContactForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context |= {"form": form, "next": request.GET.get("next", "")}
    return render(request, "contacts/contact_form.html", context, status=status)


def _seen(request: HttpRequest) -> Any:
    return Contact.objects.in_committee(request.committee).visible_to(request.user)


def _own(request: HttpRequest) -> set[int]:
    return request.user.standing.scopes("member", "delegate", committee=request.committee)


def _members(request: HttpRequest) -> list[Member]:
    """Whose contact it may be: `?member=` in the office, else one's own and one's principals'."""
    asked, own = request.GET.get("member", ""), _own(request)
    wanted = own
    if asked.isdecimal() and is_office(request.user, request.committee):
        wanted = {int(asked)}
    rows = Member.objects.in_committee(request.committee).visible_to(request.user)
    if wanted == own:  # those of a shielded sector are the office's to keep
        shielded = Seat.objects.today().filter(sector__is_shielded=True)
        rows = rows.exclude(Exists(shielded.filter(membership__member=OuterRef("pk"))))
    members = list(rows.filter(pk__in=wanted).select_related("user", "committee"))
    if not wanted and not is_office(request.user, request.committee):
        raise PermissionDenied
    return sorted(members, key=lambda member: member.user_id != request.user.pk)


def _first_member(members: list[Member]) -> dict[str, Any]:
    return {"member": members[0].pk}


def _next(request: HttpRequest) -> str:
    """Back to the form somebody came from, or to the list."""
    asked = request.GET.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return f"/{request.committee.slug}/contacts/"
