"""What the pages of every import share: a file uploaded, previewed, confirmed, dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sectors.roster_import.reading import MAX_BYTES

RECENT = 10


class FileForm(forms.Form):
    """Declare `file` with its label; what it holds is judged by the import itself."""

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB。请只保留名册工作表后重新上传。"))
        return file


def upload_page(
    request: Any,
    form: forms.Form,
    read: Callable[[Any, dict[str, Any]], Any],
    *,
    imports: Any,
    preview: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show the form and the recent of `imports`; `read` an upload and go to its `preview`.

    What `read` refuses stands beside its field, without one beside the file.
    """
    if request.method == "POST" and form.is_valid():
        try:
            uploaded = read(request, form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None if hasattr(refused, "error_dict") else "file", refused)
        else:
            return redirect(preview, slug=request.committee.slug, pk=uploaded.pk)
    recent = visible(request, imports).defer("rows", "report")[:RECENT]
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, "recent": recent, **context}, status=status)


def visible(request: Any, imports: Any) -> Any:
    return imports.visible_to(request.user).in_committee(request.committee)


def one_of(request: Any, imports: Any, pk: int) -> Any:
    """Return the import without its rows, which no page shows; 404 for those who may not see it."""
    seen = visible(request, imports).defer("rows").select_related("committee")
    return get_object_or_404(seen, pk=pk)


def deal(request: Any, verb: Callable[..., Any], shown: Any, done: str, **how: Any) -> Any:
    """Do `verb` to the import and say so, or why not; return what came of it, None if nothing.

    Nothing is said of one that a worker is still to do: its page shows that.
    """
    try:
        result = verb(shown, by=request.user, **how)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return None
    if result.is_over:
        messages.success(request, done)
    return result
