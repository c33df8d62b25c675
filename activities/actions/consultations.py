"""Verbs on consultations (协商议事): the agenda, who is invited, what is resolved."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.aftermath import hold, wrong
from activities.actions.places import refuse_called_off
from activities.models import Activity, AgendaItem, Participant, Resolution
from activities.notices import outcomes as notices
from activities.permissions.organising import can_put_on_agenda
from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.models import Unit, User
from opinions.models import Opinion, Status
from workrooms.actions.handling import pass_to_consultation, return_from_consultation
from workrooms.models import Reception

RESPONSIBLE = ("unit", "workroom", "member")


def add_item(
    activity: Activity,
    *,
    words: str,
    by: User,
    reception: Reception | None = None,
    opinion: Opinion | None = None,
) -> AgendaItem:
    """A matter of the agenda. An entry of the reception book is thereby 正在协调.

    Nothing of a resident and no title of a report stands in `words`. ValidationError:
    `not_consultation`, `nature` for what has its own channel, `resident`, `internal`, `draft`.
    """
    words = " ".join(words.split())
    with rules_told(), transaction.atomic():
        _hold_consultation(activity)
        if not can_put_on_agenda(by, activity, reception):
            raise PermissionDenied
        _check_source(activity, words, reception, opinion)
        last = activity.agenda.aggregate(last=Max("place"))["last"] or 0
        row = AgendaItem(activity=activity, place=last + 1, words=words, added_by=by)
        row.reception, row.opinion = reception, opinion
        row.clean_fields(exclude=["activity", "added_by", "reception", "opinion"])
        row.save(force_insert=True)
        if reception:
            pass_to_consultation(reception, title=activity.title, by=by)
        _told("consultation.item", activity, by, item=row.pk)
    return row


def _hold_consultation(activity: Activity) -> None:
    now = Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=activity.pk)
    if now.kind != Activity.Kind.CONSULTATION:
        raise ValidationError(_("该活动不是协商议事。"), code="not_consultation")
    refuse_called_off(now)


def _check_source(
    activity: Activity, words: str, reception: Reception | None, opinion: Opinion | None
) -> None:
    refuse_marked(words)
    source: Any = reception or opinion
    if source is not None and source.committee_id != activity.committee_id:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if reception is not None:
        if reception.nature != Reception.Nature.ORDINARY:
            sentence = _("信访、涉法涉诉和反映具体个人的事项不列入协商议事。")
            raise ValidationError(sentence, code="nature")
        if named := reception.named_in(words):
            what = {"what": "、".join(named)}
            raise wrong("words", _("议题不带群众姓名和电话，请删去%(what)s。") % what, "resident")
    if opinion is not None:
        if opinion.status == Status.DRAFT:
            raise ValidationError(_("草稿不能列入协商议事。"), code="draft")
        if opinion.title and opinion.title in words:
            sentence = _("社情民意信息为内部材料，议题请另行概括，不写信息标题。")
            raise wrong("words", sentence, "internal")


def remove_item(item: AgendaItem, *, by: User) -> None:
    """ValidationError `resolved` where something was resolved on it."""
    with transaction.atomic():
        hold(item.activity, by)
        if item.resolutions.exists():
            raise ValidationError(_("该议题已有议定事项，不能移除。"), code="resolved")
        return_entries(item.activity, by=by, items=AgendaItem.objects.filter(pk=item.pk))
        AgendaItem.objects.filter(pk=item.pk).delete()
        _told("consultation.item_remove", item.activity, by, item=item.pk)


def return_entries(activity: Activity, *, by: User, items: Any = None) -> None:
    """The entries of an agenda (or of `items` of it) that will not be talked over: each waits
    again, unless a unit has it, a result came of it, it was dealt with otherwise since or another
    consultation has it."""
    rows = activity.agenda.all() if items is None else items
    elsewhere = AgendaItem.objects.filter(reception=OuterRef("reception"))
    elsewhere = elsewhere.filter(activity__called_off_at=None).exclude(activity=activity.pk)
    done = Resolution.objects.filter(item=OuterRef("pk")).exclude(resulted_on=None, referral=None)
    since = Q(reception__disposed_at__gt=F("added_at")) | Q(reception__gist_at__gt=F("added_at"))
    since |= Q(reception__resulted_on__gte=F("added_at__date"))
    otherwise = AgendaItem.objects.filter(since, pk=OuterRef("pk"))
    left = rows.filter(reception__isnull=False)
    left = left.filter(~Exists(elsewhere), ~Exists(done), ~Exists(otherwise))
    for item in left.select_related("reception__committee"):
        assert item.reception is not None  # as filtered
        return_from_consultation(item.reception, title=activity.title, by=by)


def add_participant(
    activity: Activity,
    *,
    kind: str,
    by: User,
    unit: Unit | None = None,
    name: str = "",
    count: int | None = None,
) -> Participant:
    """A unit, or residents and experts by number and description; never their names."""
    name = " ".join(name.split())
    with rules_told(), transaction.atomic():
        hold(activity, by)
        refuse_marked(name)
        row = Participant(activity=activity, kind=kind, unit=unit, name=name, count=count)
        row.clean_fields(exclude=["activity", "unit"])
        if unit and (unit.committee_id != activity.committee_id or kind != Participant.Kind.UNIT):
            raise wrong("unit", _("所选项不属于本级政协。"), "other_committee")
        if kind == Participant.Kind.UNIT and not (unit or name):
            raise wrong("name", _("请填写单位名称。"), "empty")
        if kind != Participant.Kind.UNIT and not count:
            raise wrong("count", _("请填写人数。"), "empty")
        row.save(force_insert=True)
        _told("consultation.invite", activity, by, kind=str(kind))
    return row


def remove_participant(participant: Participant, *, by: User) -> None:
    with transaction.atomic():
        hold(participant.activity, by)
        Participant.objects.filter(pk=participant.pk).delete()
        _told("consultation.uninvite", participant.activity, by)


def resolve(
    activity: Activity, *, what: str, due_on: datetime.date, by: User, **particulars: Any
) -> Resolution:
    """议定事项. `particulars`: one of unit, workroom, member, other; item."""
    with rules_told(), transaction.atomic():
        _hold_consultation(activity)
        hold(activity, by)
        row = Resolution(committee=activity.committee, activity=activity, created_by=by)
        _set(row, what=what, due_on=due_on, **particulars)
        row.save(force_insert=True)
        _told("resolution.add", activity, by, resolution=row.pk)
        notices.resolution_assigned(row)
    return row


def amend_resolution(row: Resolution, *, by: User, **particulars: Any) -> Resolution:
    """Correct what, who and until when, as long as there is no result."""
    with rules_told(), transaction.atomic():
        hold(row.activity, by)
        _still_open(row)
        _set(row, **particulars)
        row.save(update_fields=["what", "due_on", "item", "other", *RESPONSIBLE])
        _told("resolution.amend", row.activity, by, resolution=row.pk)
        notices.resolution_assigned(row)
    return row


def remove_resolution(row: Resolution, *, by: User) -> None:
    """ValidationError `resulted`, or `referred` where a unit has it."""
    with transaction.atomic():
        hold(row.activity, by)
        _still_open(row)
        if row.referral_id:
            raise ValidationError(_("该议定事项已转办，不能删除。"), code="referred")
        Resolution.objects.filter(pk=row.pk).delete()
        _told("resolution.remove", row.activity, by, resolution=row.pk)


def _still_open(row: Resolution) -> None:
    row.refresh_from_db(fields=["resulted_on", "referral"])
    if row.resulted_on:
        raise ValidationError(_("该议定事项已登记落实结果。"), code="resulted")


def _set(row: Resolution, **given: Any) -> None:
    activity = row.activity
    given["what"], given["other"] = (
        " ".join(str(given.get(name) or "").split()) for name in ("what", "other")
    )
    for name in ("what", "due_on", "item", "other", *RESPONSIBLE):
        setattr(row, name, given.get(name))
    refuse_marked(row.what, row.other)
    if any(
        other is not None and other.committee_id != activity.committee_id
        for other in (row.unit, row.workroom, row.member)
    ):
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
    if row.item is not None and row.item.activity_id != activity.pk:
        raise wrong("item", _("该议题不在这次协商中。"), "other_item")
    if sum(1 for name in (*RESPONSIBLE, "other") if getattr(row, name)) != 1:
        raise wrong("who", _("请填写一个责任方。"), "responsible")
    row.clean_fields(exclude=["committee", "activity", "created_by", "item", *RESPONSIBLE])
    if row.due_on < timezone.localdate(activity.starts_at):
        raise wrong("due_on", _("完成时限早于协商日期。"), "before")


def _told(verb: str, activity: Activity, by: User, **detail: Any) -> None:
    record(verb, by=by, committee=activity.committee, about=activity, **detail)
