"""Pages of signing in without a password, of the own account, and of printing slips."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from committees import session_age, sign_in, slips
from committees.audit import record
from committees.forms import NewPasswordForm, SlipForm, SlipSearch
from committees.row_ids import row_id, row_ids
from committees.slip_paper import is_only_here, papers

SHOWN = 100  # people on the page of slips; more are found by name or sector
TOO_OFTEN = 429


# Signing in -------------------------------------------------------------------------------------


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def slip(request: HttpRequest, code: str = "") -> HttpResponse:
    """Sign in by a slip. Opening the link spends nothing: chats and scanners open it beforehand."""
    if request.method != "POST":
        digits = "".join(ch for ch in code if ch.isdigit())[: slips.DIGITS]
        form = SlipForm(initial={"code": slips.in_groups(digits), "remember": True})
        return render(request, "committees/slip.html", {"form": form, "is_scanned": bool(digits)})
    form = SlipForm(request.POST)
    status = 200
    if form.is_valid():
        if not ratelimit.consume(request, action="slip", key="everyone", dry_run=True):
            form.add_error("code", _("尝试次数过多，请五分钟后再试。"))
            status = TOO_OFTEN
        elif _signed_in_by_slip(request, form):
            return redirect(_with_next(request, reverse("account_set_password")))
    return render(request, "committees/slip.html", {"form": form}, status=status)


def _signed_in_by_slip(request: HttpRequest, form: SlipForm) -> bool:
    try:
        user = slips.use_slip(form.cleaned_data["code"], by=sign_in.visitor(request))
    except ValidationError as error:
        ratelimit.consume(request, action="slip", key="everyone")
        form.add_error("code", error)
        return False
    perform_login(request, user, signal_kwargs={"by": "slip"})
    record_authentication(request, request.user, method="slip")
    remember = form.cleaned_data["remember"]
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if remember else 0)
    sign_in.free_password(request)
    return True


def _with_next(request: HttpRequest, url: str) -> str:
    wanted = get_next_redirect_url(request)
    return f"{url}?{urlencode({'next': wanted})}" if wanted else url


@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """How to get in again: there is no e-mail, the office's clerk prints a slip."""
    return render(request, "account/password_reset.html")


@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest) -> HttpResponse:
    """A new password without the old one, within fifteen minutes of coming by a slip."""
    if not sign_in.is_password_free(request):
        if request.user.has_usable_password():
            return redirect("account_change_password")
        return render(request, "account/password_reset.html")
    onward = get_next_redirect_url(request) or "/"
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        get_adapter().set_password(request.user, form.cleaned_data["new_password1"])
        sign_in.keep_this_session(request, request.user)
        messages.success(request, _("密码已设置，下次可用手机号码（登录名）和密码登录。"))
        return redirect(onward)
    return render(request, "account/password_set.html", {"form": form, "onward": onward})


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own; who is inside and yet sent here has no business there."""
    wanted = get_next_redirect_url(request) or reverse("admin:index")
    if request.user.is_authenticated and request.user.is_staff:
        return redirect(wanted)
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


# The own devices --------------------------------------------------------------------------------


@never_cache
def devices(request: HttpRequest) -> HttpResponse:
    """登录设备: where the account is signed in; any one can be signed out from here."""
    live = session_age.devices(request.user)
    if request.method == "POST":
        return _end_devices(request, live)
    rows = [
        {
            "session": one,
            "name": session_age.device_name(one.user_agent),
            "is_phone": session_age.is_phone(one.user_agent),
            "is_this": one.is_current(),
        }
        for one in live
    ]
    others = sum(not row["is_this"] for row in rows)
    context = {"devices": rows, "others": others}
    return render(request, "usersessions/usersession_list.html", context)


def _end_devices(request: HttpRequest, live: list[Any]) -> HttpResponse:
    others = [one for one in live if not one.is_current()]
    wanted = request.POST.get("session")
    ending = [one for one in others if wanted in ("others", str(one.pk))]
    sessions_adapter().end_sessions(ending)
    if ending:
        committee = sign_in.home_committee(request.user)
        record("session.end", by=request.user, committee=committee, count=len(ending))
        count = len(ending)
        messages.success(
            request,
            ngettext("已退出 %(n)s 台设备。", "已退出 %(n)s 台设备。", count) % {"n": count},
        )
    return redirect("usersessions_list")


# Printing slips ---------------------------------------------------------------------------------


@never_cache
def slip_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to print a slip for; `?person=<pk>` shows that person alone, ticked."""
    if not slips.may_print_slips(request.user, request.committee):
        raise PermissionDenied
    form = SlipSearch(request.GET, committee=request.committee)
    people = form.narrow(slips.printable(request.user, request.committee), request.committee)
    person = row_id(request.GET.get("person"))
    is_one = person is not None
    if is_one:
        people = people.filter(pk=person)
    rows = list(people[: SHOWN + 1])
    context = {
        "form": form,
        "people": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "shown": SHOWN,
        "is_ticked": is_one,
        "is_filtered": any(request.GET.get(name) for name in ("q", "sector", "state", "person")),
    }
    return render(request, "committees/slips.html", context)


@never_cache
@require_POST
def slip_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The printed slips themselves: their codes are in this one answer and nowhere else."""
    ticked = _ticked(request)
    try:
        printed = slips.print_slips(ticked, committee=request.committee, by=request.user)
    except ValidationError as error:
        return _back_with(request, error)
    context = {
        "papers": papers(printed, request=request),
        "is_only_here": is_only_here(request),
    }
    return render(request, "committees/slips_printed.html", context)


@require_POST
def slip_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    ticked = _ticked(request)
    try:
        count = slips.withdraw_slips(ticked, committee=request.committee, by=request.user)
    except ValidationError as error:
        return _back_with(request, error)
    messages.success(
        request, ngettext("已作废 %(n)s 张凭条。", "已作废 %(n)s 张凭条。", count) % {"n": count}
    )
    return redirect("committees:slips", slug=slug)


def _ticked(request: HttpRequest) -> list[Any]:
    """The ticked people that exist here, in the list's order."""
    wanted = row_ids(request.POST.getlist("person"))
    return list(slips.people(request.committee).filter(pk__in=wanted)) if wanted else []


def _back_with(request: HttpRequest, error: ValidationError) -> HttpResponse:
    for sentence in error.messages:
        messages.error(request, sentence)
    return redirect("committees:slips", slug=request.committee.slug)
