"""The reception book (群众接待登记), what is said later about an entry, and its photos."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.actors import Actor
from committees.models import Attachment, Category, Committee, Role, Theme, Unit, User
from committees.scoping import OFFICE, CommitteeQuerySet
from committees.sealed import SealedField, TwinField, masked_phone
from members.models import Member
from sectors.models import LiaisonGroup, Sector
from workrooms.models.rooms import Workroom

# A gist that was written before the matter was passed on is no answer to it.
TOLD_SINCE = models.Q(gist_at__isnull=False) & (
    models.Q(disposed_at=None) | models.Q(gist_at__gte=models.F("disposed_at"))
)


class ReceptionQuerySet(CommitteeQuerySet):
    def visible_to(self, actor: Actor) -> Any:
        """The room's keepers, the members who received, the place's liaison persons, the office.

        A report against a person is closed to all of them at once: only the confidant reads it.
        """
        standing = actor.standing
        people = standing.scopes("member", "delegate")
        seen: Any = models.Q(committee__in=standing.committees(*OFFICE))
        seen |= models.Q(workroom__in=standing.scopes("keeper"))
        seen |= models.Q(liaison_group__in=standing.scopes(Role.LIAISON))
        if people:
            received = Reception.members.through.objects.filter(
                reception=models.OuterRef("pk"), member__in=people
            )
            seen |= models.Exists(received)
        about_person = models.Q(nature=Reception.Nature.PERSON)
        confided = models.Q(committee__in=standing.committees(Role.CONFIDANT)) & about_person
        return self.filter((seen & ~about_person) | confided)

    def awaiting_disposal(self) -> Any:
        """Nobody said yet how it is dealt with, or its consultation will not take place."""
        return self.filter(models.Q(disposal="") | models.Q(returned_at__isnull=False))

    def overdue(self, on: datetime.date | None = None) -> Any:
        """Passed on, due before that day, and still without a result; not what came back and
        waits to be dealt with anew."""
        late = self.filter(due_on__lt=on or timezone.localdate())
        return late.filter(~TOLD_SINCE, resulted_on=None, returned_at=None)

    def to_be_told(self) -> Any:
        """Not ours, or of another channel: the resident is still to be told where it belongs."""
        elsewhere = models.Q(disposal=Reception.Disposal.NOT_OURS)
        elsewhere |= ~models.Q(nature=Reception.Nature.ORDINARY)
        return self.filter(elsewhere, told_on=None)

    def confided(self) -> Any:
        return self.filter(nature=Reception.Nature.PERSON)

    def received_by(self, members: Any) -> Any:
        """Those that one of these members (ids) received."""
        through = Reception.members.through.objects
        rows = through.filter(reception=models.OuterRef("pk"), member__in=members)
        return self.filter(models.Exists(rows))

    def with_steps(self) -> Any:
        """Adds `reported_on`, the day the first report that began here was issued, by itself or in
        one that it was merged into."""
        own, whole = "opinions__issue__issued_on", "opinions__merged_into__issue__issued_on"
        return self.annotate(reported_on=Least(models.Min(own), models.Min(whole)))

    def open_matters(self) -> Any:
        """Disposed of, passed on, and without a result so far."""
        passed = ["community", "unit", "opinion", "proposal"]
        rows = self.filter(disposal__in=passed, resulted_on=None, returned_at=None)
        return rows.filter(~TOLD_SINCE)

    def finished(self) -> Any:
        """Answered, resulted, or told where it belongs."""
        is_over = models.Q(resulted_on__isnull=False) | TOLD_SINCE
        is_over |= models.Q(disposal=Reception.Disposal.ON_THE_SPOT)
        told = models.Q(disposal=Reception.Disposal.NOT_OURS, told_on__isnull=False)
        return self.filter(is_over | told, returned_at=None)

    def found_by(self, words: str) -> Any:
        """By number (2026-00012), or any part of what was said or of the community."""
        words = words.strip()
        year, dash, number = words.partition("-")
        if dash and year.isdecimal() and number.isdecimal() and len(year + number) < 12:
            return self.filter(year=int(year), number=int(number))
        return self.filter(models.Q(said__contains=words) | models.Q(community__contains=words))

    def for_list(self) -> Any:
        """With what a row shows, `member_names` in the same statement."""
        names = Reception.members.through.objects.filter(reception=models.OuterRef("pk"))
        return self.select_related("workroom", "liaison_group", "category", "unit").annotate(
            member_names=ArraySubquery(
                names.order_by("member__name_key", "id").values("member__name")
            )
        )


class Reception(models.Model):
    """One entry of the book: a resident, a matter, and what became of it.

    It belongs to a workroom or to a liaison group, never both. Name, phone and where the resident
    lives are sealed, shown masked, and never leave with a referral. Step dates are facts:
    `read_at` 委员已阅, `passed_at` 正在协调, `gist_at` 已有结果; 已通过政协渠道反映 is read from
    the reports that began here; no date of a step is taken back. `returned_at` is when its
    consultation was called off or dropped, until somebody says what now. `receipt_twin` is
    the keyed hash of the receipt number.
    """

    class Way(models.TextChoices):
        IN_PERSON = "in_person", _("来访")
        SCAN = "scan", _("扫码")
        PHONE = "phone", _("来电")
        VISIT = "visit", _("走访")

    class Nature(models.TextChoices):
        ORDINARY = "ordinary", _("一般事项")
        PETITION = "petition", _("信访事项")
        LAWSUIT = "lawsuit", _("涉法涉诉事项")
        PERSON = "person", _("反映具体个人的事项")

    class Disposal(models.TextChoices):
        ON_THE_SPOT = "on_the_spot", _("当场答复")
        COMMUNITY = "community", _("转社区")
        UNIT = "unit", _("转部门")
        OPINION = "opinion", _("转社情民意")
        PROPOSAL = "proposal", _("转提案")
        NOT_OURS = "not_ours", _("不属政协受理")

    class ToldHow(models.TextChoices):
        FACE_TO_FACE = "face", _("当面")
        PHONE = "phone", _("电话")
        WRITTEN = "written", _("书面")
        RECEIPT = "receipt", _("受理编号查询")

    class Solved(models.TextChoices):
        YES = "yes", _("解决了")
        PARTLY = "partly", _("部分解决")
        NO = "no", _("没有解决")

    class Satisfied(models.TextChoices):
        YES = "yes", _("满意")
        FAIRLY = "fairly", _("基本满意")
        NO = "no", _("不满意")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="receptions")
    workroom = models.ForeignKey(
        Workroom, models.PROTECT, null=True, blank=True,
        related_name="receptions", verbose_name=_("委员工作室"),
    )  # fmt: skip
    liaison_group = models.ForeignKey(
        LiaisonGroup, models.PROTECT, null=True, blank=True,
        related_name="receptions", verbose_name=_("政协联络组"),
    )  # fmt: skip
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(_("登记编号"), editable=False)
    received_on = models.DateField(_("接待日期"))
    way = models.CharField(_("接待方式"), max_length=10, choices=Way, default=Way.IN_PERSON)
    nature = models.CharField(_("事项性质"), max_length=10, choices=Nature, default=Nature.ORDINARY)
    members = models.ManyToManyField(
        Member, blank=True, related_name="receptions", verbose_name=_("接待委员")
    )
    resident_name = SealedField(_("群众姓名"), blank=True)
    resident_phone = SealedField(_("联系电话"), blank=True)
    resident_phone_twin = TwinField(source="resident_phone")
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True,
        related_name="receptions", verbose_name=_("所属界别"),
    )  # fmt: skip
    community = models.CharField(_("所在社区（单位）"), max_length=60, blank=True)
    place = models.CharField(_("事发地点"), max_length=100, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True,
        related_name="receptions", verbose_name=_("类别"),
    )  # fmt: skip
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True,
        related_name="receptions", verbose_name=_("主题（专项）"),
    )  # fmt: skip
    said = models.TextField(_("反映事项"), max_length=5000)
    disposal = models.CharField(_("办理方式"), max_length=12, choices=Disposal, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    disposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    passed_to = models.CharField(_("转往社区（单位）"), max_length=80, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    result = models.TextField(_("办理结果"), max_length=2000, blank=True)
    resulted_on = models.DateField(_("办结日期"), null=True, blank=True)
    told_on = models.DateField(_("告知日期"), null=True, blank=True)
    told_how = models.CharField(_("告知方式"), max_length=10, choices=ToldHow, blank=True)
    gist = models.TextField(_("答复要点"), max_length=1000, blank=True)
    gist_at = models.DateTimeField(null=True, blank=True, editable=False)
    gist_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    passed_at = models.DateTimeField(null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(null=True, blank=True, editable=False)
    solved = models.CharField(_("问题解决了吗"), max_length=6, choices=Solved, blank=True)
    satisfied = models.CharField(_("对接待满意吗"), max_length=6, choices=Satisfied, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True, editable=False)
    receipt_twin = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    is_from_paper = models.BooleanField(_("纸质登记补录"), default=False, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("群众接待登记")
        verbose_name_plural = pgettext_lazy("plural", "群众接待登记")
        ordering = ["-received_on", "-id"]
        indexes = [
            models.Index(fields=["committee", "-received_on", "-id"]),
            models.Index(fields=["workroom", "-received_on", "-id"]),
            models.Index(fields=["liaison_group", "-received_on", "-id"]),
            models.Index(
                fields=["committee", "created_at"],
                name="reception_undisposed",
                condition=models.Q(disposal="") | models.Q(returned_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "number"], name="reception_number_once"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(workroom__isnull=False, liaison_group=None)
                    | models.Q(workroom=None, liaison_group__isnull=False)
                ),
                name="reception_of_room_or_group",
                violation_error_message=_("请选择一个委员工作室或一个政协联络组。"),
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    nature="person", disposal__in=["community", "unit", "opinion", "proposal"]
                ),
                name="report_on_person_stays",
                violation_error_message=_("反映具体个人的事项只由专管人员处理，不能转办。"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.year}-{self.number:05d}"

    @property
    def title(self) -> str:
        """The first line of what was said, for a list."""
        return self.said.strip().split("\n", 1)[0][:60]

    @property
    def place_name(self) -> str:
        return str(self.workroom or self.liaison_group)

    @property
    def progress(self) -> tuple[Any, str]:
        """In a word, with its tone: 待办理, 办理中, 已超期, 待告知, 已办结."""
        if not self.disposal or self.returned_at:
            return _("待办理"), "due"
        if self.disposal == self.Disposal.NOT_OURS and not self.told_on:
            return _("待告知"), "due"
        own = (self.Disposal.ON_THE_SPOT, self.Disposal.NOT_OURS)
        if self.resulted_on or self.is_told or self.disposal in own:
            return _("已办结"), "ok"
        if self.due_on and self.due_on < timezone.localdate():
            return _("已超期"), "late"
        return _("办理中"), "info"

    @property
    def is_told(self) -> bool:
        """A gist was written, and not before the matter was passed on: TOLD_SINCE of one row."""
        if self.gist_at is None:
            return False
        return self.disposed_at is None or self.gist_at >= self.disposed_at

    @property
    def is_closed_to_others(self) -> bool:
        return self.nature == self.Nature.PERSON

    def named_in(self, *texts: str) -> list[str]:
        """群众姓名, 联系电话: what of the resident stands in the texts. A referral has neither."""
        whole = "".join("".join(texts).split())
        phone = (self.resident_phone or "").replace("-", "")
        name = "".join((self.resident_name or "").split())
        found = []
        if len(name) > 1 and name in whole:
            found.append(str(_("群众姓名")))
        if phone and phone in whole.replace("-", ""):
            found.append(str(_("联系电话")))
        return found

    @property
    def masked_name(self) -> str:
        """张三 → 张*; nobody told us → 匿名."""
        name = self.resident_name or ""
        return name[:1] + "*" * max(len(name) - 1, 1) if name else str(_("匿名"))

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.resident_phone or "")


class ReceptionWord(models.Model):
    """What is added to an entry later: by the resident, or a call or note by those who handle it.

    Words of the resident and calls are told to nobody outside; `by` is empty for the resident.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("群众补充")
        CALL = "call", _("电话回访")
        NOTE = "note", _("办理记录")

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="words")
    kind = models.CharField(_("类型"), max_length=6, choices=Kind)
    text = models.TextField(_("内容"), max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("接待后续记录")
        verbose_name_plural = pgettext_lazy("plural", "接待后续记录")
        ordering = ["at", "id"]


class ReceptionPhoto(models.Model):
    """A photo that came with an entry; served only below the entry's own address."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reception", "attachment"], name="reception_photo_once")
        ]
