"""Sectors, commissions and street groups; responsibilities, leaders' contacts and postings."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from committees.models import Appointment, Committee, Role, User
from committees.scoped_admin import (
    ReadOnlyAdmin,
    ScopedAdmin,
    ScopedForm,
    ScopedInline,
    SpanForm,
    VerbForm,
    committee_of,
    verb_page,
)
from members.models import Change
from sectors.changes.actions import make_change
from sectors.models import (
    Commission,
    LeaderContact,
    LiaisonGroup,
    Posting,
    Responsibility,
    RosterImport,
    Sector,
    SectorAlias,
    StreetGroup,
    SupervisionGroup,
)

Kind = Change.Kind


class AliasInline(ScopedInline):
    """Other spellings: imports match them."""

    model = SectorAlias
    exclude = ("committee",)
    can_delete = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request)

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Sector)
class SectorAdmin(ScopedAdmin):
    list_display = ("name", "position", "commission", "is_shielded", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("commission",)
    search_fields = ("name", "aliases__alias")
    autocomplete_fields = ("commission",)
    exclude = ("committee",)
    inlines = (AliasInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        committee: Committee = form.instance.committee
        for alias in formset.save(commit=False):
            alias.committee = committee
            alias.save()
        for alias in formset.deleted_objects:
            alias.delete()


@admin.register(Commission, StreetGroup)
class GroupAdmin(ScopedAdmin):
    list_display: tuple[str, ...] = ("name", "position", "is_active")
    list_filter: tuple[str, ...] = ("is_active",)
    search_fields: tuple[str, ...] = ("name",)
    exclude: tuple[str, ...] = ("committee",)


@admin.register(LiaisonGroup)
class LiaisonGroupAdmin(GroupAdmin):
    """Liaison persons are appointed to a group in 岗位授权."""

    list_display = ("name", "head", "street_group", "position", "is_active")
    list_select_related = ("head", "street_group")
    autocomplete_fields = ("head", "street_group")


@admin.register(SupervisionGroup)
class SupervisionGroupAdmin(GroupAdmin):
    autocomplete_fields = ("members",)


@admin.register(Responsibility)
class ResponsibilityAdmin(ScopedAdmin):
    list_display = ("title", "year", "body", "measure", "at_least", "position", "is_sample")
    list_filter = ("year", "body")
    search_fields = ("title",)
    exclude = ("committee", "is_sample")


class LeaderContactForm(ScopedForm):
    on = forms.DateField(
        label=_("生效日期"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )
    meeting = forms.CharField(
        label=_("会议"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = LeaderContact
        fields = ("leader", "commission", "sector", "member")


@admin.register(LeaderContact)
class LeaderContactAdmin(ScopedAdmin):
    """Made and ended by the verbs of the pages, so that history and undo know of it."""

    can_change = False
    list_display = ("leader", "commission", "sector", "member", "dates")
    list_select_related = ("leader", "commission", "sector", "member")
    search_fields = ("leader__name",)
    autocomplete_fields = ("commission", "sector", "member")
    form = LeaderContactForm
    fields = ("leader", "commission", "sector", "member", "on", "meeting")
    readonly_fields = ("dates",)
    actions_row = ("end",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        target = ("leader", "commission", "sector", "member")
        return self.fields if obj is None else (*target, "dates", "meeting", "ending_meeting")

    def perform(self, request: HttpRequest, obj: LeaderContact, form: Any, change: bool) -> None:
        asked = {name: form.cleaned_data[name] for name in ("on", "meeting")}
        target: Any = obj.member or obj.sector or obj.commission
        make_change(target, Kind.LEADER, leader=obj.leader, by=request.user, **asked)
        made = LeaderContact.objects.of(target).filter(leader=obj.leader).latest("id")
        obj.pk, obj.span = made.pk, made.span

    @action(description=_("终止领导联系"), url_path="end")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return verb_page(
            self,
            request,
            object_id,
            title=_("终止领导联系"),
            form=VerbForm,
            deed=lambda row, data: make_change(
                row.member or row.sector or row.commission,
                Kind.LEADER_END,
                row=row,
                by=request.user,
                **data,
            ),
            back="changelist",
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        """The committee's leaders, those who held the office before included."""
        if db_field.name == "leader":
            committee = committee_of(request, *self.edit_roles)
            held = Appointment.objects.in_committee(committee).filter(role=Role.LEADER)
            kw["queryset"] = User.objects.filter(pk__in=held.values("user")).order_by("name", "id")
        return super().formfield_for_foreignkey(db_field, request, **kw)


@admin.register(Posting)
class PostingAdmin(ScopedAdmin):
    list_display = ("unit", "member", "supervision_group", "letter_number", "dates")
    list_select_related = ("member", "unit", "supervision_group")
    search_fields = ("member__name", "unit__name", "supervision_group__name")
    autocomplete_fields = ("member", "supervision_group", "unit")
    form = SpanForm
    fields = ("member", "supervision_group", "unit", "letter_number", "begins_on", "last_day")
    readonly_fields = ("letter_number",)


@admin.register(RosterImport)
class RosterImportAdmin(ReadOnlyAdmin):
    view_roles = (Role.CLERK,)
    edit_roles = ()
    list_display = ("file_name", "state", "on_date", "who", "when")
    list_filter = ("state",)
    fields = ("file_name", "state", "on_date", "meeting", "is_partial", "who", "when")
    readonly_fields = ("who", "when")
    list_select_related = ("uploaded_by",)

    @admin.display(description=_("上传人"))
    def who(self, row: RosterImport) -> str:
        return row.uploaded_by.name if row.uploaded_by else ""

    @admin.display(description=_("上传时间"), ordering="uploaded_at")
    def when(self, row: RosterImport) -> datetime.datetime:
        return row.uploaded_at
