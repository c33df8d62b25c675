"""Who submits a report (反映人): persons with their shares, or a body with its drafters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from committees.models import User
from members.models import Member


class BodyKind(models.TextChoices):
    """What a body is that submits a report; a report without one is its authors' own."""

    SECTOR = "sector", _("界别")
    COMMISSION = "commission", _("专门委员会")
    PARTY = "party", _("民主党派")
    PEOPLE = "people", _("人民团体")
    STREET_GROUP = "street_group", _("街道（乡镇）委员组")
    COMMITTEE = "committee", _("下级政协")
    INFORMANT = "informant", _("特邀信息员")


class AuthorshipQuerySet(models.QuerySet):
    def standing(self) -> Any:
        """All but those who declined: confirmed, or asked and not yet answered."""
        return self.filter(declined_at=None)

    def confirmed(self) -> Any:
        """Those who are authors: printed, credited, and free to act on the report."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> Any:
        """Asked, and not yet answered."""
        return self.filter(confirmed_at=None, declined_at=None)

    def of_opinion(self, opinion: Any) -> Any:
        """Of one report (a row or an OuterRef), the first author first."""
        return self.filter(opinion=opinion).order_by("place")

    def of_members(self, members: Iterable[int]) -> Any:
        return self.filter(member__in=members)


class Authorship(models.Model):
    """A submitter's part (反映人): the first author has place 1, co-authors (联名反映人) follow.

    Who drafted for a body is a drafter (执笔人), credited apart. A co-author confirms or declines
    once, or a delegate does (`answered_by`). `share` is in percent; all of a report sum to 100, or
    all are empty and the parts equal.
    """

    class Role(models.TextChoices):
        AUTHOR = "author", _("反映人")
        DRAFTER = "drafter", _("执笔人")

    opinion = models.ForeignKey("opinions.Opinion", models.CASCADE, related_name="authorships")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="authorships", verbose_name=_("反映人")
    )
    place = models.PositiveSmallIntegerField(_("顺序"), default=1)
    role = models.CharField(max_length=8, choices=Role, default=Role.AUTHOR)
    share = models.PositiveSmallIntegerField(_("份额（%）"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    declined_at = models.DateTimeField(_("婉辞时间"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("反映人")
        verbose_name_plural = pgettext_lazy("plural", "反映人")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "member"], name="authorship_once"),
            models.UniqueConstraint(fields=["opinion", "place"], name="authorship_place_once"),
            models.CheckConstraint(
                condition=models.Q(share=None) | models.Q(share__gte=1, share__lte=100),
                name="authorship_share_is_percent",
                violation_error_message=_("份额请填 1 到 100 的整数。"),
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(declined_at=None),
                name="authorship_answered_once",
                violation_error_message=_("已经确认或婉辞，不能更改。"),
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Asked, and not yet answered."""
        return self.confirmed_at is None and self.declined_at is None

    @property
    def is_answered_for(self) -> bool:
        """A delegate, or the office from a paper, spoke for the member."""
        return self.answered_by_id is not None and self.answered_by_id != self.member.user_id
