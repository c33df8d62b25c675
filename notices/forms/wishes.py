"""接收设置: one choice a topic, and the person's channels in order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.models import User
from notices.actions.delivery import own_channels
from notices.models import Channel, Preference, Topic, Way
from notices.topics import HABIT, MUST, choices_of

TYPED = {
    Channel.MAIL: gettext_lazy("电子邮箱"),
    Channel.WECOM: gettext_lazy("企业微信账号"),
    Channel.DINGTALK: gettext_lazy("钉钉账号（UserID）"),
}
ACCOUNT = RegexValidator(r"^[\w.@-]{1,64}$", gettext_lazy("只能是字母、数字和 . _ - @。"))


class WishesForm(forms.Form):
    """`when_<topic>`, and of each channel set up here `place_<channel>`, `address_<channel>`."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(Preference.objects.filter(user=person).values_list("topic", "when"))
        self.ways = {way.channel: way for way in Way.objects.filter(user=person)}
        self.names = own_channels()
        for topic in Topic:
            now = chosen.get(topic, HABIT[topic])
            self.fields[f"when_{topic.value}"] = forms.ChoiceField(
                label=topic.label,
                choices=[(one.value, one.label) for one in choices_of(topic)],
                initial=now if now in choices_of(topic) else HABIT[topic],
                help_text=gettext_lazy("须知事项，不能关闭") if topic in MUST else "",
            )
        for usual, name in enumerate(self.names, start=1):
            self._add_channel(name, usual, person)

    def _add_channel(self, name: str, usual: int, person: User) -> None:
        way, many = self.ways.get(name), len(self.names)
        places = [(n, _("第%(n)s") % {"n": n}) for n in range(1, many + 1)]
        now = usual if way is None or way.place > many else way.place
        self.fields[f"place_{name}"] = forms.TypedChoiceField(
            label=Channel(name).label,
            coerce=int,
            choices=[*places, (0, _("不用"))],
            initial=now,
            help_text=self._said(name, way, person),
        )
        if name in TYPED:
            kinds = [] if name == Channel.MAIL else [ACCOUNT]
            typed = forms.EmailField if name == Channel.MAIL else forms.CharField
            self.fields[f"address_{name}"] = typed(
                label=TYPED[Channel(name)],
                required=False,
                max_length=100,
                validators=kinds,
                initial=way.address if way else "",
            )

    def _said(self, name: str, way: Way | None, person: User) -> str:
        if way and way.bounced_at:
            return _("最近没有送达，暂时排在最后。请核对号码或账号。")
        if name == Channel.SMS:
            return _("发到 %(phone)s") % {"phone": person.masked_phone or _("（未登记号码）")}
        if name == Channel.WECHAT:
            return _("已绑定") if way and way.address else _("未绑定")
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in TYPED:
            place = cleaned.get(f"place_{name.value}")
            if place == 1 and not cleaned.get(f"address_{name.value}", "-"):
                self.add_error(
                    f"address_{name.value}",
                    ValidationError(_("排在第一的接收方式要填账号或地址。")),
                )
        return cleaned

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[f"when_{topic.value}"] for topic in Topic]

    @property
    def channels(self) -> list[forms.BoundField]:
        names = [f"{part}_{name}" for name in self.names for part in ("place", "address")]
        return [self[name] for name in names if name in self.fields]

    def given(self) -> dict[str, Any]:
        """What `set_wishes` takes."""
        data = self.cleaned_data
        ways = {name: (data[f"place_{name}"], data.get(f"address_{name}")) for name in self.names}
        return {"when": {topic.value: data[f"when_{topic.value}"] for topic in Topic}, "ways": ways}
