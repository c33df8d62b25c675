"""What a resident fills in: the matter, the number of a receipt, a word more, two answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from committees.dictionaries import active_rows
from committees.models import Category, Committee
from workrooms.models import Reception, ReceptionWord

PHOTOS = 3
SAID_LIMIT = Reception._meta.get_field("said").max_length
WORD_LIMIT = ReceptionWord._meta.get_field("text").max_length


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Up to three files; what they hold is looked at when they are stored."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > PHOTOS:
            raise ValidationError(_("最多上传3张照片。"), code="too_many_photos")
        return [super(PhotosField, self).clean(one, initial) for one in files]


def _plain(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **attrs})


class MatterForm(forms.Form):
    """反映情况. Names are those of `workrooms.actions.receive`; the rest guards the door.

    `website` is a trap that no person sees; `answer` is for who comes without JavaScript.
    """

    said = forms.CharField(
        label=_("反映的情况和建议"),
        max_length=SAID_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("什么事、影响到哪些人、希望怎样解决。请不要写别人的姓名和电话。"),
        error_messages={"required": _("请写下要反映的情况。")},
    )
    place = forms.CharField(
        label=_("地点"), max_length=100, required=False, widget=_plain(),
        help_text=_("如：人民路菜场东门"),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("类别"), required=False)
    nature = forms.ChoiceField(
        label=_("这件事属于"), required=False, choices=Reception.Nature.choices,
        initial=Reception.Nature.ORDINARY, widget=forms.RadioSelect,
        help_text=_("信访、涉法涉诉和反映具体个人的事项不由委员办理，登记后告诉您该找哪里。"),
    )  # fmt: skip
    photos = PhotosField(
        label=_("照片"), required=False, help_text=_("最多3张，会自动去掉拍摄位置")
    )
    resident_name = forms.CharField(
        label=_("怎么称呼您"), max_length=30, required=False, widget=_plain(autocomplete="name")
    )
    resident_phone = forms.CharField(
        label=_("联系电话"), max_length=20, required=False,
        widget=_plain(type="tel", inputmode="tel", autocomplete="tel"),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=_("我同意：姓名和电话只用于办理和回访这件事"), required=False
    )
    answer = forms.CharField(
        label=_("答案"), max_length=10, required=False, widget=_plain(inputmode="numeric")
    )
    website = forms.CharField(required=False, max_length=200)
    token = forms.CharField(required=False, max_length=200)
    proof = forms.CharField(required=False, max_length=20)

    OF_THE_MATTER = ("said", "place", "nature", "resident_name", "resident_phone")

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {str(row.pk): row for row in active_rows(Category, committee)}
        rows = [(key, row.name) for key, row in self.categories.items()]
        category: Any = self.fields["category"]
        category.choices = [("", _("不清楚")), *rows]

    def clean_nature(self) -> str:
        return self.cleaned_data["nature"] or Reception.Nature.ORDINARY

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        tells = given.get("resident_name") or given.get("resident_phone")
        if tells and not given.get("consent"):
            self.add_error("consent", _("留下姓名或电话的，请勾选同意；也可以不留。"))
        return given

    def matter(self) -> dict[str, Any]:
        """The keywords of `receive`."""
        given = {name: self.cleaned_data[name] for name in self.OF_THE_MATTER}
        return given | {"category": self.categories.get(self.cleaned_data["category"])}

    def add_refusal(self, error: ValidationError) -> None:
        """Each sentence beside its field; what belongs to none stands at the top."""
        for field, sentences in getattr(error, "error_dict", {None: error}).items():
            self.add_error(field if field in self.fields else None, sentences)


class NumberForm(forms.Form):
    """查询: the receipt number, as people type it."""

    number = forms.CharField(
        label=_("受理编号"), max_length=64,
        widget=_plain(inputmode="numeric", placeholder="1234 5678 9012 3456"),
        error_messages={"required": _("请输入受理编号。")},
    )  # fmt: skip


class WordForm(forms.Form):
    text = forms.CharField(
        label=_("补充情况"), max_length=WORD_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下要补充的情况。")},
    )  # fmt: skip


class RatingForm(forms.Form):
    """问题解决了吗 · 对接待满意吗."""

    solved = forms.ChoiceField(
        label=Reception._meta.get_field("solved").verbose_name,
        choices=Reception.Solved.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择。")},
    )  # fmt: skip
    satisfied = forms.ChoiceField(
        label=Reception._meta.get_field("satisfied").verbose_name,
        choices=Reception.Satisfied.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择。")},
    )  # fmt: skip
