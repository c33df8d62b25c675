"""Writing a report, and editing one in the office. Nothing typed is ever lost."""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.actions import discard_draft
from committees.models import Draft, User
from committees.row_ids import row_id
from contacts.models import Visit, VisitMember
from members.models import Member
from opinions import actions
from opinions.actions import DRAFT_FORM
from opinions.bodies import bodies_of
from opinions.differences import marked
from opinions.forms import PARTS, OpinionForm, TextsForm
from opinions.models import Manuscript, Opinion, Status, with_files
from opinions.permissions import can_change_authors, can_read_edited, is_author, is_editor
from opinions.permissions.files import can_attach
from opinions.texts import LONGEST_KEPT, Texts, hints_for
from workrooms.models import Reception
from workrooms.permissions import can_report

MOST_PHONES = 3  # in a text of which it is still said that the resident's is among them
EDITED, ORIGINAL = Manuscript.Kind.EDITED, Manuscript.Kind.ORIGINAL


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A new report, or one that starts from what was said: `?visit=<id>`, `?reception=<id>`."""
    written_for = _written_for(request)
    bodies = bodies_of(request.user, request.committee)
    if not written_for and not bodies:
        raise PermissionDenied
    visit, reception = _visit(request), _reception(request)
    source = visit or reception
    begun = f"{source._meta.model_name}-{source.pk}" if source else "new"
    key = DRAFT_FORM.format(form="write", pk=begun)
    given = _from_source(source, written_for) if source else {}
    if reception:
        given["category"] = reception.category_id
    form, draft = bound(request, OpinionForm, key, given, written_for=written_for, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        try:
            opinion = actions.start_with(
                form.chosen_author,
                form.texts,
                by=request.user,
                body=form.chosen_body,
                visit=visit,
                reception=reception,
                **form.marks,
                **form.beside,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _warn_of_resident(request, reception, form)
            return taken(request, key, opinion, then="submit")
    return page(request, form, draft, key, visit=visit, reception=reception)


def rewrite(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The author's own text, while the report is a draft or was returned."""
    rows = with_files(_rows(request).with_what_was_asked()).select_related("reception")
    opinion = get_object_or_404(rows, pk=pk)
    if not is_author(request.user, opinion):
        raise PermissionDenied
    if request.method != "POST" and opinion.status not in actions.WRITABLE:
        return redirect("opinions:detail", slug=slug, pk=pk)
    key = DRAFT_FORM.format(form="write", pk=pk)
    last = None if request.method == "POST" else _last(opinion)
    given = _given(last) | {"category": opinion.category_id, "theme": opinion.theme_id}
    given["is_urgent"] = opinion.is_urgent
    own = {"files": opinion.file_rows, "may_ask": can_change_authors(request.user, opinion)}
    form, draft = bound(request, OpinionForm, key, given, written_for=[], **own)
    if request.method == "POST" and form.is_valid():
        try:
            beside = form.marks | form.beside | {"version": form.based_on, "drop": form.dropped}
            actions.write_with(opinion, form.texts, by=request.user, **beside)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _warn_of_resident(request, opinion.reception, form)
            then = "submit" if opinion.status == Status.DRAFT else "resubmit"
            return taken(request, key, opinion, then=then)
    theirs = _conflict(form, last or _last(opinion))
    return page(request, form, draft, key, opinion=opinion, theirs=theirs)


def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The office's text beside the original, with what was changed marked sign by sign."""
    opinion = get_object_or_404(with_files(_rows(request)), pk=pk)
    if not is_editor(request.user, opinion):
        raise PermissionDenied
    if request.method != "POST" and opinion.status != Status.EDITING:
        return redirect("opinions:detail", slug=slug, pk=pk)
    original, edited = (None, None) if request.method == "POST" else _both(opinion)
    key = DRAFT_FORM.format(form="edit", pk=pk)
    given = _given(edited or original) | {"version": edited.version if edited else 0}
    form, draft = bound(request, TextsForm, key, given)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(opinion, form.texts, by=request.user, version=form.based_on)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return taken(request, key, opinion, then="send_to_check")
    if form.is_bound:
        original, edited = _both(opinion)
    context = {
        "form": form,
        "draft": draft,
        "draft_key": key,
        "opinion": opinion,
        "original": original,
        "is_newer": bool(edited and original and original.written_at > edited.written_at),
        "theirs": _conflict(form, edited),
        "changes": changes(original, edited),
        **files_of(opinion, request.user),
    }
    return render(request, "opinions/edit.html", context, status=status_of(form))


@require_POST
def hints(request: HttpRequest, slug: str) -> HttpResponse:
    """What the writer may want to look at again, while it is typed; nothing is kept."""
    typed = Texts(*(request.POST.get(part, "")[:LONGEST_KEPT] for part in PARTS)).trimmed()
    found = hints_for(typed) if any(astuple(typed)) else []
    reception = _reception(request)
    may_ask = reception and can_report(request.user, reception) and not _is_guessing(typed)
    if may_ask and (hint := _resident_hint(reception, typed)):
        found.append(hint)
    return render(request, "opinions/_found_hints.html", {"hints": found})


def _is_guessing(texts: Texts) -> bool:
    """Numbers in plenty, to find out which one is the resident's: nothing is said of them."""
    run = re.sub(r"[\s-]", "", "".join(astuple(texts)))
    return len(re.findall(r"1[3-9][0-9]{9}", run)) > MOST_PHONES


def files_of(opinion: Any, actor: User) -> dict[str, Any]:
    """What opinions/_files.html shows of a row read `with_files`; no statement."""
    is_inside = can_read_edited(actor, opinion)
    is_offices_turn = opinion.status == Status.EDITING
    return {
        "files": [row for row in opinion.file_rows if is_inside or not row["is_office"]],
        "may_attach": can_attach(actor, opinion),
        "is_offices_turn": is_offices_turn,
    }


def changes(original: Manuscript | None, edited: Manuscript | None) -> list[tuple[Any, Any]]:
    """Label and marked text of each part, for `opinions/_changes.html`; none if nothing changed."""
    if original is None or edited is None:
        return []
    before, after = Texts.of(original), Texts.of(edited)
    if before == after:
        return []
    return [
        (TextsForm.base_fields[part].label, marked(getattr(before, part), getattr(after, part)))
        for part in PARTS
        if getattr(before, part) or getattr(after, part)
    ]


def _rows(request: HttpRequest) -> Any:
    seen = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    return seen.for_moves()


def _written_for(request: HttpRequest) -> list[Member]:
    """The members in whose name this person may write here, oneself first."""
    scopes = request.user.standing.scopes("member", "delegate", committee=request.committee)
    if not scopes:
        return []
    rows: QuerySet = Member.objects.in_committee(request.committee).visible_to(request.user)
    members = rows.filter(pk__in=scopes).select_related("committee").in_stroke_order()
    return sorted(members, key=lambda member: member.user_id != request.user.pk)


def _last(opinion: Opinion) -> Manuscript | None:
    originals = opinion.manuscripts.filter(kind=ORIGINAL).select_related("written_by")
    return originals.latest_first().first()


def _both(opinion: Opinion) -> tuple[Manuscript | None, Manuscript | None]:
    """The current original and the current edited text."""
    texts = {row.kind: row for row in opinion.manuscripts.current()}
    return texts.get(ORIGINAL), texts.get(EDITED)


def _visit(request: HttpRequest) -> Visit | None:
    asked = request.GET.get("visit", "")
    if not asked:
        return None
    visits = Visit.objects.in_committee(request.committee).visible_to(request.user)
    parts = VisitMember.objects.filter(visit=OuterRef("pk")).values("member_id")
    return get_object_or_404(visits.annotate(member_ids=ArraySubquery(parts)), pk=row_id(asked))


def _reception(request: HttpRequest) -> Any:
    """The entry the report starts from: one that this person sees, and may report of."""
    asked = request.GET.get("reception", "")
    if not asked or request.GET.get("visit"):
        return None
    rows = Reception.objects.in_committee(request.committee).visible_to(request.user)
    received = Reception.members.through.objects.filter(reception=OuterRef("pk"))
    rows = rows.exclude(nature=Reception.Nature.PERSON).select_related("committee")
    member_ids = ArraySubquery(received.values("member_id"))
    return get_object_or_404(rows.annotate(member_ids=member_ids), pk=row_id(asked))


def _from_source(source: Any, written_for: list[Member]) -> dict[str, Any]:
    """Nothing is retyped; a secretary of several writes for whoever was there.

    What was said travels, never the resident's name or phone.
    """
    there = (member.pk for member in written_for if member.pk in source.member_ids)
    author = next(there, written_for[0].pk if written_for else None)
    return {"situation": source.said, "theme": source.theme_id, "author": author}


def _resident_hint(reception: Any, texts: Texts) -> str:
    """A warning where the resident's name or phone stands in the report; it never blocks."""
    if reception is None or reception.is_closed_to_others:
        return ""
    named = reception.named_in(*astuple(texts))
    words = _("文中有来访群众的%(what)s，请删去，转办和报送都不带群众姓名和电话。")
    return words % {"what": "、".join(named)} if named else ""


def _warn_of_resident(request: HttpRequest, reception: Any, form: TextsForm) -> None:
    if hint := _resident_hint(reception, form.texts):
        messages.warning(request, hint)


def _given(manuscript: Manuscript | None) -> dict[str, Any]:
    if manuscript is None:
        return {"version": 0}
    return {part: getattr(manuscript, part) for part in (*PARTS, "version")}


def bound(
    request: HttpRequest, kind: type[TextsForm], key: str, given: dict[str, Any], **more: Any
) -> tuple[Any, Draft | None]:
    """The form as sent, else with what was last being typed in it, else with what is given."""
    if issubclass(kind, OpinionForm):
        more |= {"committee": request.committee, "actor": request.user}
    if request.method == "POST":
        return kind(request.POST, request.FILES, initial=given, **more), None
    own = Draft.objects.filter(user=request.user, committee=request.committee)
    draft = own.filter(form=key).first()
    typed = {
        name: value
        for name, value in (draft.content if draft else {}).items()
        if name in kind.base_fields and isinstance(value, str)
    }
    return kind(initial=given | typed, **more), draft


def _conflict(form: TextsForm, last: Manuscript | None) -> Manuscript | None:
    """The version that somebody else saved meanwhile; the next save follows it knowingly."""
    if last is None or form.based_on == last.version:
        return None
    form.renew(last.version)
    return last


def taken(request: HttpRequest, key: str, opinion: Opinion, *, then: str) -> HttpResponse:
    """The words are safe: the copies of them go, and the next step or the report opens."""
    discard_draft(key, by=request.user, committee=request.committee)
    messages.success(request, _("已保存"), extra_tags=f"draft-done:{key}")
    place = {"slug": request.committee.slug, "pk": opinion.pk}
    if "next" in request.POST:
        return redirect("opinions:move", **place, name=then)
    return redirect("opinions:detail", **place)


def page(
    request: HttpRequest,
    form: OpinionForm,
    draft: Draft | None,
    key: str,
    template: str = "opinions/write.html",
    **more: Any,
) -> HttpResponse:
    typed = Texts(*(str(form[part].value() or "") for part in PARTS))
    hints = hints_for(typed) if form.is_bound or draft else []
    opinion = more.get("opinion")
    if hint := _resident_hint(more.get("reception") or (opinion and opinion.reception), typed):
        hints.append(hint)
    context = {"form": form, "draft": draft, "draft_key": key, "hints": hints, **more}
    return render(request, template, context, status=status_of(form))


def status_of(form: TextsForm) -> int:
    """409 where somebody was first, 400 for other errors, so that a machine reads them too."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if codes & {"stale", "moved"}:
        return 409
    return 400 if codes else 200
