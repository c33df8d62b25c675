"""Admin for workrooms and the people in them."""

from __future__ import annotations

from django.contrib import admin

from committees.scoped_admin import ScopedAdmin, ScopedInline
from workrooms.models import RoomMember, Workroom


class RoomMemberInline(ScopedInline):
    model = RoomMember
    fields = readonly_fields = ("member", "user", "is_keeper", "span")
    verbose_name_plural = RoomMember._meta.verbose_name_plural


@admin.register(Workroom)
class WorkroomAdmin(ScopedAdmin):
    list_display = ("name", "kind", "sector", "plate_number", "opened_on", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("sector",)
    search_fields = ("name", "plate_number", "address")
    autocomplete_fields = ("sector",)
    exclude = ("committee",)
    inlines = (RoomMemberInline,)
