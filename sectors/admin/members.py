"""The member's page in the admin: what the office changes by hand, each change a dated verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from committees.models import User
from committees.scoped_admin import ScopedAdmin, ScopedForm, ScopedInline, VerbForm, verb_page
from committees.sealed import normal_phone
from members import actions as members
from members.models import Change, Delegate, Member, Membership, Party, Position
from sectors.changes.actions import enter_member, make_change
from sectors.models import Convenorship, Seat, Sector

Kind = Change.Kind


class MemberForm(ScopedForm):
    """A new member is entered by date and meeting, with a seat; later only particulars change."""

    parties = forms.MultipleChoiceField(
        label=_("党派"),
        choices=Party.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    phone = forms.CharField(
        label=_("手机号码"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget
    )
    birth_month = forms.DateField(
        label=_("出生年月"),
        required=False,
        input_formats=["%Y-%m", "%Y.%m", "%Y年%m月", "%Y-%m-%d"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "month"}),
    )
    sector = forms.ModelChoiceField(
        label=_("界别"), queryset=Sector.objects.none(), widget=UnfoldAdminSelectWidget
    )
    on = forms.DateField(
        label=_("生效日期"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )
    meeting = forms.CharField(
        label=_("会议"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Member
        fields = ("name", "sex", "number", "birth_month", "ethnicity", "parties", "work", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if born := self.instance.birth_month:
            self.initial["birth_month"] = f"{born:%Y-%m}"
        if self.instance.pk:
            for name in ("sector", "on", "meeting"):
                self.fields.pop(name, None)
            if "phone" in self.fields:
                known = self.instance.user.masked_phone or _("未登记")
                hint = _("现为 %(phone)s；不更改请留空。") % {"phone": known}
                self.fields["phone"].help_text = hint
        elif "sector" in self.fields:
            mine = Sector.objects.in_committee(self.committee).active()
            self.fields["sector"].queryset = mine  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone = normal_phone(self.cleaned_data["phone"])
        if self.cleaned_data["phone"] and len(phone) != 11:
            raise forms.ValidationError(_("手机号码应为11位数字。"))
        return phone

    def particulars(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in members.PARTICULARS if name in data}


class MembershipInline(ScopedInline):
    model = Membership
    fields = readonly_fields = ("which_term", "dates", "entry", "entry_meeting", "leaving")

    @admin.display(description=_("届"))
    def which_term(self, row: Membership) -> str:
        return str(row.term)


class MoveForm(VerbForm):
    """调整界别."""

    sector = forms.ModelChoiceField(
        label=_("界别"), queryset=Sector.objects.none(), widget=UnfoldAdminSelectWidget
    )


class LeaveForm(VerbForm):
    """离任."""

    how = forms.ChoiceField(
        label=_("离任方式"), choices=Membership.Leaving.choices, widget=UnfoldAdminSelectWidget
    )


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    form = MemberForm
    list_display = ("name", "sector", "sex", "ethnicity", "party", "work")
    list_filter = ("sex",)
    search_fields = ("name", "pinyin", "number")
    search_help_text = _("姓名、拼音首字母或委员证号")
    inlines = (MembershipInline,)
    fields = (
        ("name", "sex"),
        ("number", "birth_month"),
        ("ethnicity", "phone"),
        "parties",
        "work",
        "note",
    )
    add_fieldsets = ((None, {"fields": (*fields, ("sector", "on"), "meeting")}),)
    actions_detail = (
        "move_sector",
        "begin_convening",
        "end_convening",
        "begin_standing",
        "end_standing",
        "release",
        "slip",
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = Seat.objects.today().filter(membership__member=OuterRef("pk"))
        names = Subquery(seat.values("sector__name")[:1])
        return super().get_queryset(request).select_related("user").annotate(sector_name=names)

    @admin.display(description=_("党派"))
    def party(self, row: Member) -> str:
        return row.parties_label

    @admin.display(description=_("界别"), ordering="sector_name")
    def sector(self, row: Any) -> str:
        return row.sector_name or ""

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """By any part of the name, by pinyin initials, by number."""
        return super().get_search_results(request, queryset, "".join(term.split()).lower())

    def perform(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        if change:
            phone = form.cleaned_data["phone"] or None
            stored = Member.objects.get(pk=obj.pk)
            members.amend_member(stored, by=request.user, phone=phone, **form.particulars())
            return
        asked = {name: form.cleaned_data[name] for name in ("phone", "sector", "on", "meeting")}
        asked |= {"is_other_person": True}  # the office looks the list through before it adds here
        made = enter_member(obj.committee, by=request.user, **asked, **form.particulars())
        obj.pk = made.member_id

    def verb(
        self,
        request: HttpRequest,
        member: str,
        title: Any,
        deed: Callable[[Member, dict[str, Any]], Any],
        form: type[forms.Form] = VerbForm,
    ) -> HttpResponse:
        return verb_page(self, request, member, title=title, form=form, deed=deed)

    @action(description=_("调整界别"), url_path="move-sector", icon="swap_horiz")
    def move_sector(self, request: HttpRequest, object_id: str) -> HttpResponse:
        committee = self.get_object(request, object_id)
        sectors = Sector.objects.in_committee(committee and committee.committee).active()
        form = type("MoveForm", (MoveForm,), {})
        form.base_fields["sector"].queryset = sectors  # type: ignore[attr-defined]
        return self.verb(
            request,
            object_id,
            _("调整界别"),
            lambda row, data: make_change(row, Kind.MOVE, by=request.user, **data),
            form,
        )

    @action(description=_("任界别召集人"), url_path="convenor", icon="campaign")
    def begin_convening(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Member, data: dict[str, Any]) -> None:
            make_change(row, Kind.CONVENOR, by=request.user, **data)

        return self.verb(request, object_id, _("任界别召集人"), deed)

    @action(description=_("免去召集人"), url_path="convenor-end")
    def end_convening(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Member, data: dict[str, Any]) -> None:
            rows = Convenorship.objects.filter(seat__membership__member=row).on(data["on"])
            held = found(rows, _("该委员当日不是召集人。"))
            make_change(row, Kind.CONVENOR_END, row=held, by=request.user, **data)

        return self.verb(request, object_id, _("免去召集人"), deed)

    @action(description=_("任常务委员"), url_path="standing")
    def begin_standing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Member, data: dict[str, Any]) -> None:
            standing = Position.Kind.STANDING
            make_change(row, Kind.POSITION, position=standing, by=request.user, **data)

        return self.verb(request, object_id, _("任常务委员"), deed)

    @action(description=_("免去常务委员"), url_path="standing-end")
    def end_standing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Member, data: dict[str, Any]) -> None:
            rows = Position.objects.filter(membership__member=row, kind=Position.Kind.STANDING)
            held = found(rows.on(data["on"]), _("该委员当日不是常务委员。"))
            make_change(row, Kind.POSITION_END, row=held, by=request.user, **data)

        return self.verb(request, object_id, _("免去常务委员"), deed)

    @action(description=_("离任"), url_path="leave", icon="logout")
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def deed(row: Member, data: dict[str, Any]) -> None:
            make_change(row, Kind.LEAVE, by=request.user, **data)

        return self.verb(request, object_id, _("离任"), deed, LeaveForm)

    @action(description=_("打印登录凭条"), url_path="slip", icon="print")
    def slip(self, request: HttpRequest, object_id: str) -> HttpResponse:
        member = self.get_object(request, object_id)
        if member is None:
            return HttpResponseRedirect(reverse("admin:members_member_changelist"))
        page = reverse("committees:slips", args=[member.committee.slug])
        return HttpResponseRedirect(f"{page}?person={member.user_id}")


def found(rows: Any, sentence: Any) -> Any:
    row = rows.first()
    if row is None:
        raise forms.ValidationError(sentence)
    return row


class DelegateForm(ScopedForm):
    on = forms.DateField(
        label=_("生效日期"), initial=timezone.localdate, widget=UnfoldAdminSingleDateWidget
    )
    meeting = forms.CharField(
        label=_("会议"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Delegate
        fields = ("member", "user")


@admin.register(Delegate)
class DelegateAdmin(ScopedAdmin):
    """代办人: an account of the committee that enters on a member's behalf."""

    form = DelegateForm
    can_change = False
    list_display = ("member", "user", "dates")
    list_select_related = ("member", "user")
    search_fields = ("member__name", "user__name")
    autocomplete_fields = ("member", "user")
    fields = ("member", "user", "on", "meeting")
    readonly_fields = ("dates",)
    actions_row = ("end",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else ("member", "user", "dates")

    def perform(self, request: HttpRequest, obj: Delegate, form: Any, change: bool) -> None:
        asked = {name: form.cleaned_data[name] for name in ("on", "meeting")}
        make_change(obj.member, Kind.DELEGATE, user=obj.user, by=request.user, **asked)
        made = Delegate.objects.filter(member=obj.member, user=obj.user).latest("id")
        obj.pk, obj.span = made.pk, made.span

    @action(description=_("终止代办"), url_path="end")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return verb_page(
            self,
            request,
            object_id,
            title=_("终止代办"),
            form=VerbForm,
            deed=lambda row, data: make_change(
                row.member, Kind.DELEGATE_END, row=row, by=request.user, **data
            ),
            back="changelist",
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kw: Any) -> Any:
        if db_field.name == "user":
            kw["queryset"] = User.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kw)
