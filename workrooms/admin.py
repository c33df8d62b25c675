"""Admin for workrooms and the people in them, each change a dated verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from committees.scoped_admin import (
    DictionaryAdmin,
    ScopedAdmin,
    ScopedForm,
    ScopedInline,
    VerbForm,
    verb_page,
)
from members.models import Member
from workrooms import actions
from workrooms.models import PublicLimit, RoomMember, Standard, Workroom
from workrooms.public_limits import BITS


class RoomMemberInline(ScopedInline):
    model = RoomMember
    fields = readonly_fields = ("member", "user", "is_keeper", "dates")
    verbose_name_plural = RoomMember._meta.verbose_name_plural

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("member", "user")


class WorkroomForm(ScopedForm):
    class Meta:
        model = Workroom
        fields = sorted(actions.PARTICULARS)


class DayForm(VerbForm):
    """The day alone: rooms change by the office's word, not by a meeting's."""

    meeting = None  # type: ignore[assignment]


class MemberForm(DayForm):
    """加入委员: a serving member, found by name or pinyin initials."""

    def __init__(self, *args: Any, room: Workroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        serving = Member.objects.filter(committee=room.committee_id).serving()
        self.fields["member"] = forms.ModelChoiceField(
            label=_("委员"),
            queryset=serving,
            help_text=_("按姓名或拼音首字母查找"),
            widget=AutocompleteSelect(RoomMember._meta.get_field("member"), admin.site),
        )
        self.order_fields(["member", "name", "phone", "on"])


class KeeperForm(MemberForm):
    """任工作室负责人: a member, or a worker of the place by name and phone."""

    name = forms.CharField(
        label=_("或：工作人员姓名"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    phone = forms.CharField(
        label=_("工作人员手机号码"),
        max_length=20,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("用于登录；没有账号的，自动建立账号，再打印登录凭条。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("member")) == bool(data.get("name")):
            raise forms.ValidationError(_("请选择一名委员，或填写一名工作人员。"))
        return data


class EndForm(DayForm):
    """退出工作室: one of the people who are in the room now."""

    def __init__(self, *args: Any, room: Workroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = RoomMember.objects.filter(workroom=room).today().select_related("member", "user")
        self.fields["row"] = PersonField(
            label=_("姓名"), queryset=here, widget=UnfoldAdminSelectWidget
        )
        self.order_fields(["row", "on"])


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        name = str(obj.member or obj.user)
        return _("%(name)s（工作室负责人）") % {"name": name} if obj.is_keeper else name


@admin.register(Standard)
class StandardAdmin(DictionaryAdmin):
    """五有、六上墙: the office's own checklists."""

    list_display = ("name", "group", "position", "is_active", "is_sample")
    list_filter = ("group", "is_active")
    search_fields = ("name", "group")


@admin.register(Workroom)
class WorkroomAdmin(ScopedAdmin):
    form = WorkroomForm
    list_display = ("name", "kind", "sector", "plate_number", "opened_on", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("sector",)
    search_fields = ("name", "plate_number", "address")
    autocomplete_fields = ("sector", "street_group")
    fields = (
        ("name", "kind"),
        ("sector", "plate_number"),
        ("street_group", "host"),
        "address",
        "other_addresses",
        ("longitude", "latitude"),
        ("opening", "phone"),
        ("paired_community", "opened_on"),
        ("has_party_group", "party_group"),
        "story",
    )
    inlines = (RoomMemberInline,)
    actions_detail = ("add_member", "appoint_keeper", "end_member", "close", "reopen")

    def perform(self, request: HttpRequest, obj: Workroom, form: Any, change: bool) -> None:
        data = {name: form.cleaned_data[name] for name in actions.PARTICULARS}
        if change:
            stored = Workroom.objects.select_related("committee").get(pk=obj.pk)
            actions.amend_workroom(stored, by=request.user, **data)
            return
        obj.pk = actions.open_workroom(obj.committee, by=request.user, **data).pk

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can be done now: a closed room can only be opened again."""
        room = self.get_object(request, str(object_id))
        is_closed = room is not None and room.closed_on is not None
        offered = super().get_actions_detail(request, object_id)
        return [verb for verb in offered if (verb.path == "reopen") == is_closed]

    def verb(
        self,
        request: HttpRequest,
        room: str,
        title: Any,
        deed: Callable[[Workroom, dict[str, Any]], Any],
        form: Callable[..., forms.Form] = DayForm,
    ) -> HttpResponse:
        row = self.get_object(request, room)
        bound = (lambda data: form(data, room=row)) if form is not DayForm else form
        return verb_page(self, request, room, title=title, form=bound, deed=deed)

    @action(description=_("加入委员"), url_path="member", icon="person_add")
    def add_member(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Workroom, data: dict[str, Any]) -> None:
            actions.add_room_member(row, data["member"], on=data["on"], by=request.user)

        return self.verb(request, object_id, _("加入委员"), deed, MemberForm)

    @action(description=_("任工作室负责人"), url_path="keeper", icon="badge")
    def appoint_keeper(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Workroom, data: dict[str, Any]) -> None:
            if data["member"]:
                actions.appoint_keeper(row, data["member"], on=data["on"], by=request.user)
            else:
                named = {key: data[key] for key in ("name", "phone", "on")}
                actions.appoint_worker(row, by=request.user, **named)

        return self.verb(request, object_id, _("任工作室负责人"), deed, KeeperForm)

    @action(description=_("退出工作室"), url_path="end", icon="person_remove")
    def end_member(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Workroom, data: dict[str, Any]) -> None:
            actions.end_room_member(data["row"], on=data["on"], by=request.user)

        return self.verb(request, object_id, _("退出工作室"), deed, EndForm)

    @action(description=_("撤销工作室"), url_path="close", icon="door_front")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Workroom, data: dict[str, Any]) -> None:
            actions.close_workroom(row, on=data["on"], by=request.user)

        return self.verb(request, object_id, _("撤销工作室"), deed)

    @action(description=_("恢复工作室"), url_path="reopen", icon="undo")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Workroom, data: dict[str, Any]) -> None:
            actions.reopen_workroom(row, by=request.user)

        return verb_page(
            self, request, object_id, title=_("恢复工作室"), form=forms.Form, deed=deed
        )


class PublicLimitForm(ScopedForm):
    class Meta:
        model = PublicLimit
        fields = ("measure", "number")

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or self.cleaned_data
        number = given.get("number")
        is_work = given.get("measure") == PublicLimit.Measure.PROOF_BITS
        if is_work and number is not None and number not in BITS:
            span = {"least": BITS.start, "most": BITS.stop - 1}
            self.add_error("number", _("请填写%(least)s至%(most)s。") % span)
        return given


@admin.register(PublicLimit)
class PublicLimitAdmin(DictionaryAdmin):
    """公众反映限量: how much the public form takes, from where, within what time."""

    form = PublicLimitForm
    list_display = ("measure", "number", "is_sample")
    list_filter = ()
    search_fields = ("measure",)
    fields = ("measure", "number")
