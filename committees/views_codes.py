"""The page of signing in by SMS: first the number, then the code."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from committees import sign_in, sign_in_codes
from committees.forms import CodeForm, PhoneForm

TOO_OFTEN = 429


@login_not_required
@never_cache
@sensitive_post_parameters("code", "phone")
def code(request: HttpRequest) -> HttpResponse:
    """`ask` sends a code, `code` signs in with it; a number that is unknown reads the same."""
    if not sign_in_codes.is_offered():
        raise Http404
    if request.method != "POST":
        return _page(request, PhoneForm())
    if "code" in request.POST:
        return _enter(request)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if not ratelimit.consume(request, action="sms_ask"):
        form.add_error("phone", _("尝试次数过多，请十分钟后再试。"))
        return _page(request, form, status=TOO_OFTEN)
    phone = form.cleaned_data["phone"]
    try:
        sign_in_codes.ask_code(phone, by=sign_in.visitor(request))
    except ValidationError as error:
        if error.code != "too_soon":
            form.add_error("phone", error)
            return _page(request, form)
        entering = CodeForm(initial={"phone": phone, "remember": True})
        return _page(request, entering, said=error.messages[0])
    return _page(request, CodeForm(initial={"phone": phone, "remember": True}))


def _enter(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if not ratelimit.consume(request, action="sms_code"):
        form.add_error("code", _("尝试次数过多，请五分钟后再试。"))
        return _page(request, form, status=TOO_OFTEN)
    given = form.cleaned_data
    try:
        user = sign_in_codes.use_code(given["phone"], given["code"], by=sign_in.visitor(request))
    except ValidationError as error:
        form.add_error("code", error)
        return _page(request, form)
    perform_login(request, user, signal_kwargs={"by": "sms"})
    record_authentication(request, request.user, method="sms")
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if given["remember"] else 0)
    return redirect(get_next_redirect_url(request) or "/")


def _page(
    request: HttpRequest, form: PhoneForm | CodeForm, *, said: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "is_asked": isinstance(form, CodeForm), "said": said}
    return render(request, "committees/sign_in_code.html", context, status=status)
