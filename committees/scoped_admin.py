"""The office's admin: rows of one committee, permissions from `standing`, saved with an audit row.

Models with verbs override `perform`, so that the admin ends in the same action as the pages. What
an action or a database rule refuses comes back as a sentence on the form, with what was typed kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from committees.audit import record
from committees.broken_rules import as_validation_error
from committees.dictionaries import forget
from committees.models import Committee, Role
from committees.spans import in_words, span_from

ONE_DAY = datetime.timedelta(days=1)


def committee_of(request: HttpRequest, *roles: str) -> Committee | None:
    """The committee the admin works in: the last one used where one of the roles is held."""
    held = request.user.standing.committees(*roles)
    if request.user.last_committee_id in held:
        return request.user.last_committee
    return Committee.objects.filter(pk__in=held).order_by("pk").first()


class ScopedForm(forms.ModelForm):
    """Knows its committee before it validates, and repeats what the database refused."""

    committee: ClassVar[Committee | None] = None
    refusal: ClassVar[ValidationError | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.instance, "committee_id") and self.instance.committee_id is None:
            self.instance.committee = self.committee

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            raise ValidationError(self.refusal.messages)
        return cleaned


class SpanForm(ScopedForm):
    """The row's `span` as two days, both of them in it; without the last it goes on."""

    begins_on = forms.DateField(label=_("开始日期"), widget=UnfoldAdminSingleDateWidget)
    last_day = forms.DateField(
        label=_("最后一天"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("不填为长期有效。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if span := self.instance.span:
            self.initial["begins_on"] = span.lower
            self.initial["last_day"] = span.upper and span.upper - ONE_DAY

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("begins_on"), cleaned.get("last_day")
        if last == datetime.date.max:  # the day after it cannot be written
            self.add_error("last_day", self.fields["last_day"].error_messages["invalid"])
        elif first and last and last < first:
            self.add_error("last_day", _("最后一天早于开始日期。"))
        elif first:
            self.instance.span = span_from(first, last and last + ONE_DAY)
        return cleaned


class Dated:
    """For lists of rows with a span."""

    @admin.display(description=_("起止日期"), ordering="span")
    def dates(self, row: Any) -> str:
        return in_words(row.span)


class ScopedAdmin(Dated, ModelAdmin):
    """`view_roles` may look, `edit_roles` may also write; both only in committees where held."""

    view_roles: tuple[str, ...] = (Role.CLERK,)
    edit_roles: tuple[str, ...] = (Role.CLERK,)
    can_add = can_change = True
    can_delete = False
    form = ScopedForm
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    actions = None
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> Any:
        committee = committee_of(request, *self.view_roles)
        rows = super().get_queryset(request)
        if isinstance(rows, models.QuerySet) and hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
        return rows.filter(committee=committee)

    def holds(self, request: HttpRequest, roles: tuple[str, ...], row: Any = None) -> bool:
        if not request.user.is_authenticated:
            return False
        held = request.user.standing.committees(*roles)
        return bool(held) if not isinstance(row, models.Model) else self.owner(row) in held

    def owner(self, row: Any) -> int | None:
        """Id of the committee the row belongs to."""
        return row.committee_id

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.holds(request, (*self.view_roles, *self.edit_roles))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, (*self.view_roles, *self.edit_roles), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and self.holds(request, self.edit_roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_change and self.holds(request, self.edit_roles, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_delete and self.holds(request, self.edit_roles, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, **kw: Any) -> Any:
        form = super().get_form(request, obj, **kw)
        form.committee = committee_of(request, *self.edit_roles)
        form.refusal = getattr(request, "refusal", None)
        form.by = request.user
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Once more with the sentence on the form when the first attempt was refused."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            request.refusal = refusal
        except IntegrityError as broken:
            request.refusal = as_validation_error(broken)
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.perform(request, obj, form, change)

    def perform(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the row and its audit entry; models with verbs call them instead."""
        obj.save()
        verb = f"{obj._meta.model_name}.{'amend' if change else 'add'}"
        committee = Committee.objects.get(pk=self.owner(obj))
        record(
            verb,
            by=request.user,
            committee=committee,
            about=obj,
            fields=form.changed_data,
        )
        # A dictionary's next page shows the change at once, not within a minute.
        transaction.on_commit(lambda: forget(type(obj), committee.pk))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        committee = Committee.objects.get(pk=self.owner(obj))
        with transaction.atomic():
            verb = f"{obj._meta.model_name}.delete"
            record(verb, by=request.user, committee=committee, about=obj)
            obj.delete()

    def log_addition(self, *args: Any) -> None:
        """The audit trail is the log; Django's own second one stays empty."""

    log_change = log_deletions = log_addition

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        """Choices end at the committee's own rows, whatever the browser sends."""
        target = db_field.remote_field.model
        if hasattr(target._default_manager.all(), "in_committee"):
            committee = committee_of(request, *self.edit_roles)
            kw.setdefault("queryset", target._default_manager.in_committee(committee))
        return super().formfield_for_foreignkey(db_field, request, **kw)


class ReadOnlyAdmin(ScopedAdmin):
    """Workflow rows: to look at, never to write; their buttons lead to the pages."""

    can_add = can_change = False


class DictionaryAdmin(ScopedAdmin):
    """Rows that differ between cities and years."""

    list_display: tuple[str, ...] = ("name", "position", "is_active", "is_sample")
    list_filter: tuple[str, ...] = ("is_active",)
    search_fields: tuple[str, ...] = ("name",)
    exclude: tuple[str, ...] = ("committee", "is_sample")


class ScopedInline(Dated, TabularInline):
    """Rows of the parent, with the parent's permissions."""

    extra = 0
    can_delete = False
    view_roles: tuple[str, ...] = (Role.CLERK,)

    def may(self, request: HttpRequest) -> bool:
        return bool(request.user.standing.committees(*self.view_roles))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VerbForm(forms.Form):
    """A dated change asks for the day, today unless another is given, and the meeting."""

    on = forms.DateField(
        label=_("生效日期"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )
    meeting = forms.CharField(
        label=_("会议"),
        max_length=80,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


def verb_page(
    page: ScopedAdmin,
    request: HttpRequest,
    object_id: str,
    *,
    title: Any,
    form: Callable[..., forms.Form],
    deed: Callable[[Any, dict[str, Any]], Any],
    back: str = "change",
) -> HttpResponse:
    """One verb on one row: ask, do, say; a refusal stands beside what was typed.

    `back` is the admin page that follows: "change" of the row, or the "changelist".
    """
    row = get_object_or_404(page.get_queryset(request), pk=object_id)
    if not page.holds(request, page.edit_roles, row):
        raise PermissionDenied
    bound = form(request.POST or None)
    if request.method == "POST" and bound.is_valid():
        try:
            with transaction.atomic():
                deed(row, bound.cleaned_data)
        except ValidationError as refusal:
            bound.add_error(None, ValidationError(refusal.messages))
        else:
            page.message_user(request, _("已保存。"))
            return HttpResponseRedirect(_page_of(row, back))
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "form": bound,
        "media": page.media + bound.media,  # the calendar stands on the admin's own scripts
        "row": row,
        "opts": row._meta,
        "back": _page_of(row, back),
    }
    return render(request, "admin/verb.html", context)


def _page_of(row: models.Model, page: str) -> str:
    args = [row.pk] if page == "change" else []
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=args)
