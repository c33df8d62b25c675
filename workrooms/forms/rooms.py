"""Forms on rooms, their photos and standards; what they take in ends in the verbs of actions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Committee
from contacts.forms import RowField
from sectors.models import Sector, StreetGroup
from workrooms.models import RoomPhoto, Workroom
from workrooms.models.rooms import EAST, NORTH

PICTURES = "image/jpeg,image/png,image/webp"
# What committees.files says of a file that it does not take.
OF_THE_FILE = frozenset({"empty", "too_large", "not_an_image", "unreadable", "too_many_pixels"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: nothing by GET, and by POST whatever came, be it empty."""
    return request.POST if request.method == "POST" else None


def tell(form: forms.Form, refused: ValidationError) -> None:
    """An action's refusal beside the fields it names; what has no field stands at the top."""
    if not hasattr(refused, "error_dict"):
        is_of_file = "photo" in form.fields and getattr(refused, "code", "") in OF_THE_FILE
        form.add_error("photo" if is_of_file else None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class PhotoInput(forms.FileInput):
    """The phone offers camera and album."""

    def __init__(self) -> None:
        super().__init__({"accept": PICTURES})


class CoordinatesField(forms.CharField):
    """`120.155070, 30.274085` in either order, as map sites copy it → (longitude, latitude)."""

    def clean(self, value: Any) -> tuple[Decimal, Decimal] | tuple[None, None]:
        text = super().clean(value)
        if not text:
            return None, None
        numbers = [Decimal(number) for number in _NUMBER.findall(text)]
        if len(numbers) != 2:
            raise ValidationError(
                _("请填写十进制的经度和纬度，如 120.155070, 30.274085。"), code="not_coordinates"
            )
        # In China every longitude is above every latitude: the order tells nothing, the size does.
        latitude, longitude = (round(number, 6) for number in sorted(numbers))
        if not (EAST[0] <= longitude <= EAST[1] and NORTH[0] <= latitude <= NORTH[1]):
            raise ValidationError(_("该位置不在我国境内，请核对经纬度。"), code="not_in_china")
        return longitude, latitude


class RoomPageForm(forms.Form):
    """What the keeper says on the room's own page."""

    story = forms.CharField(
        label=_("简介"), max_length=3000, required=False, widget=forms.Textarea({"rows": 6})
    )
    opening = forms.CharField(
        label=_("开放时间"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"placeholder": _("如：每周五 9:00—11:30")}),
    )
    phone = forms.CharField(
        label=_("公开电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("在公开页面显示，请勿填写个人手机号码。"),
    )

    @property
    def particulars(self) -> dict[str, Any]:
        """What `amend_workroom` calls by the same names."""
        return dict(self.cleaned_data)

    @classmethod
    def initial_of(cls, room: Workroom) -> dict[str, Any]:
        return {name: getattr(room, name) for name in ("story", "opening", "phone")}


class RoomForm(RoomPageForm):
    """Everything about a room, for the office."""

    ROWS = (("sector", Sector), ("street_group", StreetGroup))

    name = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(
        label=_("类型"), choices=Workroom.Kind.choices, widget=forms.RadioSelect
    )
    plate_number = forms.CharField(label=_("牌号"), max_length=20, required=False)
    sector = RowField(label=_("界别"), required=False)
    street_group = RowField(label=_("所在街道（乡镇）"), required=False)
    host = forms.CharField(label=_("依托单位"), max_length=60, required=False)
    address = forms.CharField(label=_("地址"), max_length=100, required=False)
    other_addresses = forms.CharField(
        label=_("其他地址"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("每行一处。"),
    )
    coordinates = CoordinatesField(
        label=_("经纬度"),
        max_length=60,
        required=False,
        help_text=_("从地图网站复制，如 120.155070, 30.274085；填写后在地图上显示。"),
    )
    paired_community = forms.CharField(label=_("结对社区"), max_length=60, required=False)
    has_party_group = forms.BooleanField(label=_("设有党小组"), required=False)
    party_group = forms.CharField(label=_("党小组名称"), max_length=60, required=False)
    opened_on = forms.DateField(label=_("设立日期"), required=False, widget=DayInput)

    field_order = (
        *("name", "kind", "plate_number", "sector", "street_group", "host"),
        *("address", "other_addresses", "coordinates", "opening", "phone", "story"),
        *("paired_community", "has_party_group", "party_group", "opened_on"),
    )

    def __init__(self, *args: Any, committee: Committee, room: Workroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name, model in self.ROWS:
            rows: list[Any] = active_rows(model, committee)
            held = getattr(room, name)
            if held is not None and held not in rows:
                rows = [held, *rows]
            fields[name].offer(rows, empty=_("无"))

    @property
    def particulars(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["longitude"], data["latitude"] = data.pop("coordinates")
        return data

    @classmethod
    def initial_of(cls, room: Workroom) -> dict[str, Any]:
        own = set(cls.base_fields) - {"coordinates", *dict(cls.ROWS)}
        initial = {name: getattr(room, name) for name in own}
        initial |= {"sector": room.sector_id, "street_group": room.street_group_id}
        has_place = room.longitude is not None
        initial["coordinates"] = f"{room.longitude}, {room.latitude}" if has_place else ""
        return initial


class TogetherForm(forms.Form):
    """The same for several rooms; what is left empty stays as it is in each."""

    street_group = RowField(label=_("所在街道（乡镇）"), required=False)
    sector = RowField(label=_("界别"), required=False)
    host = forms.CharField(label=_("依托单位"), max_length=60, required=False)
    opening = forms.CharField(label=_("开放时间"), max_length=120, required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name, model in RoomForm.ROWS:
            rows: list[Any] = active_rows(model, committee)
            fields[name].offer(rows, empty=gettext("不改"))
        for name in ("host", "opening"):
            fields[name].widget.attrs["placeholder"] = _("不改则留空")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            raise ValidationError(_("请至少填写一项要改的内容。"), code="nothing")
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class PhotoWordsForm(forms.Form):
    caption = forms.CharField(label=_("照片说明"), max_length=60, required=False)
    consent = forms.ChoiceField(
        label=_("肖像同意情况"), choices=RoomPhoto.Consent.choices, widget=forms.RadioSelect
    )


class PhotoForm(PhotoWordsForm):
    photo = forms.FileField(
        label=_("照片"),
        widget=PhotoInput(),
        help_text=_("JPG、PNG 或 WebP，不超过 15 MB；拍摄地点等信息自动去除。"),
    )

    field_order = ("photo", "caption", "consent")


class EvidenceForm(forms.Form):
    """What shows that a standard is met: words, a photo, or both."""

    met_on = forms.DateField(label=_("达标日期"), widget=DayInput)
    text = forms.CharField(
        label=_("情况说明"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    photo = forms.FileField(
        label=_("照片"),
        required=False,
        widget=PhotoInput(),
        help_text=_("情况说明和照片至少有一项。请勿拍入群众和证件。"),
    )

    def __init__(self, *args: Any, has_photo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["met_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.has_photo = has_photo

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("text") or data.get("photo") or self.has_photo) and not self.errors:
            self.add_error("text", _("请写明情况或上传一张照片。"))
        return data
