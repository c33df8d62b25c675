"""Rows for tests: plain functions, valid by default, anything given by keyword.

Everything missing is made: `make.opinion(status=Status.SIGNING)` has an author with a seat in a
sector, an original and an edited text, and a number. Names, phones and slugs never repeat. Rows of
one story share a committee by passing `committee=`; a row that is given (`member=`, `sector=`,
`visit=` …) brings its own committee along.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from activities.models import Activity, CoHost, Enrolment, HeadCount, Series
from committees.actions import take_number
from committees.files import store_image
from committees.models import (
    Appointment,
    Attachment,
    Category,
    Committee,
    Level,
    Session,
    Term,
    Theme,
    Unit,
    User,
    Workday,
)
from committees.spans import span_from
from contacts.models import (
    Area,
    AreaMember,
    Channel,
    Contact,
    Grid,
    HelpOffer,
    Measure,
    Occasion,
    Target,
    Visit,
    VisitMember,
    VisitPhoto,
)
from members.models import Delegate, Member, Membership, Position, Sex
from members.name_order import has_unknown, stroke_key
from members.pinyin import pinyin_search
from notices.models import Delivery, Feedback, Notice, Way
from opinions.models import Adoption, Authorship, Issue, Manuscript, Opinion, Status, Step
from records.models import DailyFigure, MonthlySummary
from sectors.models import (
    Commission,
    CommissionSeat,
    Convenorship,
    LeaderContact,
    LiaisonGroup,
    Posting,
    Seat,
    Sector,
    SectorAlias,
    StreetGroup,
    StreetSeat,
    Supervision,
    SupervisionGroup,
    Talk,
)
from workrooms.duty_planning import span_of_time
from workrooms.models import (
    CalendarFeed,
    DutyLeave,
    DutyRule,
    DutyShift,
    DutySwap,
    DutyWish,
    Evidence,
    PublicLimit,
    Reception,
    RoomCode,
    RoomMember,
    RoomPhoto,
    Standard,
    Workroom,
)
from workrooms.models.feeds import token_hash

PASSWORD = "请进-20xx"  # every made user's, when a test asks for one
BEGAN_ON = datetime.date(2022, 1, 1)  # the first day of a made term, membership or seat
GIVEN_NAMES = "文明建国志强晓东海燕春华秋实思远立新"
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗"

_numbers = count(1)

# What a status implies about a report that reached it by the shortest way.
SUBMITTED = frozenset(Status) - {Status.DRAFT}
NUMBERED = SUBMITTED - {Status.WITH_CONVENOR, Status.WITHDRAWN}
EDITED = frozenset({Status.EDITING, Status.CHECKING, Status.SIGNING, Status.ISSUED, Status.CLOSED})
OUT = frozenset({Status.ISSUED, Status.CLOSED})


def _next() -> int:
    return next(_numbers)


def _name() -> str:
    n = _next()
    pool = len(GIVEN_NAMES)
    return SURNAMES[n % len(SURNAMES)] + GIVEN_NAMES[n % pool] + GIVEN_NAMES[(n // 7) % pool]


def _given(over: dict[str, Any], key: str, new: Callable[[], Any]) -> Any:
    """What the test gave under this key, else a new row, put there."""
    if over.get(key) is None:
        over[key] = new()
    return over[key]


def phone() -> str:
    """A number nobody else has in this run, apart from those of the sample rosters."""
    return f"1390{5_000_000 + _next():07d}"


# Committees -------------------------------------------------------------------------------------


def committee(**over: Any) -> Committee:
    """A city committee with a term that began in 2022."""
    n = _next()
    has_term = over.pop("has_term", True)
    place = over.pop("place", f"云川{n}市")
    values = {
        "slug": f"city-{n}",
        "full_name": f"中国人民政治协商会议{place}委员会",
        "name": f"政协{place}委员会",
        "short_name": "市政协",
        "office_name": f"政协{place}委员会办公室",
        "level": Level.CITY,
    }
    row = Committee.objects.create(**values | over)
    if has_term:
        term(committee=row)
    return row


def term(**over: Any) -> Term:
    _given(over, "committee", lambda: committee(has_term=False))
    return Term.objects.create(**{"ordinal": 6, "span": span_from(BEGAN_ON)} | over)


def session(**over: Any) -> Session:
    _given(over, "term", term)
    day = timezone.localdate()
    values = {"kind": Session.Kind.PLENARY, "ordinal": 5, "starts_on": day, "ends_on": day}
    return Session.objects.create(**values | over)


def user(**over: Any) -> User:
    """Signs in with `password=` if one is given, else only by `force_login`."""
    password = over.pop("password", None)
    row = User(**{"name": _name(), "sign_in_name": f"u{_next()}", "phone": phone()} | over)
    row.set_password(password) if password else row.set_unusable_password()
    row.save()
    return row


def appointment(
    user: User, role: str, committee: Committee, scope_id: int | None = None, **over: Any
) -> Appointment:
    values = {"span": span_from(BEGAN_ON), "scope_id": scope_id}
    row = Appointment.objects.create(user=user, role=role, committee=committee, **values | over)
    return _stands_anew(row, user)


def officer(role: str, committee: Committee, scope_id: int | None = None, **over: Any) -> User:
    """A new user with one appointment."""
    person = user(**over)
    appointment(person, role, committee, scope_id)
    return person


def _stands_anew(row: Any, person: User | None) -> Any:
    """What a user is today is cached on the instance: forget it when a row changes it."""
    if person is not None:
        person.__dict__.pop("standing", None)
    return row


def unit(**over: Any) -> Unit:
    return Unit.objects.create(**_in_committee({"name": f"市第{_next()}局"}, over))


def category(**over: Any) -> Category:
    return Category.objects.create(**_in_committee({"name": f"类别{_next()}"}, over))


def theme(**over: Any) -> Theme:
    return Theme.objects.create(**_in_committee({"name": f"专项{_next()}"}, over))


def workday(**over: Any) -> Workday:
    values = {"day": timezone.localdate(), "is_working": False, "note": "放假"}
    return Workday.objects.create(**_in_committee(values, over))


def _in_committee(values: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """The values with what the test says on top, and a committee in any case."""
    merged = values | over
    if merged.get("committee") is None:
        merged["committee"] = committee()
    return merged


# Members and sectors ----------------------------------------------------------------------------


def member(**over: Any) -> Member:
    """A serving member with an account; `sector=` gives a seat as well.

    `is_serving=False` leaves the membership away, `since=`/`until=` set its span.
    """
    sector_row = over.pop("sector", None)
    since, until = over.pop("since", BEGAN_ON), over.pop("until", None)
    is_serving = over.pop("is_serving", True)
    if over.get("committee") is None:
        over["committee"] = sector_row.committee if sector_row else committee()
    person = over.pop("user", None) or user(**{k: over[k] for k in ("name",) if k in over})
    values = {"name": person.name, "sex": Sex.MALE, "number": f"{_next():06d}", "work": "某中学"}
    row = Member(**values | over, user=person)
    row.name_key, row.pinyin = stroke_key(row.name), pinyin_search(row.name)
    row.has_unknown_character = has_unknown(row.name)
    row.save()
    if is_serving:
        membership(member=row, span=span_from(since, until))
    if sector_row:
        seat(member=row, sector=sector_row, span=span_from(since, until))
    return _stands_anew(row, person)


def membership(**over: Any) -> Membership:
    row = _given(over, "member", lambda: member(is_serving=False))
    current = Term.objects.filter(committee=row.committee).first() or term(committee=row.committee)
    values = {"committee": row.committee, "term": current, "span": span_from(BEGAN_ON)}
    return _stands_anew(Membership.objects.create(**values | over), row.user)


def _membership_of(over: dict[str, Any]) -> Membership:
    """The membership meant by `membership=` or `member=`, else a new member's."""
    if given := over.pop("membership", None):
        over.pop("member", None)
        return given
    person = over.pop("member", None) or member(committee=over.get("committee"))
    return person.memberships.order_by("-id").first() or membership(member=person)


def position(**over: Any) -> Position:
    held = _membership_of(over)
    values = {"kind": Position.Kind.STANDING, "span": held.span, "committee": held.committee}
    return Position.objects.create(**values | over, membership=held)


def delegate(**over: Any) -> Delegate:
    """`member=` and `user=` as given or new."""
    _given(over, "member", member)
    _given(over, "user", user)
    values = {"committee": over["member"].committee, "span": span_from(BEGAN_ON)}
    return _stands_anew(Delegate.objects.create(**values | over), over["user"])


def sector(**over: Any) -> Sector:
    return Sector.objects.create(**_in_committee({"name": f"界别{_next()}"}, over))


def sector_alias(**over: Any) -> SectorAlias:
    _given(over, "sector", sector)
    values = {"committee": over["sector"].committee, "alias": f"别名{_next()}"}
    return SectorAlias.objects.create(**values | over)


def commission(**over: Any) -> Commission:
    return Commission.objects.create(**_in_committee({"name": f"第{_next()}委员会"}, over))


def street_group(**over: Any) -> StreetGroup:
    return StreetGroup.objects.create(**_in_committee({"name": f"第{_next()}街道委员组"}, over))


def seat(**over: Any) -> Seat:
    """`member=` or `membership=`, and `sector=`, as given or new."""
    if over.get("sector") is not None:
        over.setdefault("committee", over["sector"].committee)
    held = _membership_of(over)
    place = over.pop("sector", None) or sector(committee=held.committee)
    values = {"committee": held.committee, "span": held.span}
    return Seat.objects.create(**values | over, membership=held, sector=place)


def commission_seat(**over: Any) -> CommissionSeat:
    held = _membership_of(over)
    place = over.pop("commission", None) or commission(committee=held.committee)
    values = {"committee": held.committee, "span": held.span}
    return CommissionSeat.objects.create(**values | over, membership=held, commission=place)


def street_seat(**over: Any) -> StreetSeat:
    held = _membership_of(over)
    place = over.pop("street_group", None) or street_group(committee=held.committee)
    values = {"committee": held.committee, "span": held.span}
    return StreetSeat.objects.create(**values | over, membership=held, street_group=place)


def convenor(**over: Any) -> Convenorship:
    """`sector=` and `member=` (seated there if not yet) as given or new; the row's person is
    `row.seat.membership.member.user`."""
    chair = over.pop("seat", None)
    if chair is None:
        place = over.pop("sector", None) or sector(committee=_committee_of(over.get("member")))
        person = over.pop("member", None) or member(sector=place)
        chair = Seat.objects.filter(membership__member=person, sector=place).first()
        chair = chair or seat(member=person, sector=place)
    taken = Convenorship.objects.filter(sector=chair.sector).count()
    values = {"committee": chair.committee, "sector": chair.sector, "place": taken + 1}
    row = Convenorship.objects.create(**values | {"span": chair.span} | over, seat=chair)
    return _stands_anew(row, chair.membership.member.user)


def _committee_of(row: Any) -> Committee | None:
    return row.committee if row is not None else None


def leader_contact(**over: Any) -> LeaderContact:
    """Of one sector, unless `commission=` or `member=` is given."""
    target = next((over[k] for k in ("sector", "commission", "member") if over.get(k)), None)
    if target is None:
        target = over["sector"] = sector(committee=over.get("committee"))
    _given(over, "leader", lambda: officer("leader", target.committee))
    values = {"committee": target.committee, "span": span_from(BEGAN_ON)}
    return LeaderContact.objects.create(**values | over)


def liaison_group(**over: Any) -> LiaisonGroup:
    return LiaisonGroup.objects.create(**_in_committee({"name": f"联络组{_next()}"}, over))


def supervision_group(*, members: Iterable[Member] = (), **over: Any) -> SupervisionGroup:
    row = SupervisionGroup.objects.create(**_in_committee({"name": f"监督小组{_next()}"}, over))
    row.members.set(members)
    return row


def supervision(**over: Any) -> Supervision:
    """A visit of today, not yet passed to the unit."""
    _given(over, "posting", posting)
    defaults = {
        "happened_on": timezone.localdate(),
        "topic": "校外培训监管",
        "finding": "收费公示不全",
    }
    _given(over, "created_by", lambda: user())
    return Supervision.objects.create(**{"committee": over["posting"].committee} | defaults | over)


def talk(**over: Any) -> Talk:
    _given(over, "member", member)
    _given(over, "leader", lambda: user())
    defaults = {"held_on": timezone.localdate(), "created_by": over["leader"]}
    return Talk.objects.create(**{"committee": over["member"].committee} | defaults | over)


def posting(**over: Any) -> Posting:
    """Of a member, unless `supervision_group=` is given."""
    if over.get("supervision_group") is None:
        _given(over, "member", member)
    belongs = (over.get("supervision_group") or over["member"]).committee
    _given(over, "unit", lambda: unit(committee=belongs))
    return Posting.objects.create(**{"committee": belongs, "span": span_from(BEGAN_ON)} | over)


# Contacts and workrooms -------------------------------------------------------------------------


def channel(**over: Any) -> Channel:
    return Channel.objects.create(**_in_committee({"name": f"渠道{_next()}"}, over))


def occasion(**over: Any) -> Occasion:
    return Occasion.objects.create(**_in_committee({"name": f"情形{_next()}"}, over))


def contact(**over: Any) -> Contact:
    """A person; in the sector of the given or new member. `confirmed_at=None` is a proposal."""
    place = over.pop("sector", None)
    person = over.pop("member", None)
    if person is None:
        person = member(sector=place or sector(committee=over.get("committee")))
    place = place or _sector_today(person) or sector(committee=person.committee)
    values = {"committee": person.committee, "name": _name(), "phone": phone()}
    values |= {"consented_on": timezone.localdate(), "created_by": person.user}
    values |= {"confirmed_at": timezone.now()} | over
    values.setdefault("pinyin", pinyin_search(values["name"]))
    return Contact.objects.create(**values, member=person, sector=place)


def area(**over: Any) -> Area:
    return Area.objects.create(**_in_committee({"name": f"第{_next()}责任区"}, over))


def area_member(**over: Any) -> AreaMember:
    """`member=` and `area=` as given or new."""
    place = over.pop("area", None)
    person = over.pop("member", None) or member(committee=_committee_of(place))
    place = place or area(committee=person.committee)
    values = {"committee": person.committee, "span": span_from(BEGAN_ON)} | over
    return AreaMember.objects.create(**values, member=person, area=place)


def grid(**over: Any) -> Grid:
    _given(over, "area", lambda: area(committee=over.get("committee")))
    values = {"committee": over["area"].committee, "name": f"第{_next()}网格"}
    return Grid.objects.create(**values | {"worker": _name(), "worker_phone": phone()} | over)


def _sector_today(person: Member) -> Sector | None:
    chair = Seat.objects.filter(
        membership__member=person, span__contains=timezone.localdate()
    ).first()
    return chair.sector if chair else None


def visit(**over: Any) -> Visit:
    """`members=[…]` (or `member=`) and `contacts=[…]`; each part carries the member's sector."""
    people = over.pop("members", None) or [over.pop("member", None)]
    if people == [None]:
        people = [member(sector=sector(committee=over.get("committee")))]
    seen = over.pop("contacts", ())
    belongs = people[0].committee
    way = over.pop("channel", None) or channel(committee=belongs)
    values = {"happened_on": timezone.localdate(), "place": "某社区", "people_count": 3}
    values |= {"committee": belongs, "created_by": people[0].user, "said": "路灯不亮。"}
    row = Visit.objects.create(**values | over, channel=way)
    VisitMember.objects.bulk_create(
        VisitMember(visit=row, member=person, sector=_sector_today(person)) for person in people
    )
    row.contacts.set(seen)
    return row


def target(**over: Any) -> Target:
    """Two visits a year of every member, unless the test says otherwise."""
    values = {"measure": Measure.VISITS, "every": "year", "number": 2}
    return Target.objects.create(**_in_committee(values | {"span": span_from(BEGAN_ON)}, over))


def help_offer(**over: Any) -> HelpOffer:
    """To `member=`, this month, by a clerk."""
    person = over["member"]
    values = {"committee": person.committee, "sector": _sector_today(person)}
    if "by" not in over:
        over["by"] = officer("clerk", person.committee)
    month = timezone.localdate().replace(day=1)
    return HelpOffer.objects.create(**values | {"month": month} | over)


def picture() -> SimpleUploadedFile:
    """A small photo as a phone would send it."""
    image = io.BytesIO()
    Image.new("RGB", (12, 9), "#b3261e").save(image, "JPEG")
    return SimpleUploadedFile("照片.jpg", image.getvalue(), "image/jpeg")


def visit_photo(**over: Any) -> VisitPhoto:
    kept = _given(over, "visit", visit)
    attachment = store_image(kept.committee, picture(), by=kept.created_by)
    return VisitPhoto.objects.create(visit=kept, attachment=attachment)


def workroom(**over: Any) -> Workroom:
    n = _next()
    values = {"name": f"第{n}委员工作室", "plate_number": f"{n:04d}", "host": "某社区"}
    return Workroom.objects.create(**_in_committee(values, over))


def room_member(**over: Any) -> RoomMember:
    _given(over, "workroom", workroom)
    belongs = over["workroom"].committee
    if over.get("user") is None and over.get("member") is None:
        over["member"] = member(committee=belongs)
    row = RoomMember.objects.create(**{"committee": belongs, "span": span_from(BEGAN_ON)} | over)
    return _stands_anew(row, row.user or row.member.user)


def keeper(**over: Any) -> RoomMember:
    """A keeper who is not a member, unless `member=` is given."""
    if over.get("user") is None and over.get("member") is None:
        over["user"] = user()
    return room_member(**over, is_keeper=True)


def attachment(**over: Any) -> Attachment:
    """A row without a file; `committees.files.store_image` makes both."""
    n = _next()
    values = {"sha256": f"{n:064x}", "name": f"{n}.jpg", "content_type": "image/jpeg"}
    values |= {"size": 100, "state": Attachment.State.CLEAN}
    return Attachment.objects.create(**_in_committee(values, over))


def room_photo(**over: Any) -> RoomPhoto:
    room = _given(over, "workroom", workroom)
    over.setdefault("committee", room.committee)
    if over.get("attachment") is None:
        over["attachment"] = attachment(committee=room.committee)
    return RoomPhoto.objects.create(**{"consent": "nobody", "caption": "接待室"} | over)


def standard(**over: Any) -> Standard:
    n = _next()
    values = {"group": "五有", "name": f"第{n}项", "position": n % 30_000}
    return Standard.objects.create(**_in_committee(values, over))


def evidence(**over: Any) -> Evidence:
    """Waits for the office; `is_confirmed=True` does not."""
    room = _given(over, "workroom", workroom)
    over.setdefault("committee", room.committee)
    if over.get("standard") is None:
        over["standard"] = standard(committee=room.committee)
    if over.pop("is_confirmed", False):
        over["confirmed_at"] = timezone.now()
    values = {"met_on": BEGAN_ON, "text": "已挂牌"}
    return Evidence.objects.create(**values | over)


def room_code(**over: Any) -> RoomCode:
    _given(over, "workroom", workroom)
    values = {"committee": over["workroom"].committee, "code": f"roomcode{_next()}"[-12:]}
    return RoomCode.objects.create(**values | over)


def public_limit(**over: Any) -> PublicLimit:
    values = {"measure": PublicLimit.Measure.ROOM_HOUR, "number": 30}
    return PublicLimit.objects.create(**_in_committee(values, over))


def reception(**over: Any) -> Reception:
    """In a new room, unless `workroom=` or `liaison_group=`; `members=[…]` received it."""
    people = over.pop("members", ())
    place = over.get("workroom") or over.get("liaison_group")
    if place is None:
        place = over["workroom"] = workroom(committee=over.get("committee") or committee())
    day = over.setdefault("received_on", timezone.localdate())
    values = {"committee": place.committee, "year": day.year, "said": "楼道灯坏了没人修。"}
    if "number" not in over:
        values["number"] = _number(place.committee, "reception", day.year)
    row = Reception.objects.create(**values | over)
    row.members.set(people)
    return row


# Opinions ---------------------------------------------------------------------------------------


def opinion(**over: Any) -> Opinion:
    """A report in `status=` (default draft), with what that status implies.

    `author=` (a Member) or `authors=[…]`; texts by `situation=`, `analysis=`, `suggestion=`.
    Submitted ones have dates and a number once the office has them, edited ones both texts, issued
    ones an issue and the adoption at the own level.
    """
    texts = {k: over.pop(k) for k in ("situation", "analysis", "suggestion") if k in over}
    authors = over.pop("authors", None) or [over.pop("author", None)]
    if authors == [None]:
        authors = [_author(over)]
    belongs, status = authors[0].committee, over.setdefault("status", Status.DRAFT)
    values = {"committee": belongs, "title": f"关于改善第{_next()}号路口通行的建议"}
    values |= {"created_by": authors[0].user, "waiting_since": timezone.now()}
    if "sector" not in over:
        over["sector"] = _sector_today(authors[0])
    row = Opinion.objects.create(**values | _dates(status, belongs, over) | over)
    for place, person in enumerate(authors, start=1):
        now = timezone.now()
        Authorship.objects.create(opinion=row, member=person, place=place, confirmed_at=now)
    manuscript(opinion=row, written_by=row.created_by, **texts)
    if status in EDITED:
        manuscript(opinion=row, kind=Manuscript.Kind.EDITED, **texts)
    if status in OUT and row.issue:
        _adopted_here(row)
    return row


def _author(over: dict[str, Any]) -> Member:
    place = over.get("sector")
    if place is None and "sector" in over:
        return member(committee=over.get("committee"))
    return member(sector=place or sector(committee=over.get("committee")))


def _dates(status: str, belongs: Committee, over: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    values: dict[str, Any] = {}
    if status in SUBMITTED:
        values["submitted_on"] = today
    if status in NUMBERED:
        on = over.get("received_on") or today
        values |= {"received_on": on, "year": on.year}
        if "number" not in over:
            values["number"] = _number(belongs, "opinion", on.year)
    if status == Status.RETURNED:
        values["returned_from"] = Status.RECEIVED
    if status in OUT and "issue" not in over:
        values["issue"] = issue(committee=belongs)
    return values


def _number(belongs: Committee, kind: str, year: int) -> int:
    """From the same counter as the actions, so that a number given out later does not collide."""
    with transaction.atomic():
        return take_number(belongs, kind, year)


def _adopted_here(row: Opinion) -> Adoption:
    return adoption(
        opinion=row,
        level=row.committee.level,
        body=row.committee.name,
        adopted_on=row.issue.issued_on,
        recorded_by=row.issue.signed_by,
    )


def manuscript(**over: Any) -> Manuscript:
    row = _given(over, "opinion", opinion)
    values = {
        "kind": Manuscript.Kind.ORIGINAL,
        "title": row.title,
        "situation": "早晚高峰，路口拥堵，学生过街不便。",
        "analysis": "信号灯配时不合理。",
        "suggestion": "优化信号灯配时，增设护学岗。",
        "written_by": row.created_by,
        "written_at": timezone.now(),
    }
    values |= over
    same = Manuscript.objects.filter(opinion=row, kind=values["kind"]).count()
    return Manuscript.objects.create(**{"version": same + 1} | values)


def step(**over: Any) -> Step:
    row = _given(over, "opinion", opinion)
    values = {"move": "submit", "source": Status.DRAFT, "target": row.status}
    values |= {"at": timezone.now(), "by_user": row.created_by}
    return Step.objects.create(**values | over)


def issue(**over: Any) -> Issue:
    belongs = over.get("committee") or committee()
    on = over.get("issued_on") or timezone.localdate()
    values: dict[str, Any] = {"committee": belongs, "issued_on": on, "year": on.year}
    for field, kind, year in (("number", "issue", on.year), ("total_number", "issue_total", 0)):
        if field not in over:
            values[field] = _number(belongs, kind, year)
    if "signed_by" not in over:
        values["signed_by"] = officer("signer", belongs)
    return Issue.objects.create(**values | over)


def adoption(**over: Any) -> Adoption:
    """At the province, unless `level=` says otherwise."""
    row = _given(over, "opinion", lambda: opinion(status=Status.ISSUED))
    values = {
        "committee": row.committee,
        "level": Adoption.Level.PROVINCE,
        "body": "省政协办公厅",
        "adopted_on": timezone.localdate(),
        "recorded_by": row.created_by,
    }
    return Adoption.objects.create(**values | over)


# Activities, records, notices -------------------------------------------------------------------


def activity(**over: Any) -> Activity:
    """The committee's own, tomorrow for two hours, unless an organiser is given."""
    hosts = [over[k] for k in ("sector", "commission", "workroom") if over.get(k)]
    belongs = over.get("committee") or (hosts[0].committee if hosts else committee())
    begins = over.get("starts_at") or timezone.now() + datetime.timedelta(days=1)
    values = {"committee": belongs, "title": f"第{_next()}次学习座谈", "starts_at": begins}
    values |= {"ends_at": begins + datetime.timedelta(hours=2), "place": "市政协三楼会议室"}
    values["published_at"] = min(begins, timezone.now())
    if "created_by" not in over:
        values["created_by"] = officer("clerk", belongs)
    return Activity.objects.create(**values | over)


def series(**over: Any) -> Series:
    values = _in_committee({"title": f"第{_next()}个系列活动"}, over)
    _given(values, "created_by", lambda: officer("clerk", values["committee"]))
    return Series.objects.create(**values)


def co_host(**over: Any) -> CoHost:
    """An outside body, unless a sector, a commission or a room is given."""
    _given(over, "activity", activity)
    if not any(over.get(kind) for kind in ("sector", "commission", "workroom")):
        over.setdefault("name", f"第{_next()}学会")
    return CoHost.objects.create(**over)


def enrolment(**over: Any) -> Enrolment:
    """`activity=` and `member=` as given or new; enrolled, unless a date says otherwise."""
    held = _given(over, "activity", activity)
    _given(over, "member", lambda: member(committee=held.committee))
    _given(over, "entered_by", lambda: held.created_by)
    if not {"invited_at", "enrolled_at", "waiting_since"} & over.keys():
        over["enrolled_at"] = timezone.now()
    return Enrolment.objects.create(**{"committee": held.committee} | over)


def head_count(**over: Any) -> HeadCount:
    _given(over, "activity", activity)
    return HeadCount.objects.create(**{"kind": f"界别群众{_next()}", "count": 5} | over)


def summary(**over: Any) -> MonthlySummary:
    """A draft of last month, without figures."""
    first = timezone.localdate().replace(day=1)
    values = {"month": (first - datetime.timedelta(days=1)).replace(day=1)}
    values["drafted_at"] = timezone.now()
    return MonthlySummary.objects.create(**_in_committee(values, over))


def daily_figure(**over: Any) -> DailyFigure:
    """One visit of the whole committee, yesterday."""
    day = timezone.localdate() - datetime.timedelta(days=1)
    values = {"day": day, "scope_kind": "committee", "measure": "visits", "value": 1}
    belongs = over.get("committee") or committee()
    return DailyFigure.objects.create(**values | {"committee": belongs, "scope": belongs.pk} | over)


def notice(**over: Any) -> Notice:
    _given(over, "recipient", user)
    n = _next()
    values = {"kind": "test", "key": f"test:{n}", "title": f"第{n}条消息"}
    return Notice.objects.create(**_in_committee(values, over))


def way(**over: Any) -> Way:
    """Mail, unless `channel=` says otherwise."""
    _given(over, "user", user)
    return Way.objects.create(**{"channel": "mail", "address": "a@example.org"} | over)


def delivery(**over: Any) -> Delivery:
    """Of a notice that failed by SMS, unless said otherwise."""
    told = _given(over, "notice", notice)
    values = {"committee": told.committee, "recipient": told.recipient, "topic": "todo"}
    values |= {"channel": "sms", "state": "failed", "error": "isv.MOBILE_NUMBER_ILLEGAL"}
    return Delivery.objects.create(**values | over)


def feedback(**over: Any) -> Feedback:
    _given(over, "author", user)
    return Feedback.objects.create(**_in_committee({"text": "字太小。", "page": "/"}, over))


# Duty -------------------------------------------------------------------------------------------


def duty_rule(**over: Any) -> DutyRule:
    """Every Friday morning, one member; `members=[…]` names who takes turns."""
    room = _given(over, "workroom", workroom)
    named = over.pop("members", ())
    values = {"committee": room.committee, "weekdays": [4], "span": span_from(BEGAN_ON)}
    row = DutyRule.objects.create(**values | over)
    row.members.set(named)
    return row


def duty_shift(**over: Any) -> DutyShift:
    """Published, tomorrow from nine to half past eleven; `days=` counts from today."""
    person = over.get("member") or member(committee=_committee_of(over.get("workroom")))
    over["member"] = person
    room = _given(over, "workroom", lambda: workroom(committee=person.committee))
    day = over.setdefault("day", timezone.localdate() + datetime.timedelta(over.pop("days", 1)))
    hours = over.pop("hours", (datetime.time(9), datetime.time(11, 30)))
    values = {"committee": room.committee, "state": DutyShift.State.PUBLISHED}
    values["during"] = span_of_time(day, *hours)
    row = DutyShift.objects.create(**values | over)
    row.refresh_from_db(fields=["during"])
    return row


def duty_swap(**over: Any) -> DutySwap:
    """A colleague is asked to stand in; `colleague=None` asks everybody in the room."""
    shift = _given(over, "shift", duty_shift)
    values = {"committee": shift.committee, "kind": DutySwap.Kind.STAND_IN}
    return DutySwap.objects.create(**values | {"asked_by": shift.member.user} | over)


def duty_leave(**over: Any) -> DutyLeave:
    person = _given(over, "member", member)
    today = timezone.localdate()
    values = {"committee": person.committee, "created_by": person.user}
    values["span"] = span_from(today, today + datetime.timedelta(days=10))
    return DutyLeave.objects.create(**values | over)


def duty_wish(**over: Any) -> DutyWish:
    person = _given(over, "member", member)
    values = {"committee": person.committee, "created_by": person.user}
    if "day" not in over:
        values["weekday"] = 4
    return DutyWish.objects.create(**values | over)


def calendar_feed(**over: Any) -> CalendarFeed:
    """`token=` is the secret part of its address."""
    person = _given(over, "user", user)
    values = {"token_hash": token_hash(over.pop("token", f"token-{_next()}"))}
    if "committee" not in over:
        values["committee"] = person.members.get().committee
    return CalendarFeed.objects.create(**values | over)
