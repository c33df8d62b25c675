"""Forms of the reception book; what they take in ends in the verbs of actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Category, Committee, Theme, Unit
from contacts.forms import RowField, RowsField
from sectors.models import Sector
from workrooms.models import Reception
from workrooms.reception_choices import ReceptionChoices

PHOTOS = 6


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Several photos at once, at most PHOTOS."""

    widget = PhotosInput(attrs={"multiple": True, "accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data or []) if file]
        if len(files) > PHOTOS:
            raise forms.ValidationError(
                _("一次最多 %(most)s 张照片。"), code="too_many", params={"most": PHOTOS}
            )
        return [super(PhotosField, self).clean(file, initial) for file in files]


class ReceptionForm(forms.Form):
    """One entry. What is seldom filled in folds away: see FOLDED and the template."""

    FOLDED = ("members", "contacts", "sector", "place", "category", "theme", "nature", "photos")

    said = forms.CharField(
        label=_("反映事项"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    way = forms.ChoiceField(
        label=_("接待方式"), choices=Reception.Way.choices, widget=forms.RadioSelect
    )
    resident_name = forms.CharField(label=_("群众姓名"), max_length=40, required=False)
    resident_phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    received_on = forms.DateField(label=_("接待日期"), widget=DayInput)
    community = forms.CharField(label=_("所在社区（单位）"), max_length=60, required=False)
    members = RowsField(label=_("接待委员"), required=False)
    contacts = RowsField(label=_("其中登记过的界别群众联系人"), required=False)
    sector = RowField(label=_("所属界别"), required=False)
    place = forms.CharField(label=_("事发地点"), max_length=100, required=False)
    category = RowField(label=_("类别"), required=False)
    theme = RowField(label=_("主题（专项）"), required=False)
    nature = forms.ChoiceField(
        label=_("事项性质"),
        choices=Reception.Nature.choices,
        widget=forms.RadioSelect,
        help_text=_("反映具体个人的事项登记后立即对委员和工作室关闭，只由专管人员查看。"),
    )
    photos = PhotosField(label=_("照片"), required=False)
    with_receipt = forms.BooleanField(label=_("保存后打印受理编号"), required=False)
    forget = forms.BooleanField(label=_("应群众要求删除姓名和联系电话"), required=False)

    def __init__(
        self, *args: Any, choices: ReceptionChoices, reception: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reception = reception
        fields: Any = self.fields
        committee = choices.committee
        for name, model in (("sector", Sector), ("category", Category), ("theme", Theme)):
            kept = getattr(reception, f"{name}_id", None)
            rows = active_rows(model, committee)
            fields[name].offer(rows + _kept(model, committee, kept, rows), empty=_("无"))
            if not rows:
                del self.fields[name]
        self._offer_people(choices)
        self._shape(is_new=reception is None)

    def _offer_people(self, choices: ReceptionChoices) -> None:
        fields: Any = self.fields
        for name, rows in (("members", choices.members), ("contacts", choices.contacts)):
            if rows:
                fields[name].offer(rows, choices.label, lambda row: row.pinyin)
            else:
                del self.fields[name]

    def _shape(self, *, is_new: bool) -> None:
        fields: Any = self.fields
        fields["received_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        fields["said"].widget.attrs |= {"rows": 4, "placeholder": _("什么事、在哪里、希望怎么解决")}
        fields["resident_name"].widget.attrs["placeholder"] = _("不愿留名可不填")
        fields["resident_phone"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        if is_new:
            del self.fields["forget"]
            return
        for name in ("nature", "photos", "with_receipt", "contacts"):
            self.fields.pop(name, None)
        for name in ("resident_name", "resident_phone"):
            fields[name].help_text = _("不填则保持原来登记的内容。")

    @property
    def folded(self) -> list[Any]:
        return [self[name] for name in self.FOLDED if name in self.fields]

    @property
    def is_unfolded(self) -> bool:
        """Open where something inside is wrong."""
        return any(self[name].errors for name in self.FOLDED if name in self.fields)

    @property
    def facts(self) -> dict[str, Any]:
        """What `receive` and `amend_reception` take; a masked name left empty stays as it is.

        Name and phone go only where the resident asked for it, as the public form promises.
        """
        apart = {"members", "contacts", "photos", "with_receipt", "forget"}
        facts = {key: value for key, value in self.cleaned_data.items() if key not in apart}
        if self.reception is not None:
            for name in ("resident_name", "resident_phone"):
                if self.cleaned_data.get("forget"):
                    facts[name] = ""
                elif not facts[name]:
                    del facts[name]
        return facts


def _kept(model: Any, committee: Committee, pk: int | None, rows: Iterable[Any]) -> list[Any]:
    """A row the entry has stays on offer, though nobody may choose it any more."""
    if pk is None or any(row.pk == pk for row in rows):
        return []
    return list(model.objects.in_committee(committee).filter(pk=pk))


class DisposeForm(forms.Form):
    """How the matter is dealt with. `seen` is the disposal the page showed."""

    how = forms.ChoiceField(
        label=_("办理方式"), choices=Reception.Disposal.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复内容"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("当场答复或说明反映渠道；群众凭受理编号可以看到，请勿写他人信息。"),
    )  # fmt: skip
    unit = RowField(label=_("部门"), required=False)
    passed_to = forms.CharField(label=_("转往社区（单位）"), max_length=80, required=False)
    due_on = forms.DateField(
        label=_("办理期限"), required=False, widget=DayInput,
        help_text=_("不填则转社区按 5 个、转部门按 10 个工作日计算。"),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    # Shown with the choices named here; all are shown where no script runs.
    SHOWN_WITH = {
        "answer": "on_the_spot not_ours",
        "unit": "unit",
        "passed_to": "community unit not_ours",
        "due_on": "community unit",
    }

    def __init__(self, *args: Any, reception: Reception, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].offer(active_rows(Unit, reception.committee), empty=_("请选择"))
        fields["passed_to"].widget.attrs["placeholder"] = _("如：新华社区、市信访局")
        if reception.is_closed_to_others:
            own = (Reception.Disposal.ON_THE_SPOT, Reception.Disposal.NOT_OURS)
            fields["how"].choices = [(one.value, one.label) for one in own]
            for name in ("unit", "due_on"):
                del self.fields[name]
        for name, choices in self.SHOWN_WITH.items():
            if name in self.fields:
                fields[name].widget.attrs["data-shown-with"] = f"how:{choices}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("how") == Reception.Disposal.ON_THE_SPOT and not given.get("answer"):
            self.add_error("answer", _("请写明怎样答复的。"))
        return given


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("办理结果"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    on = forms.DateField(label=_("办结日期"), widget=DayInput)
    is_gist = forms.BooleanField(label=_("同时作为答复要点，群众可以看到"), required=False)


class GistForm(forms.Form):
    gist = forms.CharField(
        label=_("答复要点"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("群众凭受理编号看到的结果。写清办了什么，不写经办过程和他人信息。"),
    )  # fmt: skip


class TellForm(forms.Form):
    how = forms.ChoiceField(
        label=_("告知方式"), choices=Reception.ToldHow.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("告知日期"), widget=DayInput)


class WordForm(forms.Form):
    text = forms.CharField(
        label=_("内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NatureForm(forms.Form):
    nature = forms.ChoiceField(
        label=_("事项性质"),
        choices=Reception.Nature.choices,
        widget=forms.RadioSelect,
        help_text=_("改为反映具体个人的事项后，立即对委员和工作室关闭，已转办的同时收回。"),
    )


class HandOverForm(forms.Form):
    member = RowField(label=_("交给哪位委员"), widget=forms.RadioSelect)


class RateForm(forms.Form):
    solved = forms.ChoiceField(
        label=_("问题解决了吗"), choices=Reception.Solved.choices, widget=forms.RadioSelect
    )
    satisfied = forms.ChoiceField(
        label=_("对接待满意吗"), choices=Reception.Satisfied.choices, widget=forms.RadioSelect
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("查看事由"), max_length=100)
