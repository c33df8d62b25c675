"""`/u/<token>`: the code sent apart opens the desk; after that no address has the token."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from committees.sign_in import address_of, visitor
from opinions import unit_sessions
from opinions.actions.unit_links import close_link, find_link, open_link
from opinions.forms.unit_desk import LinkCodeForm
from opinions.views.unit_place import gone
from workrooms import public_limits

TOO_MANY = 429


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@sensitive_variables("token")
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Asks the code of a live link. Nothing is said of the unit before it was right."""
    request.user = AnonymousUser()
    address = address_of(request)
    if not public_limits.may_guess(address):
        return gone(request, status=TOO_MANY)
    link = find_link(token)
    if link is None:
        public_limits.note_guess(address)
        return gone(request)
    form = LinkCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_link(link, form.cleaned_data["code"], by=visitor(request))
        except ValidationError as error:
            public_limits.note_guess(address)
            if error.code == "gone":
                return gone(request)
            form.add_error("code", error)
        else:
            response = redirect("unit_link:desk")
            unit_sessions.begin(response, link)
            return response
    # 200 also for a wrong code: what is refused is logged with its address, which is the token.
    return render(request, "unit/code.html", {"form": form})


@login_not_required
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """退出: the session is gone, here and at the server."""
    request.user = AnonymousUser()
    session = unit_sessions.current(request)
    if session is None:
        return gone(request)
    close_link(session.link, by=session.actor)
    response = render(request, "unit/left.html", {"title": _("已退出")})
    unit_sessions.end(request, response)
    return response
