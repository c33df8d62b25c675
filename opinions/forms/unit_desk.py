"""Forms of the unit's desk; each ends in a verb of actions/unit_desk.py or unit_replies.py."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from committees.day_input import DayInput
from committees.dictionaries import active_rows
from committees.models import Committee, Unit
from opinions.actions.unit_replies import LONGEST_REPLY, ReplyWords, Upload
from opinions.models import Precision, ReplyClass, ReplyFile

FURTHEST = 20  # years that may be planned ahead
QUARTERS, MONTHS = range(1, 5), range(1, 13)
QUARTER_LABELS = (_("第一季度"), _("第二季度"), _("第三季度"), _("第四季度"))


class NameForm(forms.Form):
    """Who acts; typed once, remembered by the browser's session."""

    by_name = forms.CharField(
        label=_("经办人姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class RefusalForm(NameForm):
    field_order = ["cause", "by_name"]
    cause = forms.CharField(
        label=_("退办理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("请写明依据，以及应由哪个单位办理。"),
    )


class ExtensionForm(NameForm):
    field_order = ["until", "reason", "by_name"]
    until = forms.DateField(label=_("申请延至"), widget=DayInput())
    reason = forms.CharField(
        label=_("延期理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AssignForm(NameForm):
    field_order = ["assigned_to", "by_name"]
    assigned_to = forms.CharField(label=_("承办科室或人员"), max_length=60)


class AssignUnitForm(NameForm):
    """The unit by its name: there may be hundreds, so the browser offers them while typing."""

    field_order = ["unit", "by_name"]
    unit = forms.CharField(
        label=_("承办单位"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {row.name: row for row in active_rows(Unit, committee) if not row.is_relaying}

    def clean_unit(self) -> Unit:
        unit = self.units.get(self.cleaned_data["unit"].strip())
        if unit is None:
            raise forms.ValidationError(_("没有这个单位，请从列出的单位中选择。"))
        return unit


class DecideForm(NameForm):
    field_order = ["decision", "answer", "by_name"]
    decision = forms.ChoiceField(
        label=_("答复"),
        choices=[("grant", _("同意退办，另行分办")), ("keep", _("请继续办理"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("盖章复函扫描件"), help_text=_("PDF、Word 或照片，不超过30 MB，不得含涉密标识。")
    )


class AttachForm(NameForm, ScanForm):
    field_order = ["scan", "by_name"]


class VersionForm(NameForm):
    """Approving and giving an answer: of exactly the text that was seen."""

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def seen(self) -> datetime.datetime | None:
        return moment_of(self.data.get("version", ""))


class AnswerForm(VersionForm):
    field_order = ["scan", "by_name"]
    scan = forms.FileField(
        label=_("盖章复函扫描件"),
        required=False,
        help_text=_("已审定的可以不传，以后也可以补传。PDF、Word 或照片，不超过30 MB。"),
    )


def moment_of(text: str) -> datetime.datetime | None:
    try:
        return parse_datetime(text[:40])
    except ValueError:
        return None


class PlannedForm(forms.Form):
    """Text, class, and where the class plans, until when: a quarter or a year is enough."""

    text = forms.CharField(
        label=_("答复内容"),
        max_length=LONGEST_REPLY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    reply_class = forms.ChoiceField(label=_("办理结果分类"), required=False)
    planned_year = forms.IntegerField(
        label=_("计划年份"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    planned_part = forms.ChoiceField(label=_("计划时段"), required=False)
    planned_day = forms.IntegerField(
        label=_("计划日"),
        required=False,
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("选了月份的可以再写到日。"),
    )
    no_date_reason = forms.CharField(
        label=_("暂无明确时间的理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=40, required=False)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = str(self.initial.get("reply_class") or "")
        rows = active_rows(ReplyClass, committee)
        self.classes = {str(row.pk): row for row in rows}
        offered = [(pk, str(row)) for pk, row in self.classes.items()]
        self.fields["reply_class"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]
        if kept not in self.classes:
            self.initial.pop("reply_class", None)
        year = timezone.localdate().year
        self.fields["planned_year"].help_text = _("例如 %(year)s") % {"year": year + 1}
        parts: list[Any] = [("", _("全年"))]
        parts += [(f"q{one}", QUARTER_LABELS[one - 1]) for one in QUARTERS]
        parts += [(f"m{one}", _("%(month)s月") % {"month": one}) for one in MONTHS]
        self.fields["planned_part"].choices = parts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given, today = self.cleaned_data, timezone.localdate()
        year, part, on = given.get("planned_year"), given.get("planned_part"), None
        chosen = self.classes.get(given.get("reply_class", ""))
        if chosen is None or not chosen.is_planned:
            year = None
        if year is not None and not today.year <= year <= today.year + FURTHEST:
            self.add_error("planned_year", _("请填写今年或以后的年份。"))
            year = None
        if year is not None:
            on, precision = last_day(year, part or "", given.get("planned_day"))
            if on is None:
                self.add_error("planned_day", _("没有这一天。"))
            elif on < today:
                self.add_error("planned_part", _("计划时间不能早于今天。"))
            given["precision"] = precision
        given["planned_on"] = on
        return given

    @property
    def words(self) -> ReplyWords:
        given = self.cleaned_data
        return ReplyWords(
            text=given["text"],
            reply_class=self.classes.get(given["reply_class"]),
            planned_on=given["planned_on"],
            planned_precision=given.get("precision", "") if given["planned_on"] else "",
            no_date_reason=given["no_date_reason"],
            contact_name=given["contact_name"],
            contact_phone=given["contact_phone"],
        )


def last_day(year: int, part: str, day: int | None) -> tuple[datetime.date | None, str]:
    """The last day of the period and its precision; None for a day the month has not."""
    kind, number = part[:1], int(part[1:] or 0)
    month = {"q": number * 3, "m": number}.get(kind, 12)
    length = calendar.monthrange(year, month)[1]
    if kind == "m" and day is not None:
        on = datetime.date(year, month, day) if day <= length else None
        return on, Precision.DAY
    precision = {"q": Precision.QUARTER, "m": Precision.MONTH}.get(kind, Precision.YEAR)
    return datetime.date(year, month, length), precision


def planned_initial(on: datetime.date | None, precision: str) -> dict[str, Any]:
    """What a kept plan looks like in the form."""
    if on is None:
        return {}
    part = {Precision.QUARTER: f"q{(on.month + 2) // 3}", Precision.YEAR: ""}
    return {
        "planned_year": on.year,
        "planned_part": part.get(Precision(precision or "day"), f"m{on.month}"),
        "planned_day": on.day if precision == Precision.DAY else None,
    }


class ReplyForm(PlannedForm, NameForm):
    """A unit's draft. `version` is a text input out of sight: it is saved with the words."""

    field_order = ["text", "reply_class"]
    stamped = forms.FileField(label=_("盖章复函"), required=False)
    other = forms.FileField(label=_("其他附件"), required=False)
    version = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput(attrs={"hidden": True})
    )

    @property
    def based_on(self) -> datetime.datetime | None:
        given = self.data if self.is_bound else self.initial
        return moment_of(str(given.get("version") or ""))

    def renew(self, version: datetime.datetime | None) -> None:
        """What is in the form now follows another version, which its writer has been shown."""
        text = version.isoformat() if version else ""
        if self.is_bound:
            self.data = {**self.data.dict(), "version": text}  # type: ignore[attr-defined]
        else:
            self.initial["version"] = text

    @property
    def uploads(self) -> list[Upload]:
        kinds = {"stamped": ReplyFile.Kind.STAMPED, "other": ReplyFile.Kind.OTHER}
        return [
            (kind, self.cleaned_data[name])
            for name, kind in kinds.items()
            if self.cleaned_data.get(name)
        ]


class PaperReplyForm(PlannedForm):
    """The office enters a letter that came on paper."""

    field_order = ["letter_number", "letter_on", "reply_class", "text"]
    letter_number = forms.CharField(label=_("复函文号"), max_length=60, required=False)
    letter_on = forms.DateField(label=_("复函日期"), widget=DayInput())
    scan = forms.FileField(
        label=_("盖章复函扫描件"),
        required=False,
        help_text=_("有扫描件的，答复内容可以不录。PDF、Word 或照片，不超过30 MB。"),
    )


class PrintedCodeForm(forms.Form):
    code = forms.CharField(
        label=_("函件编码"),
        max_length=40,
        help_text=_("复函页脚打印的编码；扫码枪扫入也可以。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )


class LinkCodeForm(forms.Form):
    """The code that came apart from the link."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=40,
        help_text=_("机关另行告知的8位数字"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
