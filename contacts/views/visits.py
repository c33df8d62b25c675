"""Visits: write, read, list, amend, follow up."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.actions import discard_draft
from committees.keyset import page_of
from committees.models import Draft, Role
from committees.permissions import is_office
from committees.row_ids import row_id
from committees.scoping import OFFICE
from contacts import actions
from contacts.filters import VisitFilter
from contacts.forms import FollowUpForm, VisitForm
from contacts.models import Visit
from contacts.permissions import can_amend_visit, can_follow_up, can_log_visits
from contacts.scopes import scopes_of
from contacts.views.people import dress_visit
from contacts.visit_choices import VisitChoices, choices_for

DRAFT = "contacts.visit"
ORDER = ("-happened_on", "-id")
WIDE = (*OFFICE, Role.LEADER, Role.COMMISSION)


@require_GET
def visits(request: HttpRequest, slug: str) -> HttpResponse:
    """The visits this person may see, newest first."""
    user, committee = request.user, request.committee
    tabs = _tabs(request)
    asked = request.GET.copy()
    if tabs and "scope" not in asked:
        asked["scope"] = tabs[0]["scope"]
    rows = Visit.objects.in_committee(committee).visible_to(user).for_list(user)
    found = VisitFilter(asked, rows, request=request)
    page = page_of(found.qs, request, order=ORDER)
    for row in page.rows:
        dress_visit(row, user)
    is_wide = user.standing.has(committee, *WIDE, "convenor") and asked.get("scope") != "mine"
    context = {
        "page": page,
        "filter": found,
        "tabs": tabs,
        "today": timezone.localdate(),
        "may_log": can_log_visits(user, committee),
        "shows_members": is_wide,
        "may_follow": bool(scopes_of(user, committee)),
        "is_filtered": bool(asked.keys() - {"scope", "after", "before"}),
    }
    return render(request, "contacts/visits.html", context)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """我的走访 · 本界别 · 全部, as far as this person has them; one alone is no tab."""
    standing, committee = request.user.standing, request.committee
    has = {
        "mine": standing.has(committee, "member", "delegate"),
        "sector": standing.has(committee, "convenor"),
        "all": standing.has(committee, *WIDE),
    }
    labels = {"mine": _("我的走访"), "sector": _("本界别"), "all": _("全部")}
    scopes = [scope for scope, is_held in has.items() if is_held]
    asked = request.GET.get("scope")
    current = asked if asked in scopes else scopes[0] if scopes else ""
    tabs = [
        {
            "scope": scope,
            "label": labels[scope],
            "url": f"?scope={scope}",
            "is_current": scope == current,
        }
        for scope in scopes
    ]
    return tabs if len(tabs) > 1 else []


@require_http_methods(["GET", "POST"])
def visit_write(request: HttpRequest, slug: str) -> HttpResponse:
    """Log a visit: for oneself, as a delegate, or in the office for anyone (`?member=`).

    `?again=<visit>` begins with the same people, contacts and place as before, `?with=<contact>`
    with that contact.
    """
    user, committee = request.user, request.committee
    if not can_log_visits(user, committee):
        raise PermissionDenied
    member = row_id(request.GET.get("member"))
    typed = request.POST.get("names", "")
    draft, initial = None, dict[str, Any]()
    if request.method != "POST":
        again = row_id(request.GET.get("again"))
        draft = None if again else _draft(request, _key(member))
        initial = _once_more(request, again) if again else draft.content if draft else {}
        if met := row_id(request.GET.get("with")):
            initial = {"contacts": [met], **initial}
        typed = str(initial.get("names", ""))
    choices = choices_for(user, committee, member=member, typed=typed)
    if not choices.principals and not is_office(user, committee):
        raise PermissionDenied
    initial = {"happened_on": timezone.localdate(), **initial}
    form = VisitForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid() and (saved := _log(request, form)):
        return _leads_on(request, form, saved, _key(member))
    return _form_page(request, form, choices, draft, _key(member))


def _key(member: int | None, visit: int | None = None) -> str:
    """One draft for oneself, one for each member entered for, one for each visit amended."""
    if visit:
        return f"{DRAFT}:{visit}"
    return f"{DRAFT}:for-{member}" if member else DRAFT


def _log(request: HttpRequest, form: VisitForm) -> Visit | None:
    members = form.members
    author = members[0]
    try:
        return actions.log_visit(
            committee=request.committee,
            members=members,
            contacts=form.cleaned_data.get("contacts", []),
            by=request.user,
            on_behalf_of=None if author.user_id == request.user.pk else author,
            **form.columns,
        )
    except ValidationError as refused:
        form.add_error(None, refused)
    return None


def _leads_on(request: HttpRequest, form: VisitForm, visit: Visit, key: str) -> HttpResponse:
    """The saved visit, or the report that starts from it."""
    discard_draft(key, by=request.user, committee=request.committee)
    messages.success(request, _("走访联系记录已保存。"), extra_tags=f"draft-done:{key}")
    slug = request.committee.slug
    if form.cleaned_data.get("then_opinion"):
        return redirect(f"{reverse('opinions:write', kwargs={'slug': slug})}?visit={visit.pk}")
    return redirect("contacts:visit", slug=slug, pk=visit.pk)


def _form_page(
    request: HttpRequest,
    form: VisitForm,
    choices: VisitChoices,
    draft: Draft | None,
    key: str,
    visit: Visit | None = None,
    theirs: Any = (),
) -> HttpResponse:
    author = choices.principals[0] if len(choices.principals) == 1 else None
    context = {
        "form": form,
        "visit": visit,
        "theirs": theirs,
        "draft": draft,
        "draft_key": key,
        "has_channels": bool(choices.channels),
        "entered_for": author if author and author.user_id != request.user.pk else None,
        "names_first": not choices.principals,
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "contacts/visit_form.html", context, status=status)


def _draft(request: Any, key: str) -> Draft | None:
    return Draft.objects.filter(user=request.user, committee=request.committee, form=key).first()


def _once_more(request: HttpRequest, pk: int) -> dict[str, Any]:
    """The next visit to the same people begins with what does not change."""
    before = get_object_or_404(_seen(request).with_people(request.user), pk=pk)
    return {
        "channel": before.channel_id,
        "contacts": [contact["pk"] for contact in before.met],
        "others": [person["pk"] for person in before.people],
        "place": before.place,
    }


@require_GET
def visit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One visit, what became of it, and the three things to do next."""
    user = request.user
    rows = _seen(request).for_list(user).with_met_count().prefetch_related("parts")
    row = dress_visit(get_object_or_404(rows, pk=pk), user)
    own = user.standing.scopes("member", "delegate")
    context = {
        "visit": row,
        "unseen": row.met_count - len(row.met),
        "opinions": list(row.opinions.visible_to(user).order_by("-id")[:20]),
        "today": timezone.localdate(),
        "may_amend": can_amend_visit(user, row),
        "photos": list(row.photos.all()),
        "may_photograph": can_follow_up(user, row),
        "may_follow_up": row.awaits_follow_up and can_follow_up(user, row),
        "may_write": any(person["pk"] in own for person in row.people),
        "weeks": _follow_up_days(row),
        "form": FollowUpForm(),
    }
    return render(request, "contacts/visit.html", context)


def _follow_up_days(row: Visit) -> list[tuple[str, str]]:
    today = timezone.localdate()
    labels = ((7, _("一周后")), (14, _("两周后")), (30, _("一个月后")))
    return [((today + datetime.timedelta(days=n)).isoformat(), label) for n, label in labels]


@require_http_methods(["GET", "POST"])
def visit_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct a visit; every amendment is on the trail."""
    user, committee = request.user, request.committee
    row = get_object_or_404(_seen(request).with_people(user), pk=pk)
    if not can_amend_visit(user, row):
        raise PermissionDenied
    key = _key(None, row.pk)
    draft = None if request.method == "POST" else _draft(request, key)
    typed = request.POST.get("names", "")
    choices = choices_for(user, committee, visit=row, typed=typed)
    initial = {**_as_it_is(row, choices), **(draft.content if draft else {}), "is_amended": True}
    form = VisitForm(request.POST or None, choices=choices, initial=initial, is_new=False)
    theirs: list[tuple[Any, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_visit(
                row,
                by=user,
                members=form.members,
                contacts=form.cleaned_data.get("contacts"),
                version=form.cleaned_data["version"],
                **form.columns,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            theirs = _theirs(request, form, pk) if getattr(refused, "code", "") == "stale" else []
        else:
            return _leads_on(request, form, row, key)
    return _form_page(request, form, choices, draft, key, visit=row, theirs=theirs)


def _theirs(request: HttpRequest, form: VisitForm, pk: int) -> list[tuple[Any, str]]:
    """What somebody saved meanwhile, where it differs from what was typed here."""
    row = _seen(request).with_people(request.user).get(pk=pk)
    form.initial.update(_as_it_is(row, form.offered))
    return form.compared(row.version)


def _as_it_is(row: Any, choices: VisitChoices) -> dict[str, Any]:
    colleagues = {member.pk for member in choices.colleagues}
    offered = colleagues | {member.pk for member in choices.principals}
    return {
        "channel": row.channel_id,
        "occasion": row.occasion_id,
        "theme": row.theme_id,
        "happened_on": row.happened_on,
        "place": row.place,
        "people_count": row.people_count,
        "said": row.said,
        "promised": row.promised,
        "follow_up_on": row.follow_up_on,
        "version": row.version,
        "contacts": [contact["pk"] for contact in row.met],
        "others": [person["pk"] for person in row.people if person["pk"] in colleagues],
        "names": "、".join(_told_apart(p) for p in row.people if p["pk"] not in offered),
    }


def _told_apart(person: dict[str, Any]) -> str:
    return f"{person['name']}（{person['sector']}）" if person["sector"] else person["name"]


@require_POST
def follow_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`follow_up_on=…` plans it, nothing says it was done."""
    row = get_object_or_404(_seen(request), pk=pk)
    form = FollowUpForm(request.POST)
    try:
        if "follow_up_on" not in request.POST:
            actions.finish_follow_up(row, by=request.user)
            messages.success(request, _("已标记为跟进完成。"))
        elif form.is_valid():
            actions.plan_follow_up(row, on=form.cleaned_data["follow_up_on"], by=request.user)
            messages.success(request, _("已设定跟进日期，到期前在首页提醒。"))
        else:
            messages.error(request, _("请填写跟进日期。"))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("contacts:visit", slug=slug, pk=pk)


def _seen(request: HttpRequest) -> Any:
    rows = Visit.objects.in_committee(request.committee).visible_to(request.user)
    return rows.select_related("committee", "on_behalf_of")
