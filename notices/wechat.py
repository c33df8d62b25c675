"""Texts for 复制到微信: plain words, at most 300 characters, the link last, nothing internal."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committees.templatetags.portal import day, moment
from notices.models import Announcement, PolicyPack, Rule

MOST = 300  # characters


def with_link(lines: Iterable[str], link: str) -> str:
    """The lines, cut where they are too long, and the whole link."""
    text = "\n".join(line for line in lines if line)[: max(MOST - len(link) - 1, 0)]
    return f"{text}\n{link}" if text else link


def of_announcement(row: Announcement, link: str) -> str:
    """What, when, where and until when to answer; of the text nothing, unless it is public."""
    with translation.override(settings.LANGUAGE_CODE):  # whoever reads it in the group
        lines = [_("【通知】%(title)s") % {"title": row.title}]
        if row.event and row.event != row.title:
            lines.append(row.event)
        if row.event_at:
            lines.append(_("时间：%(when)s") % {"when": moment(row.event_at)})
        if row.event_place:
            lines.append(_("地点：%(place)s") % {"place": row.event_place})
        if row.is_open(timezone.now()):
            lines.append(_("请于%(when)s前点链接回执") % {"when": moment(row.answer_until)})
    return with_link(lines, link)


def of_rule(rule: Rule, link: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_("【制度文件】%(title)s") % {"title": rule.title}]
        current = getattr(rule, "current_from", None)
        if current:
            lines.append(_("自%(day)s起施行") % {"day": day(current)})
    return with_link(lines, link)


def of_pack(pack: PolicyPack, link: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_("【宣讲资料】%(title)s") % {"title": pack.title}]
        if pack.valid_until:
            lines.append(_("有效期至%(day)s") % {"day": day(pack.valid_until)})
    return with_link(lines, link)
