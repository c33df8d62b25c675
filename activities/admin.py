"""Admin for activities, as long as they are a plain list kept by the office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from activities import actions
from activities.models import Activity
from committees.scoped_admin import ScopedAdmin, ScopedForm


class ActivityForm(ScopedForm):
    """Times are Shanghai's; what does not fit is said beside its field."""

    class Meta:
        model = Activity
        fields = sorted(actions.PARTICULARS)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at < starts_at:
            self.add_error("ends_at", ValidationError(_("结束时间早于开始时间。")))
        return data


@admin.register(Activity)
class ActivityAdmin(ScopedAdmin):
    form = ActivityForm
    list_display = ("title", "kind", "held_by", "place", "starts_at", "published_at")
    list_filter = ("kind",)
    search_fields = ("title", "place")
    list_select_related = ("sector", "commission", "workroom", "committee")
    autocomplete_fields = ("sector", "commission", "workroom", "theme")
    fields = (
        "title",
        ("kind", "theme"),
        "sector",
        "commission",
        "workroom",
        "place",
        "starts_at",
        "ends_at",
        "description",
    )

    @admin.display(description=_("主办"))
    def held_by(self, row: Activity) -> str:
        return str(row.organiser)

    def perform(self, request: HttpRequest, obj: Activity, form: Any, change: bool) -> None:
        data = {name: form.cleaned_data[name] for name in actions.PARTICULARS}
        if change:
            stored = Activity.objects.select_related("committee").get(pk=obj.pk)
            actions.amend_activity(stored, by=request.user, **data)
            return
        obj.pk = actions.plan_activity(obj.committee, by=request.user, **data).pk
