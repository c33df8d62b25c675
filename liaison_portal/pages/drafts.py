"""Where long forms save themselves while they are typed (static/js/autosave.js)."""

from __future__ import annotations

import json

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from committees.actions import save_draft


@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """`{"form": …, "content": {…}}` → 204 when kept, 400 when it is no draft."""
    try:
        body = json.loads(request.body)
        save_draft(str(body["form"]), body["content"], by=request.user, committee=request.committee)
    except (ValueError, KeyError, TypeError, ValidationError):
        return HttpResponse(status=400)
    return HttpResponse(status=204)
