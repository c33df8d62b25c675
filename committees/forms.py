"""Forms of signing in, of the own password and of printing slips."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from committees.models import Committee
from committees.sign_in_codes import phone_of
from committees.slips import DIGITS, GROUP, found_by

REMEMBER = _("在本机保持登录")
REMEMBER_HELP = _("委员保持90天；机关、单位账号30分钟不操作即退出。公用电脑请不要勾选。")


def _plain(field: forms.Field, label: Any) -> None:
    """Our label above the field instead of the library's inside it."""
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """`login` (phone or sign-in name), `password`, `remember`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("手机号码或登录名"))
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        _plain(self.fields["password"], _("密码"))
        self.fields["remember"].label = REMEMBER
        self.fields["remember"].help_text = REMEMBER_HELP


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("密码"))


class NewPasswordForm(SetPasswordForm):
    """Without the old one, for who came by a slip; the view asks whether that is so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password1"].help_text = _("至少8位，不能全是数字，也不能是常见密码。")
        self.fields["new_password2"].label = _("再输一次新密码")
        self.fields["new_password2"].help_text = ""
        self.fields["new_password1"].widget.attrs.pop("autofocus", None)


class OldAndNewPasswordForm(ChangePasswordForm):
    """`oldpassword`, `password1`, `password2`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("当前密码"))
        _plain(self.fields["password1"], _("新密码"))
        self.fields["password1"].help_text = _("至少8位，不能全是数字，也不能是常见密码。")
        _plain(self.fields["password2"], _("再输一次新密码"))


class SlipForm(forms.Form):
    """The code as it stands on the slip, in groups or not."""

    code = forms.CharField(
        label=_("登录代码"),
        max_length=40,
        help_text=_("登录凭条上的16位数字"),
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": DIGITS + DIGITS // GROUP,
            }
        ),
    )
    remember = forms.BooleanField(
        label=REMEMBER, help_text=REMEMBER_HELP, required=False, initial=True
    )


class SlipSearch(forms.Form):
    """Whose slips to print: words, a sector, and who has not come in yet."""

    EVERYBODY, WAITING, UNPRINTED = "", "waiting", "unprinted"
    STATES = [
        (EVERYBODY, _("全部")),
        (WAITING, _("尚未登录过")),
        (UNPRINTED, _("尚未登录过，也没有有效凭条")),
    ]

    q = forms.CharField(label=_("姓名或拼音"), max_length=40, required=False)
    sector = forms.TypedChoiceField(label=_("界别"), coerce=int, empty_value=None, required=False)
    state = forms.ChoiceField(label=_("登录情况"), choices=STATES, required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = committee.sectors.values_list("pk", "name")  # declared above, read only
        self.fields["sector"].choices = [("", _("全部")), *sectors]  # type: ignore[attr-defined]

    def narrow(self, rows: Any, committee: Committee) -> Any:
        """The rows of `slips.printable` that are asked for; a bad filter is no filter."""
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("q"):
            rows = found_by(rows, asked["q"], committee)
        if asked.get("sector"):
            rows = rows.filter(sector_id=asked["sector"])
        if asked.get("state"):
            rows = rows.filter(last_login=None)
        if asked.get("state") == self.UNPRINTED:
            rows = rows.filter(slip_until=None)
        return rows


class PhoneForm(forms.Form):
    """Whose phone a code is sent to; `ask` tells it apart from the code's own form."""

    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        return phone_of(self.cleaned_data["phone"])


class CodeForm(PhoneForm):
    """The six digits that came by SMS."""

    code = forms.CharField(
        label=_("短信验证码"),
        max_length=12,
        help_text=_("短信里的6位数字，五分钟内有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    remember = forms.BooleanField(
        label=REMEMBER, help_text=REMEMBER_HELP, required=False, initial=True
    )
