"""常用筛选: the chips above the list, and the page where they are named anew or deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opinions.actions.saved_filters import delete_filter, rename_filter, save_filter
from opinions.filters import OpinionFilter
from opinions.forms.saved_filters import FilterNameForm, SavedFilterForm
from opinions.models.saved_filters import SavedFilter, cache_key

KIND = SavedFilter.Kind.OPINIONS
KNOWN = (*OpinionFilter.base_filters, "of")
LONGEST_VALUE = 100
SECONDS = 600


def known_query(text: str) -> str:
    """What a list's address asks for, in one way of writing it; what the list does not know, and
    where in it one was, is left out."""
    given = QueryDict(text)
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        value = given.get(name, "").replace("\x00", "").strip()[:LONGEST_VALUE]
        if value:
            kept[name] = value
    return kept.urlencode()


def saved_context(request: HttpRequest) -> dict[str, Any]:
    """For `opinions/_saved.html`; the rows come from the cache until they change."""
    user, committee = request.user, request.committee
    key = cache_key(user.pk, committee.pk, KIND)
    rows = cache.get(key)
    if rows is None:
        mine = SavedFilter.objects.in_committee(committee).visible_to(user).filter(kind=KIND)
        rows = list(mine.values("name", "query"))
        cache.set(key, rows, SECONDS)
    query = known_query(request.GET.urlencode())
    saved = [{**row, "is_current": row["query"] == query} for row in rows]
    is_asked = any(name not in ("of", "person") for name in QueryDict(query))
    is_new = is_asked and not any(row["is_current"] for row in saved)
    return {"saved_filters": saved, "query": query, "is_new_filter": is_new, "is_asked": is_asked}


def saved_filters(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own, to be named anew or deleted; POST keeps another one and leads back to the list."""
    form = SavedFilterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        query = known_query(form.cleaned_data["query"])
        try:
            save_filter(
                form.cleaned_data["name"], query, by=request.user, committee=request.committee
            )
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("已保存为常用筛选。"))
            return redirect(f"{reverse('opinions:list', args=[slug])}?{query}")
    return _page(request, form if request.method == "POST" else None)


@require_POST
def rename(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = FilterNameForm(request.POST)
    if form.is_valid():
        try:
            rename_filter(row, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("已改名。"))
            return redirect("opinions:saved_filters", slug=slug)
    return _page(request, None, renamed=(row.pk, form))


@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    delete_filter(_own(request, pk), by=request.user)
    messages.success(request, _("已删除。"))
    return redirect("opinions:saved_filters", slug=slug)


def _own(request: HttpRequest, pk: int) -> SavedFilter:
    rows = SavedFilter.objects.in_committee(request.committee).visible_to(request.user)
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest,
    form: SavedFilterForm | None,
    *,
    renamed: tuple[int, FilterNameForm] | None = None,
) -> HttpResponse:
    rows = SavedFilter.objects.in_committee(request.committee).visible_to(request.user)
    lines = [
        (
            row,
            renamed[1]
            if renamed and renamed[0] == row.pk
            else FilterNameForm(initial={"name": row.name}, auto_id=f"id_%s_{row.pk}"),
        )
        for row in rows.filter(kind=KIND)
    ]
    context = {"lines": lines, "form": form}
    status = 400 if form is not None or renamed else 200
    return render(request, "opinions/saved_filters.html", context, status=status)
