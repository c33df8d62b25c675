"""Areas: the list, an area's page, and what the office keeps of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.sign_in import proof_required
from contacts import actions
from contacts.filters import AreaFilter
from contacts.forms import AreaForm, AssignForm, GridForm, GridsForm, RevealForm
from contacts.models import Area, AreaMember, Contact, Grid, Reveal, Visit
from contacts.permissions import can_keep_areas, can_reveal_worker, shown_name
from contacts.views.people import dress_visit
from contacts.visit_choices import members_named

ORDER = ("position", "id")
SHOWN = 10  # contacts and visits on an area's page


def _seen(request: HttpRequest) -> Any:
    return Area.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def areas(request: HttpRequest, slug: str) -> HttpResponse:
    """The areas in the committee's order, with their grids counted and their members named."""
    found = AreaFilter(request.GET, _seen(request).for_list(), request=request)
    own = request.user.standing.scopes("member", "delegate", committee=request.committee)
    page = page_of(found.qs, request, order=ORDER, size=30)
    for row in page.rows:
        row.is_mine = any(person["pk"] in own for person in row.people)
    context = {
        "page": page,
        "filter": found,
        "may_keep": can_keep_areas(request.user, request.committee),
        "is_filtered": bool(request.GET.keys() - {"after", "before"}),
    }
    return render(request, "contacts/areas.html", context)


@never_cache
@require_GET
def area(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who answers for it, its grids, and the contacts and visits there that this reader may see."""
    row = get_object_or_404(_seen(request).select_related("committee"), pk=pk)
    today = timezone.localdate().isoformat()
    return _area_page(request, row, AssignForm(initial={"on": today}))


def _area_page(request: HttpRequest, row: Area, form: AssignForm) -> HttpResponse:
    user = request.user
    people = row.area_members.today().select_related("member").order_by("member__name_key", "id")
    open_now = Reveal.objects.open_for(user).filter(grid=OuterRef("pk"))
    until = Subquery(open_now.order_by("-until").values("until")[:1])
    grids = list(Grid.objects.visible_to(user).filter(area=row).annotate(open_until=until))
    known = Contact.objects.visible_to(user).filter(area=row).active().select_related("member")
    contacts = list(known.order_by("-id")[: SHOWN + 1])
    for contact in contacts:
        contact.shown_name = shown_name(user, contact)
    met = Visit.objects.in_committee(request.committee).visible_to(user).in_area(row.pk, user)
    visits = [dress_visit(visit, user) for visit in met.for_list(user)[: SHOWN + 1]]
    people = list(people)
    own = user.standing.scopes("member", "delegate")
    may_keep = can_keep_areas(user, request.committee)
    context = {
        "area": row,
        "people": people,
        "grids": grids,
        "contacts": contacts[:SHOWN],
        "has_more_contacts": len(contacts) > SHOWN,
        "visits": visits[:SHOWN],
        "has_more_visits": len(visits) > SHOWN,
        "may_keep": may_keep,
        "may_reveal": may_keep or any(one.member_id in own for one in people),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "contacts/area.html", context, status=status)


@require_http_methods(["GET", "POST"])
def area_add(request: HttpRequest, slug: str) -> HttpResponse:
    _only_keepers(request)
    form = AreaForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_area(
                committee=request.committee, by=request.user, **form.cleaned_data
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("界别责任区已登记。"))
            return redirect("contacts:area", slug=slug, pk=row.pk)
    return _form_page(request, form, _("新增界别责任区"))


@require_http_methods(["GET", "POST"])
def area_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = get_object_or_404(_seen(request), pk=pk)
    _only_keepers(request)
    columns = ("name", "place", "position", "is_active")
    initial = {name: getattr(row, name) for name in columns}
    form = AreaForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_area(row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("contacts:area", slug=slug, pk=pk)
    return _form_page(request, form, _("修改界别责任区"), area=initial["name"], pk=pk)


@require_POST
def area_assign(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Several members at once, all or none."""
    row = get_object_or_404(_seen(request).select_related("committee"), pk=pk)
    _only_keepers(request)
    form = AssignForm(request.POST)
    if form.is_valid():
        typed, on = form.cleaned_data["names"], form.cleaned_data["on"]
        try:
            found = members_named(request.user, request.committee, typed)
            actions.assign_areas(row, found, by=request.user, on=on)
        except ValidationError as refused:
            form.add_error("names", refused.messages)
        else:
            messages.success(request, _("责任委员已登记。"))
            return redirect("contacts:area", slug=slug, pk=pk)
    return _area_page(request, row, form)


@require_POST
def area_release(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`pk` is the row that says who answers for which area."""
    rows = AreaMember.objects.in_committee(request.committee).visible_to(request.user)
    row = get_object_or_404(rows.select_related("committee"), pk=pk)
    actions.release_from_area(row, by=request.user)
    messages.success(request, _("已结束，历史记录保留。"))
    return redirect("contacts:area", slug=slug, pk=row.area_id)


@require_http_methods(["GET", "POST"])
def grids_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A pasted list of grids with their workers."""
    row = get_object_or_404(_seen(request).select_related("committee"), pk=pk)
    _only_keepers(request)
    form = GridsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_grids(row, form.cleaned_data["lines"], by=request.user)
        except ValidationError as refused:
            form.add_error("lines", refused.messages)
        else:
            messages.success(request, _("网格已登记。"))
            return redirect("contacts:area", slug=slug, pk=pk)
    return _form_page(request, form, _("登记网格"), area=row.name, pk=pk)


@require_http_methods(["GET", "POST"])
def grid_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _grid(request, pk)
    _only_keepers(request)
    form = GridForm(request.POST or None, grid=row, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_grid(row, by=request.user, **form.columns)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("contacts:area", slug=slug, pk=row.area_id)
    return _form_page(request, form, _("修改网格"), area=row.area.name, pk=row.area_id, grid=pk)


@require_POST
def grid_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _grid(request, pk)
    actions.remove_grid(row, by=request.user)
    messages.success(request, _("网格已删除。"))
    return redirect("contacts:area", slug=slug, pk=row.area_id)


@never_cache
@require_http_methods(["GET", "POST"])
def grid_reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A grid worker's name and number after a reason, for ten minutes."""
    row = _grid(request, pk)
    if not can_reveal_worker(request.user, row):
        raise PermissionDenied
    return _reveal(request, row)


@proof_required
def _reveal(request: HttpRequest, row: Grid) -> HttpResponse:
    form = RevealForm(request.POST or None)
    open_now = Reveal.objects.open_for(request.user).filter(grid=row).order_by("-until").first()
    until = open_now.until if open_now else None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        until = actions.reveal_worker(row, by=request.user, reason=reason).until
    context = {"grid": row, "form": form, "until": until}
    status = 422 if form.errors else 200
    return render(request, "contacts/grid_reveal.html", context, status=status)


def _grid(request: HttpRequest, pk: int) -> Grid:
    rows = Grid.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.select_related("area", "committee"), pk=pk)


def _only_keepers(request: HttpRequest) -> None:
    if not can_keep_areas(request.user, request.committee):
        raise PermissionDenied


def _form_page(request: HttpRequest, form: Any, here: str, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context |= {"form": form, "here": here}
    return render(request, "contacts/area_form.html", context, status=status)
