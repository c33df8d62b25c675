"""Admin for activities, as long as they are a plain list kept by the office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from activities.models import Activity
from committees.scoped_admin import ScopedAdmin


@admin.register(Activity)
class ActivityAdmin(ScopedAdmin):
    list_display = ("title", "kind", "organiser", "place", "starts_at")
    list_filter = ("kind",)
    search_fields = ("title", "place")
    list_select_related = ("sector", "commission", "workroom", "committee")
    autocomplete_fields = ("sector", "commission", "workroom", "theme")
    fields = (
        "title",
        ("kind", "theme"),
        ("sector", "commission", "workroom"),
        "place",
        ("starts_at", "ends_at"),
        "description",
    )

    def perform(
        self, request: HttpRequest, obj: Activity, form: Any, change: bool
    ) -> None:
        if not change:
            obj.created_by = request.user
        super().perform(request, obj, form, change)
