"""The small page that puts any pasted list of names in the official order."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from members.name_order import in_stroke_order, split_names, unknown_characters

MAX_CHARACTERS = 200_000


class NamesForm(forms.Form):
    """A pasted list: one name a line, or parted by 、 ， ；."""

    names = forms.CharField(
        label=_("姓名"),
        max_length=MAX_CHARACTERS,
        help_text=_("每行一个，或用顿号、逗号隔开；姓名后可带（女，回族）。"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


@require_http_methods(["GET", "POST"])
def order_names(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pasted names in stroke order; nothing is kept."""
    form = NamesForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        ordered = in_stroke_order(split_names(form.cleaned_data["names"]))
        context |= {
            "ordered": "\n".join(ordered),
            "count": len(ordered),
            "unknown": unknown_characters(*ordered),
        }
    status = 422 if form.errors else 200
    return render(request, "members/order_names.html", context, status=status)
