"""提案在其他系统办理: the setting, one entry, or many pasted from a sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinions.actions.proposal_elsewhere import enter_proposals, keep_elsewhere, read_lines
from opinions.permissions import proposals as may
from opinions.proposal_filters import sessions_of
from opinions.views.proposal_writing import status_of


class SettingForm(forms.Form):
    is_elsewhere = forms.BooleanField(label=gettext_lazy("提案在其他系统办理"), required=False)
    system_name = forms.CharField(label=gettext_lazy("系统名称"), max_length=60, required=False)


class LinesForm(forms.Form):
    session = forms.ChoiceField(label=gettext_lazy("次会议"))
    lines = forms.CharField(
        label=gettext_lazy("从表格粘贴"),
        widget=forms.Textarea,
        max_length=200_000,
        strip=False,
        help_text=gettext_lazy("每行一件，依次为编号、案由、状态、链接。编号相同的按新内容更新。"),
    )

    def __init__(self, *args: Any, sessions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(row.pk): row for row in sessions}
        self.fields["session"].choices = [(pk, str(row)) for pk, row in self.sessions.items()]


def elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """The office's page; POST `lines` enters rows, anything else is the setting."""
    committee = request.committee
    if not may.is_secretariat(request.user, committee):
        raise PermissionDenied
    row = may.setting_of(committee)
    given = {"is_elsewhere": row.is_elsewhere, "system_name": row.system_name} if row else {}
    is_lines = "lines" in request.POST
    is_setting = request.method == "POST" and not is_lines
    setting = SettingForm(request.POST if is_setting else None, initial=given)
    lines = LinesForm(request.POST if is_lines else None, sessions=sessions_of(committee))
    sent: Any = lines if is_lines else setting
    if request.method == "POST" and sent.is_valid():
        try:
            said = _enter(request, lines) if is_lines else _set(request, setting)
        except ValidationError as error:
            sent.add_error("lines" if is_lines else None, error)
        else:
            messages.success(request, said)
            return redirect("proposals:elsewhere", slug=slug)
    context = {
        "setting": setting,
        "form": lines,
        "is_elsewhere": may.is_kept_elsewhere(committee),
    }
    return render(request, "proposals/elsewhere.html", context, status=status_of(sent))


def _set(request: HttpRequest, form: SettingForm) -> str:
    keep_elsewhere(request.committee, by=request.user, **form.cleaned_data)
    return _("已保存")


def _enter(request: HttpRequest, form: LinesForm) -> str:
    given = form.cleaned_data
    entries = read_lines(given["lines"])
    session = form.sessions[given["session"]]
    count = enter_proposals(request.committee, session, entries, by=request.user)
    return _("已登记 %(count)s 件") % {"count": count}
