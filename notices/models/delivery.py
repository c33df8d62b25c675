"""How notices reach people: what each person wishes, and what was sent on which channel."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Committee, Role, User
from committees.scoping import CommitteeQuerySet
from committees.sealed import SealedField
from notices.models.notices import Notice


class Topic(models.TextChoices):
    """What a kind of notice is about, weightiest first; people choose by topic (topics.py)."""

    TODO = "todo", _("待办事项")
    DUE = "due", _("到期提醒")
    DUTY = "duty", _("值班安排")
    ANNOUNCEMENT = "announcement", _("通知公告")
    ACTIVITY = "activity", _("活动")
    PROGRESS = "progress", _("办理进展")
    SUMMARY = "summary", _("工作月报")


class WhenTold(models.TextChoices):
    AT_ONCE = "once", _("即时")
    DAILY = "daily", _("工作日上午汇总")
    WEEKLY = "weekly", _("每周汇总")
    OFF = "off", _("只在消息里看")


class Channel(models.TextChoices):
    FILE = "file", _("文件")
    SMS = "sms", _("短信")
    WECHAT = "wechat", _("微信服务号")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    MAIL = "mail", _("电子邮件")
    PHONE = "phone", _("电话通知")


class OwnQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """What a person wishes is that person's own business."""
        return self.filter(user=actor) if isinstance(actor, User) else self.none()


class Preference(models.Model):
    """接收设置: when a person is told about one topic; no row means the topic's own habit."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(_("事项"), max_length=12, choices=Topic)
    when = models.CharField(_("接收时间"), max_length=6, choices=WhenTold)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("接收设置")
        verbose_name_plural = pgettext_lazy("plural", "接收设置")
        ordering = ["user", "topic"]
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="preference_once"),
        ]


class Way(models.Model):
    """接收方式: one channel of a person, in the order of `place`.

    The SMS number is the account's own and not repeated here. `bounced_at` is set when the channel
    refused the person for good (an empty number, an address that does not exist), and emptied when
    the address changes or something arrives again.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_ways")
    channel = models.CharField(_("接收方式"), max_length=8, choices=Channel)
    address = SealedField(_("账号或地址"), blank=True, default="")
    place = models.PositiveSmallIntegerField(_("次序"), default=1)
    bounced_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("接收方式")
        verbose_name_plural = pgettext_lazy("plural", "接收方式")
        ordering = ["user", "place", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="way_once")]


class DeliveryQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The committee's clerks see what was sent, never what was read."""
        return self.filter(committee__in=actor.standing.committees(Role.CLERK))

    def failed(self) -> Any:
        return self.filter(state=Delivery.State.FAILED)

    def to_call(self) -> Any:
        """电话通知名单: nothing else reached them, and they must know."""
        return self.filter(channel=Channel.PHONE, state=Delivery.State.TO_CALL)

    def for_list(self) -> Any:
        return self.select_related("recipient", "notice", "told_by").order_by("-id")


class Delivery(models.Model):
    """发送记录: one notice on one channel. The row stands before anything leaves the house.

    So a worker that died in between leaves a row in state `sending`, and the next one asks the
    provider, where it knows our number, before it sends again (docs/decisions/0043).
    """

    class State(models.TextChoices):
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未送达")
        TO_CALL = "to_call", _("待电话通知")
        TOLD = "told", _("已电话告知")

    committee = models.ForeignKey(Committee, models.CASCADE, null=True, related_name="+")
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("接收人"))
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    topic = models.CharField(_("事项"), max_length=12, choices=Topic)
    channel = models.CharField(_("接收方式"), max_length=8, choices=Channel)
    turn = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.SENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(_("回执号"), max_length=100, blank=True)
    error = models.CharField(_("原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    resent_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = pgettext_lazy("plural", "发送记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["committee", "-id"]),
            models.Index(fields=["committee", "state", "-id"]),
            models.Index(
                fields=["committee", "recipient", "id"],
                name="delivery_to_call",
                condition=models.Q(state="to_call"),
            ),
            models.Index(
                fields=["created_at"],
                name="delivery_unconfirmed",
                condition=models.Q(state="sent", channel="sms", confirmed_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "turn"], name="delivery_once"),
        ]

    @property
    def number(self) -> str:
        """Our own number for the provider: the same for every try, another when sent anew."""
        return f"n{self.notice_id}-{self.channel}-{self.turn}"

    @property
    def tone(self) -> str:
        """How the state looks as a pill."""
        tones = {"sent": "ok", "told": "ok", "sending": "info", "to_call": "due"}
        return "quiet" if self.resent_at else tones.get(self.state, "late")

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED and self.resent_at is None
