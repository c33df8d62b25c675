"""Forms of the handover (换届): the new term, who leaves, and to whom what is held goes."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.day_input import DayInput
from committees.models import Committee
from members.models import Member
from sectors.handover.holdings import Held, Holding, page_of_held
from sectors.handover.transferring import Pick
from sectors.models import Handover, Transfer
from sectors.roster_import.reading import MAX_BYTES

MOST_ORDINAL = 99
EARLIEST = datetime.date(1949, 9, 21)  # the first plenary session of the CPPCC
AHEAD = datetime.timedelta(days=366)
LONGEST_NAME = 60


class PrepareForm(forms.Form):
    """The new term: ordinal, first day, meeting, and where its roster comes from."""

    ordinal = forms.IntegerField(
        label=gettext_lazy("新一届届次"),
        min_value=1,
        max_value=MOST_ORDINAL,
        help_text=gettext_lazy("如第七届填 7。"),
    )
    on_date = forms.DateField(
        label=gettext_lazy("新一届首日"),
        widget=DayInput(),
        help_text=gettext_lazy("上一届任职止于前一日。"),
    )
    meeting = forms.CharField(
        label=gettext_lazy("会议"),
        max_length=80,
        help_text=gettext_lazy("作出决定的会议，如六届二十次常委会会议。"),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("新名册来源"),
        choices=Handover.Basis.choices,
        widget=forms.RadioSelect,
        initial=Handover.Basis.PRESENT,
        help_text=gettext_lazy("以现任委员为基础的，下一步按界别勾选届满离任的委员。"),
    )
    file = forms.FileField(
        label=gettext_lazy("名册文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=gettext_lazy(
            "完整名册列出新一届全部委员；以现任委员为基础的，可只列新任委员。格式与名册导入相同。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("keeps_convenors", "keeps_positions", "keeps_commissions", "keeps_streets"):
            field: Any = Handover._meta.get_field(name)
            self.fields[name] = forms.BooleanField(
                label=field.verbose_name, required=False, initial=field.default
            )

    def clean_on_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on_date"]
        if not EARLIEST <= day <= timezone.localdate() + AHEAD:
            raise ValidationError(_("首日不合常理，请核对。"))
        return day

    def clean_file(self) -> object:
        file = self.cleaned_data.get("file")
        if file and file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB。请只保留名册工作表后重新上传。"))
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        wants_file = given.get("basis") == Handover.Basis.FILE
        if wants_file and not given.get("file") and "file" not in self.errors:
            self.add_error("file", _("请上传新一届完整名册。"))
        return given


class ChooseForm(forms.Form):
    """Who of a sector leaves; the others are nominated again."""

    leavers = forms.MultipleChoiceField(
        label=gettext_lazy("届满离任"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["leavers"]
        field.choices = [
            (row.pk, " ".join(part for part in (row.name + row.annotation, row.work) if part))
            for row in people
        ]


class TakerForm(forms.Form):
    """Fields `to` and `who` in one or several places; a name is looked up in the new roster."""

    committee: Committee
    on: datetime.date

    def add_taker(self, key: str, takes: tuple[str, ...]) -> None:
        labels = dict(Transfer.To.choices)
        choices = [("", _("暂不移交")), *((one, labels[one]) for one in takes)]
        self.fields[f"to_{key}"] = forms.ChoiceField(
            label=_("去向"), choices=choices, required=False
        )
        if Transfer.To.MEMBER in takes:
            self.add_name(key, _("接手委员"))

    def add_name(self, key: str, label: str) -> None:
        self.fields[f"who_{key}"] = forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST_NAME,
            help_text=_("填姓名；有同名的填委员证号。"),
            widget=forms.TextInput(attrs={"list": "takers", "autocomplete": "off"}),
        )

    def takers(self, keys: list[str]) -> dict[str, Member]:
        """The members named, by key; what names nobody, or two, is an error beside its field."""
        typed = {key: "".join(self.cleaned_data.get(f"who_{key}", "").split()) for key in keys}
        names = {one for one in typed.values() if one}
        found: dict[str, list[Member]] = {}
        if names:
            rows = Member.objects.in_committee(self.committee).serving(self.on)
            for row in rows.filter(Q(name__in=names) | Q(number__in=names)).distinct():
                for name in {row.name, row.number} & names:
                    found.setdefault(name, []).append(row)
        taken = {}
        for key, name in typed.items():
            if not name:
                continue
            if len(found.get(name, [])) == 1:
                taken[key] = found[name][0]
            elif found.get(name):
                self.add_error(f"who_{key}", _("有同名委员，请填写委员证号。"))
            else:
                self.add_error(f"who_{key}", _("新一届没有这位委员。"))
        return taken

    def pick(
        self, key: str, kind: str, taker: Member | None, ids: frozenset[int] | None
    ) -> Pick | None:
        """What was picked in one place: nothing where no way was chosen and nobody named."""
        to = self.cleaned_data.get(f"to_{key}") or (Transfer.To.MEMBER if taker else "")
        if to == Transfer.To.MEMBER and taker is None and f"who_{key}" not in self.errors:
            self.add_error(f"who_{key}", _("请写明接手委员。"))
        return Pick(kind=kind, to=to, member=taker, ids=ids) if to else None


class LeaverForm(TakerForm):
    """All that one leaver holds: by kind the ticked things, and where they go."""

    waits = False  # the first day is still to come

    def __init__(
        self, *args: Any, held: list[Held], committee: Committee, on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.committee, self.on = committee, on
        self.add_name("any", _("全部移交给"))
        self.fields["who_any"].help_text = _(
            "下面没有另选去向、可由委员接手的事项，都移交给这位委员。"
        )
        self.kinds: dict[str, tuple[Holding, list[Held]]] = {}
        for one in held:
            if one.holding.is_open:
                self.kinds.setdefault(one.holding.name, (one.holding, []))[1].append(one)
        for name, (holding, rows) in self.kinds.items():
            choices = [(one.pk, one.line) for one in rows]
            self.fields[f"ids_{name}"] = forms.MultipleChoiceField(
                label=holding.label,
                choices=choices,
                required=False,
                initial=[one.pk for one in rows],
                widget=forms.CheckboxSelectMultiple,
            )
            self.add_taker(name, holding.takes)

    def groups(self) -> list[dict[str, Any]]:
        return [
            {
                "holding": holding,
                "number": len(rows),
                "ids": self[f"ids_{name}"],
                "boxes": [
                    {"box": box, "url": page_of_held(one, self.committee.slug)}
                    for box, one in zip(self[f"ids_{name}"], rows, strict=True)
                ],
                "waits": self.waits and holding.waits,
                "to": self[f"to_{name}"],
                "who": self[f"who_{name}"] if f"who_{name}" in self.fields else None,
            }
            for name, (holding, rows) in self.kinds.items()
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        takers = self.takers(["any", *self.kinds])
        self.picks = []
        for name, (holding, _rows) in self.kinds.items():
            ids = frozenset(int(pk) for pk in given.get(f"ids_{name}", []))
            taker, heir = takers.get(name), takers.get("any")
            if heir and not taker and not given.get(f"to_{name}"):
                taker = heir if Transfer.To.MEMBER in holding.takes else None
            if ids and (pick := self.pick(name, name, taker, ids)):
                self.picks.append(pick)
        if not self.picks and not self.errors:
            raise ValidationError(_("请选择去向，或写明接手委员。"), code="nothing")
        return given


class SectorForm(TakerForm):
    """One kind of thing that all leavers of a sector hold, to one taker."""

    def __init__(
        self,
        *args: Any,
        kinds: list[Holding],
        committee: Committee,
        on: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.committee, self.on = committee, on
        self.fields["kind"] = forms.ChoiceField(
            label=_("交接事项"), choices=[(one.name, one.label) for one in kinds]
        )
        ways = [one for one in Transfer.To.values if any(one in kind.takes for kind in kinds)]
        self.add_taker("all", tuple(ways))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        taker = self.takers(["all"]).get("all")
        kind = given.get("kind")
        self.picks = []
        if kind and not self.errors:
            pick = self.pick("all", kind, taker, None)
            if pick is None:
                raise ValidationError(_("请选择去向，或写明接手委员。"), code="nothing")
            self.picks = [pick]
        return given
