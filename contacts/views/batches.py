"""Several contacts at once (批量处理), and undoing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from committees.models import User
from committees.row_ids import row_ids
from contacts import actions
from contacts.forms import BatchForm
from contacts.models import Contact, ContactBatch
from contacts.permissions import can_judge_contacts, shown_name
from contacts.visit_choices import members_named


@require_POST
def batch(request: HttpRequest, slug: str) -> HttpResponse:
    """The ticked contacts and what may be done to them; with `deed=` it is done."""
    rows = _picked(request)
    form = BatchForm(request.POST)
    if rows and request.POST.get("deed") and form.is_valid():
        try:
            done = _do(request, rows, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("to", refused.messages)
        else:
            return redirect("contacts:batch_done", slug=slug, pk=done.pk)
    is_asked = bool(request.POST.get("deed"))
    context = {
        "rows": rows,
        "form": form if is_asked else BatchForm(),
        "may_judge": can_judge_contacts(request.user, request.committee),
        "proposed": sum(row.state != Contact.State.CONFIRMED for row in rows),
    }
    status = 422 if is_asked else 200
    return render(request, "contacts/batch.html", context, status=status)


def _picked(request: HttpRequest) -> list[Any]:
    picked = request.POST.getlist("picked")
    ids = row_ids(picked)
    seen = Contact.objects.in_committee(request.committee).visible_to(request.user)
    rows = seen.filter(pk__in=ids).select_related("member", "sector")
    return _named(list(rows.order_by("-id")[: actions.MOST_IN_BATCH + 1]), request.user)


def _named(rows: list[Any], user: User) -> list[Any]:
    for row in rows:
        row.shown_name = shown_name(user, row)
    return rows


def _do(request: HttpRequest, rows: list[Any], deed: str, to: str) -> ContactBatch:
    told: dict[str, Any] = {"committee": request.committee, "by": request.user}
    if deed == ContactBatch.Deed.CONFIRM:
        return actions.confirm_contacts(rows, **told)
    if deed == ContactBatch.Deed.RETIRE:
        return actions.retire_contacts(rows, **told)
    if deed != ContactBatch.Deed.HAND_OVER:
        raise ValidationError(_("请选择要做的处理。"))
    members = members_named(request.user, request.committee, to)
    if len(members) != 1:
        raise ValidationError(_("请填写一名委员。"))
    return actions.hand_over(rows, to=members[0], **told)


@require_GET
def batch_done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was done, with the way back."""
    done = _mine(request, pk)
    seen = Contact.objects.in_committee(request.committee).visible_to(request.user)
    rows = seen.filter(pk__in=list(done.before)).select_related("member", "sector")
    context = {
        "batch": done,
        "count": len(done.before),
        "rows": _named(list(rows.order_by("-id")), request.user),
    }
    return render(request, "contacts/batch_done.html", context)


@require_POST
def batch_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    done = _mine(request, pk)
    try:
        count = actions.undo_batch(done, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = ngettext("已恢复 %(n)s 名联系人。", "已恢复 %(n)s 名联系人。", count) % {"n": count}
        if left := len(done.before) - count:
            said += _("另有 %(left)s 名此后又有改动，保持现状。") % {"left": left}
        messages.success(request, said)
    return redirect("contacts:batch_done", slug=slug, pk=pk)


def _mine(request: HttpRequest, pk: int) -> ContactBatch:
    rows = ContactBatch.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows.select_related("committee"), pk=pk)
