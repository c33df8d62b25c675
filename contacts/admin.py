"""Admin for the office's own lists of channels, occasions and targets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from committees.scoped_admin import DictionaryAdmin, ScopedAdmin
from contacts import actions
from contacts.models import Channel, Occasion, Target

admin.site.register([Channel, Occasion], DictionaryAdmin)


@admin.register(Target)
class TargetAdmin(ScopedAdmin):
    """How many contacts, visits and occasions are asked of every member, and of whose."""

    list_display = ("measure", "every", "number", "sector", "commission", "dates", "is_sample")
    list_filter = ("measure", "every")
    list_select_related = ("sector", "commission")
    autocomplete_fields = ("sector", "commission")
    fields = ("measure", "every", "number", "sector", "commission", "span")

    def perform(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.keep_target(obj, by=request.user, fields=form.changed_data)
