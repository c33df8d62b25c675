"""Content security: nothing inline, nothing from outside; `/admin/` alone is let looser.

The admin runs django-unfold, whose Alpine.js evaluates expressions and whose pages carry inline
scripts and styles. Everything else is our own and needs neither.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PAGES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ADMIN = PAGES | {
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "frame-ancestors": "'self'",
}
ADMIN_PREFIX = "/admin/"


def header(policy: dict[str, str]) -> str:
    """The policy as one header value: `default-src 'none'; script-src 'self'; …`."""
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


PAGES_HEADER, ADMIN_HEADER = header(PAGES), header(ADMIN)


class ContentSecurityPolicy:
    """Sets the policy on every response, errors included; a view's own stricter one stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_admin = request.path_info.startswith(ADMIN_PREFIX)
        response.headers.setdefault(
            "Content-Security-Policy", ADMIN_HEADER if is_admin else PAGES_HEADER
        )
        return response
