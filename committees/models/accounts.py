"""Accounts, the offices people hold, and the printed slip for a first sign-in."""

from __future__ import annotations

import datetime
from functools import cache, cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor, Standing
from committees.models.organisation import Committee
from committees.sealed import SealedField, TwinField, masked_phone, normal_phone, twin
from committees.spans import SpannedQuerySet


class Role(models.TextChoices):
    SYSADMIN = "sysadmin", _("系统管理员")
    SECADMIN = "secadmin", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")
    CLERK = "clerk", _("机关工作人员")
    EDITOR = "editor", _("编辑")
    CHECKER = "checker", _("核稿人")
    SIGNER = "signer", _("签发人")
    LEADER = "leader", _("主席会议成员")
    COMMISSION = "commission", _("专委会办公室")
    HANDLER = "handler", _("承办单位经办人")
    LIAISON = "liaison", _("民情联络员")
    CONFIDANT = "confidant", _("专管人员")


THREE_ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


class UserQuerySet(models.QuerySet):
    def by_phone(self, raw: str) -> Any:
        return self.filter(phone_twin=twin(normal_phone(raw)))

    def known_in(self, committee: Committee | None) -> Any:
        """People with an office, a membership, a room or a delegation in a committee."""
        return self.filter(
            models.Q(pk__in=Appointment.objects.filter(committee=committee).values("user"))
            | models.Q(members__committee=committee)
            | models.Q(delegations__committee=committee)
            | models.Q(room_duties__committee=committee)
        ).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str) -> User:
        return self.get(sign_in_name=username)


class User(AbstractBaseUser):
    """A person who may sign in, by a name the office gives or by phone. There is no superuser."""

    name = models.CharField(_("姓名"), max_length=60)
    sign_in_name = models.CharField(
        _("登录名"),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("该登录名已被使用。")},
    )
    phone = SealedField(_("手机号码"), blank=True)
    phone_twin = TwinField(source="phone")
    is_active = models.BooleanField(_("启用"), default=True)
    is_elder_mode = models.BooleanField(_("长辈模式"), default=False)
    last_committee = models.ForeignKey(
        Committee,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = UserManager()

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = pgettext_lazy("plural", "账号")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone_twin"],
                name="user_phone_once",
                violation_error_message=_("该手机号码已属于另一个账号。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone or "")

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens: there is something of a committee's data to keep or to watch."""
        return bool(self.standing.committees(Role.CLERK, *THREE_ADMINISTRATORS))

    @cached_property
    def standing(self) -> Standing:
        """Everything this person is today, in one statement; cached on the instance."""
        statement, parameters = _standing_statement()
        told: dict[Any, Any] = {SOMEBODY: self.pk, SOME_DAY: timezone.localdate()}
        with connection.cursor() as cursor:
            cursor.execute(statement, [told.get(value, value) for value in parameters])
            return Standing(cursor.fetchall())


SOMEBODY, SOME_DAY = -1, datetime.date.min
"""What stands in the prepared statement for the person and for today."""


@cache
def _standing_statement() -> tuple[str, tuple[Any, ...]]:
    """The text and the parameters of `standing`, for every person and day.

    Putting the text together takes ten times as long as asking it, and every request asks.
    """
    return _standing_rows(User(pk=SOMEBODY), SOME_DAY).query.sql_with_params()


def _standing_rows(user: User, today: datetime.date) -> Any:
    """`(role, committee_id, scope_id)` of a person.

    The only place where `committees` reads upward, and only through declared related names.
    """
    member = user.members.filter(memberships__span__contains=today)
    convenor = user.members.filter(
        memberships__span__contains=today,
        memberships__seats__convenorships__span__contains=today,
    )
    kept = models.Q(is_keeper=True, span__contains=today)
    return _triples(user.appointments.on(today), models.F("role"), models.F("scope_id")).union(
        _triples(member, models.Value("member"), models.F("pk")),
        _triples(
            convenor,
            models.Value("convenor"),
            models.F("memberships__seats__convenorships__sector_id"),
        ),
        _standing_in(user, today),
        _triples(
            user.members.filter(
                memberships__span__contains=today,
                room_memberships__is_keeper=True,
                room_memberships__span__contains=today,
            ),
            models.Value("keeper"),
            models.F("room_memberships__workroom_id"),
        ),
        _triples(
            user.room_duties.filter(kept),
            models.Value("keeper"),
            models.F("workroom_id"),
        ),
        _triples(
            user.delegations.filter(span__contains=today),
            models.Value("delegate"),
            models.F("member_id"),
        ),
        all=True,
    )


def _standing_in(user: User, today: datetime.date) -> Any:
    """`stand_in` of a sector all of whose convenors are on leave: this one is named instead,
    while it is one of the sector's."""
    absences: Any = user.members.model.standing_in.rel.related_model
    away = absences.objects.in_force(today).values("pk")
    sector = models.F("standing_in__convenorship__sector_id")
    rows = user.members.filter(
        memberships__span__contains=today,
        memberships__seats__span__contains=today,
        memberships__seats__sector=sector,
        standing_in__in=away,
    )
    return _triples(rows, models.Value("stand_in"), sector)


def _triples(rows: Any, role: Any, scope: Any) -> Any:
    """Unordered `(role, committee_id, scope_id)` rows, alike in type so that they can be united."""
    return (
        rows.order_by()
        .annotate(
            standing_role=models.functions.Cast(role, models.CharField()),
            standing_scope=models.functions.Cast(scope, models.BigIntegerField()),
        )
        .values_list("standing_role", "committee_id", "standing_scope")
    )


class AppointmentQuerySet(SpannedQuerySet):
    def in_committee(self, committee: Committee) -> Any:
        return self.filter(committee=committee)

    def visible_to(self, actor: Actor) -> Any:
        """The three administrators and the clerks of a committee see who holds its offices."""
        seeing = actor.standing.committees(*THREE_ADMINISTRATORS, Role.CLERK)
        mine = models.Q(user=actor) if isinstance(actor, User) else models.Q(pk__in=[])
        return self.filter(models.Q(committee__in=seeing) | mine)


class Appointment(models.Model):
    """An office held in a committee for a span.

    `scope_id` by role: handler → Unit; commission → sectors.Commission; liaison →
    sectors.LiaisonGroup.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=_("人员")
    )
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("政协委员会"),
    )
    role = models.CharField(_("职责"), max_length=12, choices=Role)
    scope_id = models.BigIntegerField(_("范围编号"), null=True, blank=True)
    span = DateRangeField(_("起止日期"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位授权")
        verbose_name_plural = pgettext_lazy("plural", "岗位授权")
        ordering = ["committee", "role", "id"]
        indexes = [models.Index(fields=["committee", "role"])]
        constraints = [
            ExclusionConstraint(
                name="appointment_once",
                expressions=[
                    ("user", "="),
                    ("committee", "="),
                    ("role", "="),
                    (models.functions.Coalesce("scope_id", models.Value(0)), "="),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("此人在这段时间已有相同的岗位授权。"),
            ),
            ExclusionConstraint(
                name="three_administrators_apart",
                expressions=[("user", "="), ("span", RangeOperators.OVERLAPS)],
                condition=models.Q(role__in=THREE_ADMINISTRATORS),
                violation_error_message=_("系统管理员、安全管理员、审计管理员须由三个人分别担任。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class SignInSlip(models.Model):
    """A printed slip with a one-time code: first sign-in and forgotten passwords, without e-mail.

    Only the keyed hash of the code is kept; it serves once and for seven days.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="slips")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    printed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("登录凭条")
        verbose_name_plural = pgettext_lazy("plural", "登录凭条")
        ordering = ["-printed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} · {timezone.localdate(self.printed_at)}"
