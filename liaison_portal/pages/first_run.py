"""`/first-run/`: the first committee, its three administrators and its first clerk, in one form.

Open to everybody, but only while there is no committee, and only to who knows the one-time code
that the launcher printed on its console.
"""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from committees.actors import Guest
from committees.day_input import DayInput
from committees.models import Committee, Level, Role, User
from committees.models.organisation import slug_is_free
from committees.slip_paper import is_only_here, papers
from liaison_portal.founding import BEGINNERS, Beginner, found
from liaison_portal.local import check_first_run_code, forget_first_run_code

BY = Guest("first_run")
NAMES = ("name", "short_name", "level", "slug")
WHAT = {
    Role.SYSADMIN: _("管理账号和岗位授权"),
    Role.SECADMIN: _("指定三名管理员，管理安全设置"),
    Role.AUDITOR: _("查看操作日志"),
    Role.CLERK: _("导入名册，打印登录凭条，办理日常工作"),
}
slug_is_plain = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("只用小写字母、数字和连字符。"))
sign_in_name_is_plain = RegexValidator(
    r"^(?=.*[A-Za-z])[A-Za-z0-9._-]{2,40}$",
    _("用2至40个字母、数字、点或连字符，至少含一个字母。"),
)


class FirstRunForm(forms.Form):
    """The committee, its term, and `<role>_name`, `_sign_in_name`, `_password` of four people."""

    code = forms.CharField(
        label=_("一次性代码"),
        help_text=_("启动本平台时显示在控制台上"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("如：政协云川市委员会"))
    short_name = forms.CharField(
        label=_("简称"), max_length=30, required=False, help_text=_("如：市政协")
    )
    level = forms.ChoiceField(
        label=_("层级"), choices=Level, initial=Level.CITY, widget=forms.RadioSelect
    )
    slug = forms.CharField(
        label=_("网址标识"),
        max_length=40,
        help_text=_("网址的第一段，如 yunchuan；以后不能更改。"),
        validators=[slug_is_plain, slug_is_free],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    ordinal = forms.IntegerField(label=_("本届届次"), min_value=1, max_value=99)
    begins_on = forms.DateField(
        label=_("本届开始日期"),
        widget=DayInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in BEGINNERS:
            self.fields.update(_person_fields(role))

    @property
    def people(self) -> list[dict[str, Any]]:
        """For the template: each role's label, what it is for, and its fields."""
        return [
            {
                "label": role.label,
                "what": WHAT[role],
                "name": self[f"{role}_name"],
                "sign_in_name": self[f"{role}_sign_in_name"],
                "password": self[f"{role}_password"],
            }
            for role in BEGINNERS
        ]

    @property
    def committee_fields(self) -> list[Any]:
        return [self[name] for name in (*NAMES, "ordinal", "begins_on")]

    def clean_begins_on(self) -> Any:
        day = self.cleaned_data["begins_on"]
        if day > timezone.localdate():
            raise ValidationError(_("开始日期还没有到。"))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self._check_apart("_sign_in_name", _("登录名与“%(other)s”相同，须由不同的人担任。"))
        self._check_apart("_name", _("姓名与“%(other)s”相同，须由不同的人担任。"))
        for role in BEGINNERS:
            self._check_password(role)
        return given

    def _check_apart(self, ending: str, sentence: Any) -> None:
        taken: dict[str, Any] = {}
        for role in BEGINNERS:
            value = self.cleaned_data.get(f"{role}{ending}", "").strip().lower()
            if value and value in taken:
                other = taken[value]
                self.add_error(
                    f"{role}{ending}", ValidationError(sentence, params={"other": other})
                )
            elif value:
                taken[value] = role.label

    def _check_password(self, role: Role) -> None:
        password = self.cleaned_data.get(f"{role}_password")
        if not password:
            return
        person = User(sign_in_name=self.cleaned_data.get(f"{role}_sign_in_name", ""))
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error(f"{role}_password", error)

    def beginners(self) -> list[Beginner]:
        return [
            Beginner(
                role,
                name=self.cleaned_data[f"{role}_name"],
                sign_in_name=self.cleaned_data[f"{role}_sign_in_name"],
                password=self.cleaned_data[f"{role}_password"],
            )
            for role in BEGINNERS
        ]

    def add_errors(self, error: ValidationError) -> None:
        """Each sentence beside its field; what belongs to none stands at the top."""
        for field, sentences in getattr(error, "error_dict", {None: error}).items():
            self.add_error(field if field in self.fields else None, sentences)


def _person_fields(role: Role) -> dict[str, forms.Field]:
    plain = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
    # Given back after an error, unlike elsewhere: eight fields are not to be typed again, the page
    # is not stored, and a password lost unseen would become a slip.
    secret = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True)
    return {
        f"{role}_name": forms.CharField(label=_("姓名"), max_length=60),
        f"{role}_sign_in_name": forms.CharField(
            label=_("登录名"),
            max_length=40,
            validators=[sign_in_name_is_plain],
            widget=forms.TextInput(attrs=plain),
        ),
        f"{role}_password": forms.CharField(
            label=_("密码"),
            required=False,
            strip=False,
            help_text=_("留空则打印登录凭条"),
            widget=secret,
        ),
    }


@login_not_required
@never_cache
@sensitive_post_parameters()
def first_run(request: HttpRequest) -> HttpResponse:
    if Committee.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST or None)
    if request.method != "POST":
        return render(request, "public/first_run.html", {"form": form})
    if not ratelimit.consume(request, action="first_run", dry_run=True):
        form.add_error("code", _("尝试次数过多，请五分钟后再试。"))
        return render(request, "public/first_run.html", {"form": form}, status=429)
    if not check_first_run_code(form.data.get("code", "")):
        ratelimit.consume(request, action="first_run")
        form.add_error("code", _("一次性代码不正确，请查看启动本平台的控制台。"))
    founded = _found(form) if form.is_valid() else None
    if founded is None:
        return render(request, "public/first_run.html", {"form": form})
    forget_first_run_code()
    for role, user in founded.people.items():
        user.work = str(Role(role).label)  # stands on the slip, to hand it out by
    context = {
        "founded": founded,
        "papers": papers(founded.slips, request=request),
        "is_only_here": is_only_here(request),
        "people": [(role.label, founded.people[role]) for role in BEGINNERS],
        "clerk": founded.people[Role.CLERK],
    }
    return render(request, "public/first_run_done.html", context)


def _found(form: FirstRunForm) -> Any:
    names = {name: form.cleaned_data[name] for name in NAMES}
    try:
        return found(
            names,
            by=BY,
            ordinal=form.cleaned_data["ordinal"],
            begins_on=form.cleaned_data["begins_on"],
            beginners=form.beginners(),
            is_first=True,
        )
    except ValidationError as error:
        form.add_errors(error)
        return None
