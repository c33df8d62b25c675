"""What is known of an activity as the first sentences of its write-up, in the official style."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models import Activity, CoHost, Enrolment, HeadCount, Resolution


def with_facts(rows: Any) -> Any:
    """Adds `host_names`, `came`, `heads` and `resolved` to activities, in the same statement."""
    mine = {"activity": OuterRef("pk")}
    hosts = CoHost.objects.filter(**mine).order_by("id")
    named = Coalesce("sector__name", "commission__name", "workroom__name", "name")
    heads = HeadCount.objects.filter(**mine, count__gt=0).order_by("id")
    return rows.annotate(
        host_names=ArraySubquery(hosts.values(row=JSONObject(name=named, is_sector="sector_id"))),
        heads=ArraySubquery(heads.values(row=JSONObject(kind="kind", count="count"))),
        came=_count(Enrolment.objects.filter(**mine).came()),
        resolved=_count(Resolution.objects.filter(**mine)),
    )


def _count(rows: Any) -> Coalesce:
    counted = rows.order_by().values("activity").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def known_sentences(activity: Any) -> str:
    """Of an activity read `with_facts`: who held what, when and where, and how many came.

    What nobody entered is not said; a figure is never made up.
    """
    with translation.override(settings.LANGUAGE_CODE):  # a paper is written in Chinese
        return "\n".join(filter(None, [_held(activity), _attended(activity), _yielded(activity)]))


def _held(activity: Any) -> str:
    begins, ends = map(timezone.localtime, (activity.starts_at, activity.ends_at))
    day = _("%(month)s月%(day)s日") % {"month": begins.month, "day": begins.day}
    if begins.date() != ends.date():
        day += "至" + _("%(month)s月%(day)s日") % {"month": ends.month, "day": ends.day}
    office, host = activity.committee.short_name, activity.organiser
    given = {
        "day": day,
        "host": host if host == office else f"{office}{host}",
        "place": _("在%(place)s") % {"place": activity.place} if activity.place else "",
        "title": activity.title,
    }
    sentence = _("%(day)s，%(host)s%(place)s举办“%(title)s”活动") % given
    if activity.theme:
        sentence += _("，主题为“%(theme)s”") % {"theme": activity.theme}
    names = [f"{row['name']}{'界' if row['is_sector'] else ''}" for row in activity.host_names]
    if names:
        sentence += _("，%(names)s协办") % {"names": "、".join(names)}
    return sentence + "。"


def _attended(activity: Any) -> str:
    parts = []
    if activity.sessions_held > 1:
        parts.append(_("共举办 %(n)s 场") % {"n": activity.sessions_held})
    people = []
    if activity.came:
        people.append(_("政协委员 %(n)s 人") % {"n": activity.came})
    people += [f"{row['kind']} {row['count']} 人" for row in activity.heads]
    if people:
        parts.append(_("%(people)s参加") % {"people": "、".join(people)})
    if activity.people_served:
        parts.append(_("服务群众 %(n)s 人次") % {"n": activity.people_served})
    return "，".join(parts) + "。" if parts else ""


def _yielded(activity: Activity) -> str:
    number = activity.resolved  # type: ignore[attr-defined]
    return _("会议形成议定事项 %(n)s 项。") % {"n": number} if number else ""
