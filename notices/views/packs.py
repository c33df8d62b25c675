"""宣讲资料: what a member opens during a visit, and how the office puts it together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from committees.files import serve
from committees.keyset import page_of
from notices import wechat
from notices.actions import keeping
from notices.forms.documents import ItemForm, PackForm
from notices.models import PackItem, PolicyPack
from notices.permissions import can_keep_documents
from notices.views.rules import kept, tell

NEWEST = ("-id",)


def _seen(request: HttpRequest) -> Any:
    rows = PolicyPack.objects.in_committee(request.committee).visible_to(request.user)
    return rows.for_list()


@require_safe
def packs(request: HttpRequest, slug: str) -> HttpResponse:
    """Those in use, the newest first; `?of=past`, and for the office `?of=drafts`."""
    may_keep = can_keep_documents(request.user, request.committee)
    of = request.GET.get("of", "")
    rows = _seen(request)
    if of == "past":
        rows = rows.past()
    elif of == "drafts" and may_keep:
        rows = rows.drafts()
    else:
        of, rows = "", rows.usable()
    here = request.path
    named = [("", _("在用")), ("past", _("已过期或停用"))]
    named += [("drafts", _("未发布"))] if may_keep else []
    tabs = [
        {"label": label, "url": f"{here}?of={name}" if name else here, "is_current": of == name}
        for name, label in named
    ]
    page = page_of(rows, request, order=NEWEST)
    context = {"page": page, "tabs": tabs, "may_keep": may_keep, "of": of}
    return render(request, "packs/list.html", context)


@require_safe
def pack(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everything on one page, so that it stays open on the phone during the visit."""
    row = get_object_or_404(_seen(request), pk=pk)
    context = {
        "pack": row,
        "items": row.items.select_related("attachment"),
        "is_usable": row.is_usable(timezone.localdate()),
        "may_keep": can_keep_documents(request.user, request.committee),
        "wechat": wechat.of_pack(row, request.build_absolute_uri()),
    }
    return render(request, "packs/detail.html", context)


def new(request: HttpRequest, slug: str) -> HttpResponse:
    kept(request)
    return _write(request, None)


def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    kept(request)
    return _write(request, get_object_or_404(_seen(request), pk=pk))


def _write(request: HttpRequest, row: PolicyPack | None) -> HttpResponse:
    committee = request.committee
    form = PackForm(request.POST or None, instance=row, committee=committee)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, **form.cleaned_data}
        try:
            done = (
                keeping.amend_pack(row, **given) if row else keeping.start_pack(committee, **given)
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已保存。"))
            page = "packs:detail" if row else "packs:item_new"
            return redirect(page, slug=committee.slug, pk=done.pk)
    return render(request, "packs/form.html", {"form": form, "pack": row})


@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _moved(request, pk, keeping.publish_pack, _("已发布，委员现在可以打开。"))


@require_POST
def take_down(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _moved(request, pk, keeping.take_down_pack, _("已停用。"))


def _moved(request: HttpRequest, pk: int, verb: Any, words: str) -> HttpResponse:
    row = get_object_or_404(_seen(request), pk=pk)
    try:
        verb(row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return redirect("packs:detail", slug=request.committee.slug, pk=pk)


def item_new(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    kept(request)
    row = get_object_or_404(_seen(request), pk=pk)
    return _write_item(request, row, None)


def item_edit(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    kept(request)
    row = get_object_or_404(_seen(request), pk=pk)
    return _write_item(request, row, get_object_or_404(row.items, pk=item))


def _write_item(request: HttpRequest, row: PolicyPack, item: PackItem | None) -> HttpResponse:
    form = ItemForm(request.POST or None, request.FILES or None, instance=item)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, **form.cleaned_data}
        try:
            if item:
                keeping.amend_item(item, **given)
            else:
                keeping.add_item(row, **given)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("材料已保存。"))
            return redirect("packs:detail", slug=row.committee.slug, pk=row.pk)
    return render(request, "packs/item_form.html", {"form": form, "pack": row, "item": item})


@require_POST
def item_remove(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    """Twice is no error: what is gone is gone."""
    row = get_object_or_404(_seen(request), pk=pk)
    kept(request)
    for one in row.items.filter(pk=item).select_related("pack__committee"):
        keeping.remove_item(one, by=request.user)
    messages.success(request, _("材料已移除。"))
    return redirect("packs:detail", slug=slug, pk=pk)


@require_GET
def item_file(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponseBase:
    """The bytes, for whoever sees the pack."""
    row = get_object_or_404(_seen(request), pk=pk)
    items = row.items.filter(attachment__isnull=False).select_related("attachment__committee")
    return serve(get_object_or_404(items, pk=item).attachment, request)
