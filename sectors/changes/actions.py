"""Making a change by hand, and undoing the last one of a member while nothing was built on it."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actors import Guest
from committees.audit import record, reference
from committees.broken_rules import rules_told
from committees.models import Committee, User
from members import actions as members
from members.actions import hold_roster, keeper_only
from members.models import Change, Member
from sectors import actions
from sectors.changes import verbs
from sectors.changes.state import (
    State,
    Target,
    difference,
    digest,
    made_ids,
    put_back,
    state_of,
    target_of,
)
from sectors.models import Commission, Sector

LONGEST_AHEAD = datetime.timedelta(days=366)
Kind = Change.Kind
OF_GROUPS = (Kind.LEADER, Kind.LEADER_END)
VERBS: dict[str, verbs.Verb] = {
    Kind.REENTER: verbs.reenter,
    Kind.LEAVE: verbs.leave,
    Kind.MOVE: verbs.move,
    Kind.POSITION: verbs.take_position,
    Kind.POSITION_END: verbs.end_position,
    Kind.CONVENOR: verbs.convene,
    Kind.CONVENOR_END: verbs.end_convening,
    Kind.COMMISSION: verbs.join_commission,
    Kind.COMMISSION_END: verbs.leave_commission,
    Kind.STREET: verbs.join_street,
    Kind.STREET_END: verbs.leave_street,
    Kind.LEADER: verbs.assign_leader,
    Kind.LEADER_END: verbs.end_leader,
    Kind.DELEGATE: verbs.appoint_delegate,
    Kind.DELEGATE_END: verbs.end_delegate,
}


def make_change(
    target: Target,
    kind: str,
    *,
    on: datetime.date,
    by: User | Guest,
    meeting: str = "",
    **details: Any,
) -> Change:
    """Do one dated change of a member and keep what it changed.

    Of a sector or a commission: its leaders' contacts. `details` are those of the kind's verb; a
    delegate may come as `name` and `phone`. Raises ValidationError with a sentence for every day
    or row the roster does not allow.
    """
    if not isinstance(target, Member) and kind not in OF_GROUPS:
        raise TypeError(f"no change of a sector or a commission: {kind}")
    committee = target.committee
    keeper_only(by, committee)
    _not_too_far(on)
    with rules_told(), transaction.atomic():
        hold_roster(committee)
        before = state_of(target)
        made = _account(details) if kind == Kind.DELEGATE and "phone" in details else {}
        if row := details.get("row"):
            row.committee = committee
        what = VERBS[kind](target, on=on, meeting=meeting, by=by, now=before, **details)
        change = Change(committee=committee, kind=kind, what=what[:160], on=on, meeting=meeting)
        if isinstance(target, Member):
            change.member = target
        else:
            change.about, change.about_name = reference(target), _called(target)
        return _keep(change, before, state_of(target), made, by)


def enter_member(
    committee: Committee,
    *,
    name: str,
    sex: str,
    on: datetime.date,
    by: User | Guest,
    sector: Sector | None = None,
    meeting: str = "",
    is_other_person: bool = False,
    **particulars: Any,
) -> Change:
    """增补: a person who was no member before enters, by default with a seat.

    ValidationError: `namesake` where the committee has a member of that name and nobody said that
    it is another person; `entered_twice` where the same was entered for the same day.
    """
    keeper_only(by, committee)
    _not_too_far(on)
    with rules_told(), transaction.atomic():
        hold_roster(committee)
        _refuse_namesake(committee, name, on, is_other_person, particulars)
        accounts = set(User.objects.by_phone(particulars.get("phone", "")).values_list("pk"))
        member = actions.add_member(
            committee,
            name=name,
            sex=sex,
            on=on,
            meeting=meeting,
            sector=sector,
            by=by,
            **particulars,
        )
        made: State = {f"member:{member.pk}": {}}
        if (member.user_id,) not in accounts:
            made[f"account:{member.user_id}"] = {}
        what = sector.title if sector else ""
        change = Change(committee=committee, member=member, kind=Kind.ENTER, what=what)
        change.on, change.meeting = on, meeting
        return _keep(change, {}, state_of(member), made, by)


def undo_change(change: Change, *, by: User | Guest) -> None:
    """Put back exactly what was true before the last change of the member, sector or commission.

    The trail keeps that it was made and undone; a member who entered by it is gone again.
    ValidationError: `undone` already, not the `last` one, `changed` since by an import or the
    admin, or something was `built_on` it.
    """
    keeper_only(by, change.committee)
    with rules_told(), transaction.atomic():
        hold_roster(change.committee)
        row = _last(change)
        if digest(state_of(target_of(row))) != row.state:
            raise ValidationError(
                _("此后名册另有更改（导入或后台登记），不能撤销，请按新的变动办理。"),
                code="changed",
            )
        _refuse_built_on(row)
        record(
            "member.undo",
            by=by,
            committee=row.committee,
            about=row.member or row.about,
            kind=row.kind,
            on=row.on.isoformat(),
            change=row.pk,
        )
        if made_ids(row.after, row.before, "member"):
            Change.objects.filter(member=row.member).delete()
            put_back(row.before, row.after)
            return
        put_back(row.before, row.after)
        row.undone_at, row.undone_by = timezone.now(), by if isinstance(by, User) else None
        row.save(update_fields=["undone_at", "undone_by"])


def _keep(change: Change, before: State, after: State, made: State, by: User | Guest) -> Change:
    """Who and when stand on the row; the verbs beneath have written the trail."""
    change.before, change.after = difference(before, after)
    change.after |= made
    change.state = digest(after)
    change.made_by = by if isinstance(by, User) else None
    change.clean_fields(exclude=["committee", "member", "made_by", "undone_by", "before", "state"])
    change.save(force_insert=True)
    return change


def _called(target: Sector | Commission) -> str:
    return target.title if isinstance(target, Sector) else target.name


def _account(details: dict[str, Any]) -> State:
    """Turn a delegate's `name` and `phone` into `user`; the account if one was made."""
    name, phone = details.pop("name"), details.pop("phone")
    known = set(User.objects.by_phone(phone).values_list("pk", flat=True)) if phone else set()
    details["user"] = user = members.account_of(name, phone)
    return {} if user.pk in known else {f"account:{user.pk}": {}}


def _not_too_far(on: datetime.date) -> None:
    if on > timezone.localdate() + LONGEST_AHEAD:
        sentence = _("生效日期不能晚于一年以后。")
        raise ValidationError({"on": ValidationError(sentence, code="too_far")})


def _refuse_namesake(
    committee: Committee,
    name: str,
    on: datetime.date,
    is_other_person: bool,
    particulars: dict[str, Any],
) -> None:
    named = Member.objects.in_committee(committee).filter(name="".join(name.split()))
    if not is_other_person:
        if known := named.for_list().first():
            where = Sector(name=known.sector_name).title if known.sector_name else _("现不在任")
            sentence = _(
                "已有同名委员：%(name)s（%(where)s）。若为另一人，请勾选“同名的另一人”；"
                "曾任委员的，请在其页面办理再次增补。"
            )
            raise ValidationError(
                {
                    "name": ValidationError(
                        sentence % {"name": known.name, "where": where}, code="namesake"
                    )
                }
            )
        return
    same = {name: particulars[name] for name in ("work", "birth_month") if name in particulars}
    if named.filter(memberships__span__startswith=on, **same).exists():
        raise ValidationError(_("当日已增补这名委员，请勿重复登记。"), code="entered_twice")


def _last(change: Change) -> Change:
    """The change as it is now, where it is the last of its member, sector or commission."""
    rows = Change.objects.standing().select_related("member__user", "committee")
    same = (
        rows.filter(member=change.member_id)
        if change.member_id
        else rows.filter(about=change.about)
    )
    last = same.order_by("-id").first()
    if last is not None and last.pk == change.pk:
        return last
    if not rows.filter(pk=change.pk).exists():
        raise ValidationError(_("该变动已撤销。"), code="undone")
    raise ValidationError(_("此后又有变动，请先撤销最近一次变动。"), code="not_last")


def _refuse_built_on(row: Change) -> None:
    """Reports, visits and contacts of the new sector since, and first views as its convenor."""
    made = {key: value for key, value in row.after.items() if key not in row.before}
    sectors = {value["sector_id"] for value in made.values() if value.get("sector_id")}
    if not sectors or row.member is None:
        return
    own = {"sector": OuterRef("pk")}
    models = {
        name: Sector._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
        for name in ("opinions", "visit_parts", "contacts")
    }
    reports = models["opinions"].filter(**own)
    mine = reports.filter(authorships__member=row.member, created_at__gte=row.made_at)
    viewed = reports.filter(steps__by_user=row.member.user, steps__at__gte=row.made_at)
    parts = models["visit_parts"].filter(**own, member=row.member)
    visits = parts.filter(visit__created_at__gte=row.made_at)
    named = models["contacts"].filter(**own, member=row.member, created_at__gte=row.made_at)
    built = Q(Exists(mine)) | Q(Exists(viewed)) | Q(Exists(visits)) | Q(Exists(named))
    if Sector.objects.filter(built, pk__in=sectors).exists():
        raise ValidationError(
            _("该委员已以新的界别身份履职（社情民意信息、走访等），不能撤销，请按新的变动办理。"),
            code="built_on",
        )
