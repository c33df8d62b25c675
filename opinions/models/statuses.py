"""Where an opinion report stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    WITH_CONVENOR = "with_convenor", _("待界别初核")
    RECEIVED = "received", _("待机关审核")
    EDITING = "editing", _("编辑中")
    CHECKING = "checking", _("待核稿")
    SIGNING = "signing", _("待签发")
    ISSUED = "issued", _("已签发")
    CLOSED = "closed", _("已办结")
    RETURNED = "returned", _("已退回修改")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已合并")
    SHELVED = "shelved", _("留存备查")
    OFFLINE = "offline", _("转线下办理")


OUT = (Status.ISSUED, Status.CLOSED)

SHOWN_TO_PEERS = (
    *(Status.WITH_CONVENOR, Status.RECEIVED, Status.EDITING, Status.CHECKING, Status.SIGNING),
    *(Status.ISSUED, Status.CLOSED, Status.MERGED, Status.SHELVED),
)
"""Sent, and neither withdrawn nor taken offline since."""
