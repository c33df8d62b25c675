"""Signing in: by phone or a name the office gives, with a password or a slip; never by sign-up.

django-allauth leads through the pages; what is ours is whom a typed name means, that every attempt
leaves an audit entry, and that a fresh proof of the person can be asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from committees.actors import Guest
from committees.audit import record, reference
from committees.models import Committee, User
from committees.sealed import normal_phone, one_way
from committees.session_age import STARTED_AT

PHONE_DIGITS = 11
UNKNOWN_ADDRESS = "0.0.0.0"
PASSWORD_FREE_UNTIL = "password_free_until"
PASSWORD_FREE_SECONDS = 15 * 60


def visitor(request: HttpRequest) -> Guest:
    """Who is not signed in: all the audit trail knows is the address."""
    return Guest("visitor", address_of(request))


def address_of(request: HttpRequest) -> str:
    """The client's address; behind proxies as TRUSTED_PROXIES says, on a socket unknown."""
    return get_client_ip(request) or UNKNOWN_ADDRESS


def account_of(typed: str) -> User | None:
    """The account meant by a phone number or a sign-in name, in one statement.

    Eleven digits are a phone first, so that no sign-in name can stand in front of it.
    """
    typed = typed.strip()
    names = User.objects.filter(sign_in_name__in={typed, typed.lower()})
    if len(normal_phone(typed)) == PHONE_DIGITS:
        found = list(User.objects.by_phone(typed).union(names)[:3])
        phone = normal_phone(typed)
        return min(found, key=lambda user: (user.phone != phone, user.pk), default=None)
    return names.order_by("pk").first() if typed else None


def home_committee(user: User) -> Committee | None:
    """Whose book a deed without a committee goes into: the last used, else the first of theirs."""
    mine = user.standing.committees()
    if not mine:
        return None
    wanted = user.last_committee_id if user.last_committee_id in mine else min(mine)
    return Committee.objects.get(pk=wanted)


class PhoneOrName(BaseBackend):
    """Checks a password; an unknown name costs the same time as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        if not username or not password:
            return None
        user = account_of(username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


class PortalAccounts(DefaultAccountAdapter):
    """django-allauth as this portal needs it: no sign-up, no e-mail, an audit entry each time."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("手机号码（登录名）或密码不正确。"),
        "too_many_login_attempts": _("尝试次数过多，请五分钟后再试，或使用登录凭条。"),
        "incorrect_password": _("密码不正确。"),
        "enter_current_password": _("当前密码不正确。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """However a phone is written, its failures are counted together; no phone in the cache."""
        return _fingerprint(credentials.get("username", ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        typed = credentials.get("username", "")
        user = account_of(typed)
        record(
            "sign_in",
            by=visitor(request),
            committee=home_committee(user) if user else None,
            about=reference(user) if user else "",
            is_refused=True,
            name=_fingerprint(typed),
        )

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return redirect("account_login")

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session[STARTED_AT] = int(time.time())

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        method = (kwargs.get("signal_kwargs") or {}).get("by", "password")
        record("sign_in", by=user, committee=home_committee(user), method=method)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record("sign_out", by=request.user, committee=home_committee(request.user))
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        set_password(user, password, by=user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def reauthenticate(self, user: Any, password: str) -> bool:
        known = user.sign_in_name or user.phone
        found = self.authenticate(context.request, username=known, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Always our one page: it takes the password, and leads to the slip who has none."""
        if not user.is_authenticated:
            return []
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": _("密码"), "url": url}]


def _fingerprint(typed: str) -> str:
    """What was typed as a name, unreadable and yet equal for equal names (it may be a phone)."""
    phone = normal_phone(typed)
    is_phone = len(phone) == PHONE_DIGITS
    return one_way(phone if is_phone else typed.strip().lower(), purpose="sign-in name")[:32]


def set_password(user: User, password: str, *, by: User | Guest) -> None:
    """Give a new password; every other session of the account ends by it."""
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record("password.set", by=by, committee=home_committee(user), about=user)


def keep_this_session(request: HttpRequest, user: User) -> None:
    """After a new password: this device stays signed in, under a new session key."""
    update_session_auth_hash(request, user)
    signals.password_set.send(sender=User, request=request, user=user)


def free_password(request: HttpRequest) -> None:
    """Whoever came by a slip may set a password without the old one, for fifteen minutes."""
    request.session[PASSWORD_FREE_UNTIL] = int(time.time()) + PASSWORD_FREE_SECONDS


def is_password_free(request: HttpRequest) -> bool:
    return request.session.get(PASSWORD_FREE_UNTIL, 0) > time.time()


def proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The password or a slip again before a reveal or an export, unless given within 5 minutes.

    allauth's own decorator lets accounts without a password pass; this one does not. What was
    posted is not kept: allauth would resume it past our middleware, without its committee. The
    page is asked for again instead.
    """

    @wraps(view)
    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        since = time.time() - REAUTHENTICATION_TIMEOUT
        if any(one["at"] > since for one in _proofs(request)):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
            return redirect(f"{reverse('account_reauthenticate')}?{back}")
        raise ReauthenticationRequired

    return proven


def _proofs(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)
