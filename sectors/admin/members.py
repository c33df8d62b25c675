"""The member's page in the admin: what the office changes by hand, each change a dated verb."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from committees.scoped_admin import ScopedAdmin
from members.models import Member


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    list_display = ("name", "sex", "ethnicity", "parties_label", "work")
    list_filter = ("sex",)
    search_fields = ("name", "pinyin", "number")
    search_help_text = Member._meta.get_field("name").verbose_name

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """By any part of the name, by pinyin initials, by number."""
        return super().get_search_results(request, queryset, "".join(term.split()).lower())
