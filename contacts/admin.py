"""Admin for the office's own lists of channels, occasions and targets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from committees.scoped_admin import DictionaryAdmin, ScopedAdmin, SpanForm
from contacts import actions
from contacts.models import Channel, Occasion, Target

admin.site.register([Channel, Occasion], DictionaryAdmin)


class TargetForm(SpanForm):
    class Meta:
        model = Target
        fields = ("measure", "every", "number", "sector", "commission")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].help_text = _(
            "不填为长期有效。在一个周期的最后一天有效，即适用于整个周期。"
        )


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
