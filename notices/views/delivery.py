"""接收设置 for everybody; 发送记录 and 电话通知名单 for the office."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committees.keyset import page_of
from committees.row_ids import row_ids
from committees.sign_in import proof_required
from notices import channels
from notices.actions import delivery as actions
from notices.channels import binding
from notices.filters.delivery import DeliveryFilter
from notices.forms.wishes import WishesForm
from notices.models import Channel, Delivery
from notices.permissions import can_watch_delivery

NEWEST, BY_PERSON = ("-id",), ("recipient_id", "id")
LASTS, SHOWN_UNTIL = 600, "call_list_shown_until"  # seconds; the session's key
STATE_LASTS, STATE_SALT = 600, "notices.wechat"


@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest, slug: str) -> HttpResponse:
    """When and on which channels the person wants to be told."""
    data = request.POST if request.method == "POST" else None
    form = WishesForm(data, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_wishes(by=request.user, **form.given())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("接收设置已保存。"))
            return redirect("notices:wishes", slug=slug)
    context = {
        "form": form,
        "quiet": settings.NOTICE_QUIET.replace("-", "–"),
        "digest_at": settings.NOTICE_DIGEST_AT,
        "may_bind": Channel.WECHAT in form.names,
    }
    return render(request, "notices/wishes.html", context)


@never_cache
@require_GET
def wechat(request: HttpRequest, slug: str) -> HttpResponse:
    """To WeChat and back: the way back carries our signed state and WeChat's code."""
    if Channel.WECHAT not in settings.NOTICE_GATEWAYS:
        raise Http404
    here, code = reverse("notices:wechat", args=[slug]), request.GET.get("code", "")
    if not code:
        back = request.build_absolute_uri(here)
        state = signing.dumps(request.user.pk, salt=STATE_SALT)
        return redirect(binding.authorize_url(back, state))
    try:
        owner = signing.loads(request.GET.get("state", ""), salt=STATE_SALT, max_age=STATE_LASTS)
        if owner != request.user.pk:
            raise signing.BadSignature
        actions.bind_wechat(binding.openid_of(code[:200]), by=request.user)
    except (signing.BadSignature, channels.Bounced, channels.Unavailable):
        messages.error(request, _("没有绑定成功，请在微信里重新打开绑定链接。"))
    else:
        messages.success(request, _("已绑定微信，通知将发到微信服务号。"))
    return redirect("notices:wishes", slug=slug)


# The office ---------------------------------------------------------------------------------------


def _seen(request: HttpRequest) -> Any:
    if not can_watch_delivery(request.user, request.committee):
        raise PermissionDenied
    return Delivery.objects.in_committee(request.committee).visible_to(request.user)


@require_GET
def deliveries(request: HttpRequest, slug: str) -> HttpResponse:
    """What was sent on which channel, newest first; failed ones can be ticked and sent again."""
    found = DeliveryFilter(request.GET, queryset=_seen(request).for_list(), request=request)
    page = page_of(found.qs, request, order=NEWEST)
    context = {"page": page, "form": found.form, "resends": any(r.is_failed for r in page.rows)}
    return render(request, "notices/deliveries.html", context)


@require_POST
def resend(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        count = actions.resend(ticked(request), committee=request.committee, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已重新发送 %(n)s 条。") % {"n": count})
    return redirect("notices:deliveries", slug=slug)


@never_cache
@require_GET
def calls(request: HttpRequest, slug: str) -> HttpResponse:
    """电话通知名单: person by person, what to say; `?told=1` those already told."""
    is_told = request.GET.get("told") == "1"
    rows = _seen(request).for_list()
    if is_told:
        rows = rows.filter(channel=Channel.PHONE, state=Delivery.State.TOLD)
        page = page_of(rows, request, order=NEWEST)
    else:
        page = page_of(rows.to_call(), request, order=BY_PERSON, size=100)
    tabs = [
        {"label": _("待通知"), "url": request.path, "is_current": not is_told},
        {"label": _("已告知"), "url": f"{request.path}?told=1", "is_current": is_told},
    ]
    context = {"page": page, "tabs": tabs, "is_told": is_told, "is_shown": _is_shown(request)}
    return render(request, "notices/calls.html", context)


@require_POST
def told(request: HttpRequest, slug: str) -> HttpResponse:
    is_told = request.POST.get("undo") != "1"
    try:
        count = actions.tell_by_phone(
            ticked(request), committee=request.committee, by=request.user, is_told=is_told
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        words = _("已登记告知 %(n)s 条。") if is_told else _("已撤销登记 %(n)s 条。")
        messages.success(request, words % {"n": count})
    return redirect("notices:calls", slug=slug)


@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, slug: str) -> HttpResponse:
    """The numbers of the list, after the password again and for a reason; for ten minutes."""
    if not can_watch_delivery(request.user, request.committee):
        raise PermissionDenied
    return _reveal(request, slug)


@proof_required
def _reveal(request: HttpRequest, slug: str) -> HttpResponse:
    error, reason = "", request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        try:
            actions.reveal_call_list(request.committee, by=request.user, reason=reason)
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            request.session[SHOWN_UNTIL] = {
                **request.session.get(SHOWN_UNTIL, {}),
                slug: time.time() + LASTS,
            }
            return redirect("notices:calls", slug=slug)
    return render(request, "notices/call_reveal.html", {"error": error, "reason": reason})


def _is_shown(request: HttpRequest) -> bool:
    until = request.session.get(SHOWN_UNTIL, {}).get(request.committee.slug, 0)
    return until > time.time()


def ticked(request: HttpRequest) -> list[int]:
    """The keys of a form's ticks; what is none is left out."""
    given = request.POST.getlist("picked")
    return row_ids(given)
