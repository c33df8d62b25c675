"""The words of proposals that rows and filters share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审查")
    FILED = "filed", _("已立案")
    JOINED = "joined", _("已并案")
    NOT_FILED = "not_filed", _("不予立案")
    WITHDRAWN = "withdrawn", _("已撤回")
    CONCLUDED = "concluded", _("已办结")


class ProposalKind(models.TextChoices):
    """Who puts it forward. Sector and group ones are signed by the convenor or the head."""

    INDIVIDUAL = "individual", _("个人提案")
    JOINT = "joint", _("联名提案")
    SECTOR = "sector", _("界别提案")
    GROUP = "group", _("小组提案")
    BODY = "body", _("党派、团体、专委会提案")


class Disclosure(models.TextChoices):
    """What the public may read, decided by the office on each proposal and each reply."""

    OPEN = "open", _("公开")
    SUMMARY = "summary", _("摘要公开")
    CLOSED = "closed", _("不公开")


SHOWN = (Disclosure.OPEN, Disclosure.SUMMARY)
