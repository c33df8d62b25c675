"""Forms of the list of an activity: invitations, a pasted chain, leave, attendance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.actions.attending import LARGEST
from activities.chains import LONGEST
from activities.invited import groups_of
from committees.models import Committee
from contacts.forms.fields import Picker


class InviteForm(forms.Form):
    """Whole groups, and names one by one. `counted` are those told, once they were counted."""

    counted: int | None = None

    groups = forms.MultipleChoiceField(label=_("邀请范围"), required=False, widget=Picker)
    names = forms.CharField(
        label=_("委员名单"),
        max_length=8000,
        required=False,
        widget=forms.Textarea,
        help_text=_("每行一个，或用顿号隔开；同名的注明界别，如“李伟（教育）”。"),
    )
    tells = forms.BooleanField(
        label=_("活动已发布的，现在就告知新邀请的委员"), required=False, initial=True
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        groups.choices = groups_of(committee)
        groups.widget.initials = {}
        groups.widget.attrs |= {
            "data-picker": "",
            "data-placeholder": _("如：常务委员、教育界、教科卫体委员会"),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("groups") and not data.get("names", "").strip():
            raise forms.ValidationError(_("请选择邀请范围或填写委员名单。"), code="nobody")
        return data


class ChainForm(forms.Form):
    """The chain as it was copied from the group."""

    text = forms.CharField(
        label=_("接龙内容"),
        max_length=LONGEST,
        widget=forms.Textarea,
        strip=False,
        help_text=_("在微信群长按接龙消息，复制后粘贴到这里。"),
    )


class LeaveForm(forms.Form):
    reason = forms.CharField(label=_("请假事由"), max_length=200, widget=forms.Textarea)


class AnswerForm(forms.Form):
    """`grant` or `deny`, and a word with it."""

    deed = forms.ChoiceField(choices=[("grant", _("准假")), ("deny", _("不同意"))])
    note = forms.CharField(label=_("答复"), max_length=200, required=False)


class TotalsForm(forms.Form):
    """What an activity adds up to, beside its members; and who came without enrolling."""

    ROWS = 6

    sessions_held = forms.IntegerField(label=_("场次"), min_value=1, max_value=1000)
    people_served = forms.IntegerField(label=_("服务群众（人次）"), min_value=0, max_value=LARGEST)
    names = forms.CharField(
        label=_("未报名而到会的委员"), max_length=2000, required=False,
        help_text=_("用顿号隔开；保存后列入名单，记为出席。"),
    )  # fmt: skip

    def __init__(self, *args: Any, others: list[tuple[str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(max(self.ROWS, len(others) + 2)):
            kind, count = others[place] if place < len(others) else ("", None)
            self.fields[f"kind_{place}"] = forms.CharField(
                label=_("人员类别"), max_length=20, required=False, initial=kind
            )
            self.fields[f"count_{place}"] = forms.IntegerField(
                label=_("人数"), min_value=0, max_value=LARGEST, required=False, initial=count
            )
        self.places = range(max(self.ROWS, len(others) + 2))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for place in self.places:
            kind, count = data.get(f"kind_{place}"), data.get(f"count_{place}")
            if count and not kind and f"kind_{place}" not in self.errors:
                self.add_error(f"kind_{place}", forms.ValidationError(_("请填写人员类别。")))
            elif kind and kind in seen:
                self.add_error(f"kind_{place}", forms.ValidationError(_("该类人员已填写。")))
            seen.add(kind or "")
        return data

    @property
    def others(self) -> list[tuple[str, int]]:
        data = self.cleaned_data
        pairs = [(data[f"kind_{place}"], data[f"count_{place}"]) for place in self.places]
        return [(kind, count) for kind, count in pairs if kind and count]

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"kind_{place}"], self[f"count_{place}"]) for place in self.places]
