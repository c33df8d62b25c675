"""Opinions in the admin: to find, never to write; their moves are on the review desk."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from committees.scoped_admin import DictionaryAdmin, ReadOnlyAdmin
from committees.scoping import OFFICE
from opinions.models import Issue, Opinion, ReferralRule, ReplyClass


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


@admin.register(ReplyClass)
class ReplyClassAdmin(DictionaryAdmin):
    """办理结果分类: the committee's own letters; one that plans is followed until it is done."""

    list_display = ("letter", "name", "is_planned", "is_solved", "is_active", "is_sample")
    fields = (("letter", "name"), ("is_planned", "is_solved"), ("position", "is_active"))


@admin.register(ReferralRule)
class ReferralRuleAdmin(DictionaryAdmin):
    """办理时限: what time units and authors have, in working days."""

    list_display = ("matter", "refuse_workdays", "due_workdays", "extend_workdays", "is_sample")
    list_filter = ()
    search_fields = ("matter",)
    fields = (
        "matter",
        ("refuse_workdays", "due_workdays"),
        ("extend_workdays", "warn_workdays"),
        "evaluate_workdays",
    )
