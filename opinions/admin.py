"""Opinions in the admin: to find, never to write; their moves are on the review desk."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from committees.scoped_admin import ReadOnlyAdmin
from committees.scoping import OFFICE
from opinions.models import Issue, Opinion


@admin.register(Opinion)
class OpinionAdmin(ReadOnlyAdmin):
    view_roles = OFFICE
    edit_roles = ()
    list_display = ("numbered", "title", "status", "sector", "waiting_since", "page")
    list_filter = ("status",)
    search_fields = ("title",)
    list_select_related = ("sector", "committee")
    fields = (
        ("title", "status"),
        ("sector", "category"),
        ("received_on", "submitted_on"),
        "page",
    )

    @admin.display(description=_("编号"), ordering="number")
    def numbered(self, row: Opinion) -> str:
        return row.label

    @admin.display(description=_("办理页面"))
    def page(self, row: Opinion) -> str:
        address = reverse("opinions:detail", args=[row.committee.slug, row.pk])
        return format_html('<a href="{}">{}</a>', address, _("打开"))


@admin.register(Issue)
class IssueAdmin(ReadOnlyAdmin):
    view_roles = OFFICE
    edit_roles = ()
    list_display = ("__str__", "issued_on", "signed_by")
    fields = (("year", "number", "total_number"), ("issued_on", "signed_by"))
    search_fields = ("number",)
