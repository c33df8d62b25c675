"""Table cards (桌签) of the people on a list, to print and fold, and as Word to cut."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from committees.official_document import table_cards_docx, word_response
from committees.templatetags.portal import name as set_apart
from sectors.lists.papers import List
from sectors.lists.views.lists import address_of, asked_of, filter_of, known, query_of


@require_GET
def cards(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """In the order of the list, each person once."""
    known(request, kind)
    found = filter_of(request)
    asked = asked_of(request, kind, found)
    context = {
        "kind": kind,
        "form": found.form,
        "query": query_of(found.form),
        "asked": asked,
        "names": [(name, min(len(name), 9)) for name in _names(asked)] if asked else [],
        "back": address_of(slug, kind) + query_of(found.form),
    }
    return render(request, "sectors/lists/cards.html", context)


@never_cache
@require_GET
def word(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    known(request, kind)
    found, committee = filter_of(request), request.committee
    asked = asked_of(request, kind, found)
    if asked is None or not asked.sections:
        return redirect(address_of(slug, kind) + query_of(found.form))
    title = f"{committee.name}桌签"
    content = table_cards_docx(_names(asked), title=title, maker=committee.office_name)
    return word_response(content, f"{title}_{asked.day:%Y%m%d}")


def _names(asked: List) -> list[str]:
    people = {
        line.member.pk: set_apart(line.member.name)
        for section in asked.sections
        for line in section.lines
    }
    return list(people.values())
