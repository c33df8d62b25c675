"""Lists of members to read, print and send, and the statistics of the same day."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.dictionaries import rows_of
from committees.models import Term
from committees.models.organisation import chinese_ordinal
from committees.official_document import word_response
from committees.permissions import is_office
from committees.sign_in import proof_required
from committees.spans import in_words as span_in_words
from committees.workbooks import workbook_response
from members.models import Membership
from sectors.lists import papers
from sectors.lists.actions import choose_columns, note_export
from sectors.lists.columns import (
    OF_DIRECTORY,
    PHONE,
    columns_on,
    may_take_phones,
    offered_to,
    shown_to,
    with_whole_phones,
)
from sectors.lists.figures import FIGURES
from sectors.lists.filters import NONE, ListFilter, RosterFilter
from sectors.lists.forms import ColumnsForm
from sectors.lists.kinds import DIRECTORY, KINDS, Section, arranged
from sectors.lists.papers import List
from sectors.lists.reading import Line, read

CHINESE = "zh-hans"  # a list is a paper: its own words are Chinese whatever the reader's language


@require_GET
def name_list(request: HttpRequest, slug: str, kind: str = "sector") -> HttpResponse:
    """One list as of a day, whole: what is printed has no pages to turn."""
    known(request, kind)
    found = filter_of(request)
    form = found.form
    asked = asked_of(request, kind, found)
    context = {
        "kind": kind,
        "form": form,
        "tabs": tabs(request, kind),
        "terms": _terms(request, kind),
        "query": query_of(form),
        "has_phones": any(column.key == PHONE for column in asked.columns) if asked else False,
        "may_take_phones": may_take_phones(request.user, request.committee),
        "asked": asked,
        "is_directory": kind == DIRECTORY,
        "is_past": asked is not None and asked.is_past,
    }
    if asked and asked.sections:
        offered = offered_to(request.user, request.committee)
        initial = {"columns": [column.key for column in asked.columns]}
        with translation.override(CHINESE):
            context |= {
                "sections": list(papers.on_page(asked)),
                "in_line": papers.in_line(asked.sections),
                "in_lines": papers.in_lines(asked.sections),
            }
        context["columns_form"] = ColumnsForm(offered=offered, initial=initial)
    return render(request, "sectors/lists/list.html", context)


@require_POST
def columns(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember which columns this person wants, and go back to the list with them."""
    form = ColumnsForm(request.POST, offered=offered_to(request.user, request.committee))
    if form.is_valid():
        try:
            wanted = form.cleaned_data["columns"]
            choose_columns(wanted, committee=request.committee, by=request.user)
            messages.success(request, _("已按所选栏目显示，下次打开仍是这些栏目。"))
        except ValidationError as refused:
            messages.error(request, "".join(refused.messages))
    else:
        messages.error(request, _("没有这个栏目，请重新选择。"))
    kind = request.POST.get("kind", "")
    return redirect(
        address_of(slug, kind if kind in KINDS else "sector") + query_of(filter_of(request).form)
    )


@never_cache
@require_GET
def word(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """As Word, margins and fonts as official papers have them; numbers masked."""
    return _file(request, kind, "docx")


@never_cache
@require_GET
def xlsx(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    return _file(request, kind, "xlsx")


@never_cache
@require_http_methods(["GET", "POST"])
def phones(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The list with whole phone numbers, for a clerk who has just given the password.

    By GET comes back who was asked for it: to the list, as it was.
    """
    known(request, kind)
    if not may_take_phones(request.user, request.committee):
        raise PermissionDenied
    if request.method == "POST":
        return _with_phones(request, kind)
    messages.info(request, _("请再点一次“导出”。"))
    return redirect(address_of(slug, kind) + query_of(filter_of(request).form))


@proof_required
def _with_phones(request: HttpRequest, kind: str) -> HttpResponse:
    paper = "docx" if request.POST.get("paper") == "docx" else "xlsx"
    return _file(request, kind, paper, whole=True)


def _file(request: HttpRequest, kind: str, paper: str, *, whole: bool = False) -> HttpResponse:
    known(request, kind)
    found, committee = filter_of(request), request.committee
    asked = asked_of(request, kind, found)
    if asked is None or not asked.sections:
        return redirect(address_of(committee.slug, kind) + query_of(found.form))
    if whole:
        asked = replace(asked, columns=with_whole_phones(asked.columns))
        told = {"kind": kind, "paper": paper, "on": asked.day, "rows": asked.people}
        note_export(committee=committee, by=request.user, **told)
    if paper == "docx":
        name = f"{asked.title}_{asked.day:%Y%m%d}"
        return word_response(papers.word(asked, maker=committee.office_name), name)
    return workbook_response(asked.title, papers.xlsx(asked))


def filter_of(request: HttpRequest, of: type[RosterFilter] = ListFilter) -> RosterFilter:
    """What is asked for, over the memberships this person may see; read its `form` first."""
    rows = Membership.objects.in_committee(request.committee).visible_to(request.user)
    return of(request.GET, queryset=rows, request=request)


def lines_of(request: HttpRequest, found: RosterFilter) -> tuple[list[Line], list[str] | None]:
    """The day's lines as far as a valid filter narrows them, and the person's own columns."""
    lines, chosen = read(
        found.qs,
        committee=request.committee,
        actor=request.user,
        with_phones=is_office(request.user, request.committee),
    )
    if figure := found.form.cleaned_data.get("figure"):
        lines = [line for line in lines if FIGURES[figure].counts(line)]
    return lines, chosen


def asked_of(request: HttpRequest, kind: str, found: RosterFilter) -> List | None:
    """The list that is asked for; None where a field of the form is wrong."""
    if not found.is_valid():
        return None
    lines, chosen = lines_of(request, found)
    with translation.override(CHINESE):
        sections = _narrowed(arranged(kind, lines), found.form.cleaned_data.get(kind, ""))
        of = said_of(found)
    if kind == DIRECTORY:
        chosen = list(OF_DIRECTORY)
    shown = columns_on(kind, shown_to(request.user, request.committee, chosen))
    is_past = found.day != timezone.localdate()
    return List(request.committee, kind, found.day, sections, shown, of, is_past)


def said_of(found: RosterFilter) -> str:
    """What a valid filter narrows the day to, as a paper says it: 教育界、女委员."""
    with translation.override(CHINESE):
        fields = {name: field for name, field in found.form.fields.items() if name != "on"}
        asked = {name: found.form.cleaned_data.get(name) for name in fields}
        labels = {name: dict(field.choices) for name, field in fields.items()}
        told = (str(labels[name].get(key, "")) for name, key in asked.items() if key)
        return "、".join(filter(None, told))


def _narrowed(sections: list[Section], group: str) -> list[Section]:
    """Of a list by commission the one that is asked for: its people may sit in others too."""
    return [one for one in sections if not group or str(one.pk or NONE) == group]


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The lists and the statistics, each of the same day."""
    day = request.GET.get("on", "")
    query = f"?{urlencode({'on': day})}" if day else ""
    slug = request.committee.slug
    made = [(kind, label, address_of(slug, kind)) for kind, (label, _by) in KINDS.items()]
    if is_office(request.user, request.committee):
        made.append((DIRECTORY, _("通讯录"), address_of(slug, DIRECTORY)))
    made.append(("statistics", _("统计"), reverse("sectors:list_statistics", args=[slug])))
    return [
        {"label": label, "url": url + query, "is_current": name == current}
        for name, label, url in made
    ]


def _terms(request: HttpRequest, kind: str) -> list[dict[str, str]]:
    """The committee's terms, each leading to its last day, the present one to today."""
    made, today = [], timezone.localdate()
    for term in rows_of(Term, request.committee):
        if term.span.isempty or term.span.lower is None or term.span.lower > today:
            continue
        upper = term.span.upper
        last = today if upper is None or upper > today else upper - datetime.timedelta(days=1)
        is_chinese = translation.get_language() == CHINESE
        ordinal = chinese_ordinal(term.ordinal) if is_chinese else term.ordinal
        made.append(
            {
                "label": _("%(ordinal)s届") % {"ordinal": ordinal},
                "said": span_in_words(term.span),
                "url": f"{address_of(request.committee.slug, kind)}?on={last.isoformat()}",
            }
        )
    return made


def query_of(form: Any) -> str:
    """The form's own fields as they were typed, for links and for coming back."""
    given = {name: value for name in form.fields if (value := form.data.get(name))}
    return f"?{urlencode(given)}" if given else ""


def address_of(slug: str, kind: str) -> str:
    if kind == "sector":
        return reverse("sectors:lists", args=[slug])
    return reverse("sectors:list_of", args=[slug, kind])


def known(request: HttpRequest, kind: str) -> None:
    """404 for a list there is not; the directory, made of phones, is the office's."""
    if kind != DIRECTORY and kind not in KINDS:
        raise Http404
    if kind == DIRECTORY and not is_office(request.user, request.committee):
        raise PermissionDenied
