"""The category of a report as the office sets it, and what the portal has learnt of categories."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from committees.dictionaries import rows_of
from committees.models import Category
from opinions import categories as learning
from opinions.actions.categorising import categorise
from opinions.forms.similar import CategoryForm
from opinions.models import CategoryModel, Opinion
from opinions.permissions.similar import can_categorise, can_read_category_model
from opinions.texts import stored_whole
from opinions.views.similar import suggested


def category(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The category with what is suggested beside it; a part of the editing page, and a page."""
    rows = Opinion.objects.in_committee(request.committee).visible_to(request.user)
    row: Any = get_object_or_404(rows.for_moves().annotate(text=stored_whole()), pk=pk)
    if not can_categorise(request.user, row):
        raise PermissionDenied
    given = {"category": row.category_id or ""}
    in_committee = {"committee": request.committee, "kept": row.category_id}
    form = CategoryForm(request.POST or None, initial=given, **in_committee)
    is_saved, status = False, 200
    if request.method == "POST":
        if form.is_valid() and "category" in request.POST:
            try:
                categorise(row, form.chosen, by=request.user)
                is_saved = True
            except ValidationError as error:
                form.add_error(None, error)
        status = 200 if is_saved else 400
    if is_saved and not request.htmx:
        messages.success(request, _("类别已保存"))
        return redirect("opinions:detail", slug=slug, pk=pk)
    context = {"opinion": row, "form": form, "is_saved": is_saved}
    named = suggested(request, row.text or "")
    is_set = bool(named and named["category"].pk == row.category_id)
    context["suggested"] = None if is_set else named
    page = "opinions/_category.html" if request.htmx else "opinions/category.html"
    return render(request, page, context, status=status)


def categories(request: HttpRequest, slug: str) -> HttpResponse:
    """What the suggestion was learnt from, and how often it was right."""
    if not can_read_category_model(request.user, request.committee):
        raise PermissionDenied
    seen = CategoryModel.objects.in_committee(request.committee).visible_to(request.user)
    model = seen.defer("weights").first()
    names = {row.pk: row.name for row in rows_of(Category, request.committee)}
    context = {
        "model": model,
        "names": [names[pk] for pk in model.categories if pk in names] if model else [],
        "least": learning.LEAST_TEXTS,
        "least_of_one": learning.LEAST_OF_ONE,
        "least_categories": learning.LEAST_CATEGORIES,
    }
    return render(request, "opinions/categories.html", context)
