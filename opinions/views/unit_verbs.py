"""The verbs of the unit's desk, each on a page of its own: what is asked, and POST does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import JSONField, Subquery, Value
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from committees.actions import discard_draft
from committees.dictionaries import rows_of
from committees.models import Draft, User, Workday
from committees.workdays import Calendar
from opinions.actions import unit_desk as verbs
from opinions.actions import unit_replies
from opinions.actions.unit_replies import DRAFT_FORM
from opinions.forms import unit_desk as shapes
from opinions.forms.unit_desk import ReplyForm, planned_initial
from opinions.models import Referral, Reply
from opinions.permissions.unit_desk import VERBS, open_verbs
from opinions.views.unit_desk import replies_of, row_of
from opinions.views.unit_place import Place

CONFLICTS = {"stale", "moved", "referral_extension_open_once", "reply_round_once"}
FORMS: dict[str, type[forms.Form]] = {
    "sign_for": shapes.NameForm,
    "assign_unit": shapes.AssignUnitForm,
    "assign": shapes.AssignForm,
    "ask_refusal": shapes.RefusalForm,
    "withdraw_refusal": shapes.NameForm,
    "decide_refusal": shapes.DecideForm,
    "ask_extension": shapes.ExtensionForm,
    "approve": shapes.VersionForm,
    "answer": shapes.AnswerForm,
    "attach": shapes.AttachForm,
}
DONE = {
    "sign_for": _("已签收"),
    "assign_unit": _("已分办"),
    "assign": _("已分派"),
    "ask_refusal": _("已提交退办申请"),
    "withdraw_refusal": _("已撤回退办申请"),
    "decide_refusal": _("已答复退办申请"),
    "ask_extension": _("已提交延期申请"),
    "approve": _("答复已审定"),
    "answer": _("已提交答复"),
    "attach": _("已补传盖章复函"),
}


def _do(name: str, row: Referral, form: Any, place: Place) -> None:
    """The form's words to the verb."""
    given = form.cleaned_data
    who: dict[str, Any] = {"by": place.actor, "by_name": given["by_name"]}
    scan = given.get("scan")
    deeds: dict[str, Callable[[], Any]] = {
        "sign_for": lambda: verbs.sign_for(row, **who),
        "assign_unit": lambda: verbs.assign_unit(row, given["unit"], **who),
        "assign": lambda: verbs.assign(row, given["assigned_to"], **who),
        "ask_refusal": lambda: verbs.ask_refusal(row, given["cause"], **who),
        "withdraw_refusal": lambda: verbs.withdraw_refusal(row, **who),
        "decide_refusal": lambda: verbs.decide_refusal(
            row, is_granted=given["decision"] == "grant", answer=given["answer"], **who
        ),
        "ask_extension": lambda: verbs.ask_extension(row, given["until"], given["reason"], **who),
        "approve": lambda: unit_replies.approve_reply(row, version=form.seen, **who),
        "answer": lambda: unit_replies.answer(
            row, version=form.seen, uploads=[("stamped", scan)] if scan else [], **who
        ),
        "attach": lambda: unit_replies.attach(row, scan, **who),
    }
    deeds[name]()


@sensitive_post_parameters()
def verb(request: HttpRequest, place: Place, pk: int, name: str) -> HttpResponse:
    if name == "draft":
        return draft(request, place, pk)
    if name not in FORMS:
        raise Http404
    row = row_of(place, pk)
    form, status = _form(request, place, name, row), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _do(name, row, form, place)
            except ValidationError as error:
                add_errors(form, error)
                status = 409 if codes_of(form) & CONFLICTS else 400
            else:
                place.remember(form.cleaned_data["by_name"])
                messages.success(request, DONE[name])
                return redirect(place.url("item", pk=pk))
    replies = replies_of(place, row) if name in ("approve", "answer") else []
    reply = next((one for one in replies if one.answered_at is None), None)
    if reply is not None and not form.is_bound:
        form.initial["version"] = reply.drafted_at.isoformat()
    context = {
        "place": place,
        "row": row,
        "name": name,
        "rule": VERBS[name],
        "form": form,
        "reply": reply,
        "is_possible": name in open_verbs(row, place.units, timezone.localdate()),
        "item_url": place.url("item", pk=pk),
        "latest": _latest(row) if name == "ask_extension" else None,
        "units": getattr(form, "units", ()),
    }
    return render(request, "unit/verb.html", context, status=status)


def _latest(row: Referral) -> Any:
    """By the calendar in the cache: the verb itself reads the rows."""
    days = {day.day: day.is_working for day in rows_of(Workday, row.committee)}
    return verbs.latest_extension(row, Calendar(days))


def _form(request: HttpRequest, place: Place, name: str, row: Referral) -> Any:
    more: dict[str, Any] = {"committee": place.committee} if name == "assign_unit" else {}
    initial = {"by_name": place.by_name}
    if name == "assign":
        initial["assigned_to"] = row.assigned_to
    if request.method == "POST":
        return FORMS[name](request.POST, request.FILES, initial=initial, **more)
    return FORMS[name](initial=initial, **more)


def draft(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """起草答复: kept as often as one likes; a handler's words also save themselves."""
    key = DRAFT_FORM.format(pk=pk)
    row = row_of(place, pk, kept=_typed(place, key))
    last = next((one for one in replies_of(place, row) if one.answered_at is None), None)
    kept = None if request.method == "POST" else row.kept  # type: ignore[attr-defined]
    form = _reply_form(request, place, last, kept)
    status, theirs = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            who: dict[str, Any] = {"by": place.actor, "by_name": form.cleaned_data["by_name"]}
            based = form.based_on
            try:
                unit_replies.draft_reply(
                    row, form.words, version=based, uploads=form.uploads, **who
                )
            except ValidationError as error:
                add_errors(form, error)
                status = 409 if codes_of(form) & CONFLICTS else 400
            else:
                return _taken(request, place, pk, key, form)
    if last is not None and form.based_on != last.drafted_at:
        theirs = last
        form.renew(last.drafted_at)
    context = {
        "place": place,
        "row": row,
        "form": form,
        "reply": last,
        "theirs": theirs,
        "draft_at": parse_datetime(kept["at"]) if kept else None,
        "draft_key": key,
        "is_possible": "draft" in open_verbs(row, place.units, timezone.localdate()),
        "item_url": place.url("item", pk=pk),
    }
    return render(request, "unit/reply.html", context, status=status)


def _reply_form(
    request: HttpRequest, place: Place, last: Reply | None, kept: dict[str, Any] | None
) -> ReplyForm:
    given: dict[str, Any] = {"by_name": place.by_name, "version": ""}
    if last is not None:
        names = ("text", "no_date_reason", "contact_name", "contact_phone")
        given |= {name: getattr(last, name) for name in names}
        given |= planned_initial(last.planned_on, last.planned_precision)
        given |= {"reply_class": last.reply_class_id, "version": last.drafted_at.isoformat()}
    if request.method == "POST":
        return ReplyForm(request.POST, request.FILES, initial=given, committee=place.committee)
    typed = {
        name: value
        for name, value in (kept["content"] if kept else {}).items()
        if name in ReplyForm.base_fields and isinstance(value, str)
    }
    return ReplyForm(initial=given | typed, committee=place.committee)


def _typed(place: Place, key: str) -> Any:
    """What a handler was typing last, in the statement of the row: `{"content", "at"}`."""
    if not isinstance(place.actor, User):
        return Value(None, output_field=JSONField())
    own = Draft.objects.filter(user=place.actor, committee=place.committee, form=key)
    kept = JSONObject(content="content", at="saved_at")
    return Subquery(own.annotate(kept=kept).values("kept")[:1], output_field=JSONField())


def _taken(request: HttpRequest, place: Place, pk: int, key: str, form: ReplyForm) -> HttpResponse:
    place.remember(form.cleaned_data["by_name"])
    tags = ""
    if isinstance(place.actor, User):
        discard_draft(key, by=place.actor, committee=place.committee)
        tags = f"draft-done:{key}"
    messages.success(request, _("已保存"), extra_tags=tags)
    if "next" in request.POST:
        return redirect(place.url("verb", pk=pk, name="approve"))
    return redirect(place.url("item", pk=pk))


@require_POST
def file_remove(request: HttpRequest, place: Place, pk: int, file: int) -> HttpResponse:
    row = row_of(place, pk)
    try:
        unit_replies.remove_file(row, file, by=place.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(place.url("item", pk=pk))
    return redirect(place.url("verb", pk=pk, name="draft"))


def add_errors(form: Any, error: ValidationError) -> None:
    """Each sentence beside its field; what the form has no field for stands on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def codes_of(form: Any) -> set[str]:
    return {one.code for errors in form.errors.as_data().values() for one in errors}
