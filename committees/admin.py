"""Admin for what all apps stand on: offices, accounts, dictionaries, the calendar, the trail."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from committees import actions
from committees.audit import record
from committees.models import (
    AuditEntry,
    Category,
    Committee,
    Role,
    Session,
    Term,
    Theme,
    Unit,
    User,
    Workday,
)
from committees.models.accounts import THREE_ADMINISTRATORS
from committees.scoped_admin import (
    DictionaryAdmin,
    ReadOnlyAdmin,
    ScopedAdmin,
    ScopedForm,
    committee_of,
)
from committees.sealed import normal_phone

SCOPED_ROLES = (Role.HANDLER, Role.COMMISSION, Role.LIAISON)
"""Offices that are held for something: given on the page of offices, where that is chosen."""


@admin.register(Committee)
class CommitteeAdmin(ScopedAdmin):
    view_roles = (Role.SYSADMIN, Role.CLERK)
    edit_roles = (Role.SYSADMIN,)
    can_add = False
    list_display = ("name", "slug", "level", "parent")
    search_fields = ("name",)
    readonly_fields = ("slug", "parent")
    fields = (
        ("name", "short_name"),
        "full_name",
        "office_name",
        ("level", "slug", "parent"),
        ("has_convenor_step", "convenor_workdays", "has_check_step"),
        "close_after_days",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        held = request.user.standing.committees(*self.view_roles)
        return Committee.objects.filter(pk__in=held)

    def owner(self, row: Committee) -> int | None:
        return row.pk


@admin.register(Term)
class TermAdmin(ScopedAdmin):
    list_display = ("__str__", "dates")
    search_fields = ("ordinal",)
    exclude = ("committee",)


@admin.register(Session)
class SessionAdmin(ScopedAdmin):
    list_display = ("__str__", "kind", "starts_on", "ends_on")
    list_filter = ("kind",)
    search_fields = ("ordinal",)
    autocomplete_fields = ("term",)

    def get_queryset(self, request: HttpRequest) -> Any:
        committee = committee_of(request, *self.view_roles)
        return Session.objects.filter(term__committee=committee).select_related("term__committee")

    def owner(self, row: Session) -> int | None:
        return row.term.committee_id


class AccountForm(ScopedForm):
    """The phone is sealed, so it is asked as a plain text and normalised here."""

    phone = forms.CharField(
        label=_("手机号码"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget
    )
    role = forms.ChoiceField(
        label=_("岗位"),
        choices=[c for c in Role.choices if c[0] not in (*THREE_ADMINISTRATORS, *SCOPED_ROLES)],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = User
        fields = ("name", "sign_in_name", "phone", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("role", None)
            self.initial["phone"] = ""
            if "phone" in self.fields:
                known = self.instance.masked_phone or _("未登记")
                hint = _("现为 %(phone)s；不更改请留空。") % {"phone": known}
                self.fields["phone"].help_text = hint

    def clean_phone(self) -> str:
        phone = normal_phone(self.cleaned_data["phone"])
        if self.cleaned_data["phone"] and len(phone) != 11:
            raise forms.ValidationError(_("手机号码应为11位数字。"))
        return phone or self.instance.phone

    def clean_sign_in_name(self) -> str | None:
        return self.cleaned_data["sign_in_name"] or None


@admin.register(User)
class UserAdmin(ScopedAdmin):
    """Accounts of the committee's people; the system administrator adds those of the office."""

    form = AccountForm
    view_roles = (Role.CLERK, Role.SYSADMIN, Role.SECADMIN)
    edit_roles = (Role.SYSADMIN,)
    list_display = (
        "name",
        "sign_in_name",
        "masked_phone_number",
        "is_active",
        "last_login",
    )
    search_fields = ("name", "sign_in_name", "members__pinyin")
    fields = ("name", "sign_in_name", "phone", "is_active")
    add_fieldsets = ((None, {"fields": ("name", "sign_in_name", "phone", "role")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        """People with an office, a seat or a room here."""
        committee = committee_of(request, *self.view_roles)
        return User.objects.known_in(committee)

    def owner(self, row: User) -> int | None:
        return None

    def holds(self, request: HttpRequest, roles: tuple[str, ...], row: Any = None) -> bool:
        """An account has no committee of its own; get_queryset has chosen those of this one."""
        return super().holds(request, roles)

    @admin.display(description=_("手机号码"))
    def masked_phone_number(self, row: User) -> str:
        return row.masked_phone

    def perform(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.save()
        committee = committee_of(request, *self.edit_roles)
        verb = "account.amend" if change else "account.add"
        record(
            verb,
            by=request.user,
            committee=committee,
            about=obj,
            fields=form.changed_data,
        )
        if not change:
            role = form.cleaned_data["role"]
            actions.appoint(obj, role, committee=committee, by=request.user)


admin.site.register(Category, DictionaryAdmin)


@admin.register(Theme)
class ThemeAdmin(DictionaryAdmin):
    list_display = ("name", "dates", "is_active", "is_sample")


@admin.register(Unit)
class UnitAdmin(DictionaryAdmin):
    list_display = ("name", "is_relaying", "is_active")
    exclude = ("committee",)


@admin.register(Workday)
class WorkdayAdmin(ScopedAdmin):
    can_delete = True
    list_display = ("day", "is_working", "note")
    list_filter = ("is_working",)
    date_hierarchy = "day"
    exclude = ("committee",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    view_roles = (Role.AUDITOR,)
    edit_roles = ()
    list_display = ("sequence", "at", "who", "action", "about", "outcome")
    list_filter = ("is_refused", "action")
    search_fields = ("about",)
    list_select_related = ("by_user",)
    # Names in words: an auditor opens neither accounts nor the committee's own page.
    fields = (
        ("sequence", "at"),
        ("who", "served"),
        ("action", "about"),
        ("outcome", "what"),
        "previous",
        "own",
    )
    readonly_fields = ("who", "served", "outcome", "what", "previous", "own")

    @admin.display(description=_("操作人"))
    def who(self, row: AuditEntry) -> str:
        return str(row.by_user or row.by_guest)

    @admin.display(description=_("代为填报"))
    def served(self, row: AuditEntry) -> str:
        return str(row.on_behalf_of or "")

    @admin.display(description=_("结果"))
    def outcome(self, row: AuditEntry) -> str:
        """In a word: a red cross at every deed that was allowed reads like a failure."""
        return str(_("未获准")) if row.is_refused else ""

    @admin.display(description=_("内容"))
    def what(self, row: AuditEntry) -> str:
        return json.dumps(row.detail, ensure_ascii=False) if row.detail else ""

    @admin.display(description=_("前一条校验值"))
    def previous(self, row: AuditEntry) -> str:
        return row.previous_hash

    @admin.display(description=_("校验值"))
    def own(self, row: AuditEntry) -> str:
        return row.hash
