"""Admin for the office's own lists of channels, occasions and targets."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSingleDateWidget

from committees.scoped_admin import DictionaryAdmin, ScopedAdmin, ScopedForm
from committees.spans import span_from
from contacts import actions
from contacts.models import Channel, Occasion, Target

ONE_DAY = datetime.timedelta(days=1)

admin.site.register([Channel, Occasion], DictionaryAdmin)


class TargetForm(ScopedForm):
    """The span as two days, both of them in it."""

    begins_on = forms.DateField(label=_("开始日期"), widget=UnfoldAdminSingleDateWidget)
    last_day = forms.DateField(
        label=_("最后一天"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("不填为长期有效。在一个周期的最后一天有效，即适用于整个周期。"),
    )

    class Meta:
        model = Target
        fields = ("measure", "every", "number", "sector", "commission")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if span := self.instance.span:
            self.initial["begins_on"] = span.lower
            self.initial["last_day"] = span.upper and span.upper - ONE_DAY

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("begins_on"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("最后一天早于开始日期。"))
        elif first:
            self.instance.span = span_from(first, last and last + ONE_DAY)
        return cleaned


@admin.register(Target)
class TargetAdmin(ScopedAdmin):
    """How many contacts, visits and occasions are asked of every member, and of whose."""

    list_display = ("measure", "every", "number", "sector", "commission", "dates", "is_sample")
    list_filter = ("measure", "every")
    list_select_related = ("sector", "commission")
    autocomplete_fields = ("sector", "commission")
    form = TargetForm
    fields = ("measure", "every", "number", "sector", "commission", "begins_on", "last_day")

    def perform(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.keep_target(obj, by=request.user, fields=form.changed_data)
