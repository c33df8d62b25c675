"""Who holds which office, given by the system and the security administrator (三员分立)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from committees import actions
from committees.models import Appointment, Committee, Role, Unit
from committees.models.accounts import THREE_ADMINISTRATORS
from committees.scoped_admin import ScopedAdmin, ScopedForm, VerbForm, committee_of, verb_page
from sectors.models import Commission, LiaisonGroup

SCOPES: dict[str, Any] = {
    Role.HANDLER: Unit,
    Role.COMMISSION: Commission,
    Role.LIAISON: LiaisonGroup,
}
"""What an office is held for: a unit, a commission, a liaison group."""


class AppointmentForm(ScopedForm):
    """`scope` is `<role>:<id>`, and belongs to the role chosen beside it."""

    scope = forms.ChoiceField(label=_("范围"), required=False, widget=UnfoldAdminSelectWidget)
    on = forms.DateField(
        label=_("生效日期"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )

    class Meta:
        model = Appointment
        fields = ("user", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scope" in self.fields:
            self.fields["scope"].choices = [("", "—"), *self._scopes()]  # type: ignore[attr-defined]

    def _scopes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        groups = []
        for role, model in SCOPES.items():
            rows = model.objects.in_committee(self.committee).filter(is_active=True)
            choices = [(f"{role}:{row.pk}", str(row)) for row in rows]
            groups.append((str(Role(role).label), choices))
        return groups

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        role, scope = cleaned.get("role"), cleaned.get("scope") or ""
        wanted = role in SCOPES and role != Role.LIAISON
        if (wanted and not scope) or (scope and scope.partition(":")[0] != role):
            self.add_error("scope", _("请选择与该岗位对应的单位、专门委员会或政协联络组。"))
        return cleaned

    @property
    def scope_id(self) -> int | None:
        scope = self.cleaned_data.get("scope") or ""
        return int(scope.partition(":")[2]) if scope else None


class EndForm(VerbForm):
    meeting = None  # type: ignore[assignment]  # Django's way to drop a field


@admin.register(Appointment)
class AppointmentAdmin(ScopedAdmin):
    form = AppointmentForm
    view_roles = (*THREE_ADMINISTRATORS, Role.CLERK)
    edit_roles = (Role.SYSADMIN, Role.SECADMIN)
    can_change = False
    list_display = ("user", "role", "scope", "dates")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__name",)
    autocomplete_fields = ("user",)
    fields = ("user", "role", "scope", "on")
    readonly_fields = ("person", "dates")
    actions_row = ("end",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else ("person", "role", "dates")

    @admin.display(description=_("姓名"))
    def person(self, row: Appointment) -> str:
        """In words: an auditor, who reads this page, opens no account."""
        return row.user.name

    @admin.display(description=_("范围"))
    def scope(self, row: Appointment) -> str:
        model = SCOPES.get(row.role)
        if model is None or row.scope_id is None:
            return ""
        return str(model.objects.filter(pk=row.scope_id).first() or "")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        """Each giver is offered the offices that are theirs to give."""
        if db_field.name == "role":
            committee = committee_of(request, *self.edit_roles)
            kw["choices"] = [("", "—"), *_given_by(request, committee)]
        return super().formfield_for_choice_field(db_field, request, **kw)

    def perform(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = actions.appoint(
            obj.user,
            obj.role,
            committee=obj.committee,
            by=request.user,
            scope_id=form.scope_id,
            on=form.cleaned_data["on"],
        )
        obj.pk, obj.span = made.pk, made.span

    def has_end_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the list offers it at all; whose office it is the verb asks."""
        return self.holds(request, self.edit_roles)

    @action(description=_("免去岗位"), url_path="end", permissions=["end"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return verb_page(
            self,
            request,
            object_id,
            title=_("免去岗位"),
            form=EndForm,
            back="changelist",
            deed=lambda row, data: actions.end_appointment(row, by=request.user, on=data["on"]),
        )


def _given_by(request: HttpRequest, committee: Committee | None) -> list[tuple[str, Any]]:
    if committee is None:
        return []
    watches = request.user.standing.has(committee, Role.SECADMIN)
    return [choice for choice in Role.choices if (choice[0] in THREE_ADMINISTRATORS) == watches]
