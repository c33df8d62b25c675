"""Who submits in the demo: co-authors with shares, one still asked, bodies with drafters, files.

Dice of its own, so that no other draw shifts. The reports stand as `paper.write` left them: only
who submits them is told in more detail, so that no figure of the summaries changes.
"""

from __future__ import annotations

import datetime
import io
import random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from PIL import Image, ImageDraw
from xlsxwriter import Workbook

from committees.files import store_file, store_image
from committees.models import Attachment
from liaison_portal.demo.plan import Place, Plan
from opinions import notices
from opinions.bodies import Body
from opinions.models import Authorship, BodyKind, Opinion, OpinionFile, Status, Step

ONE_IN = 5  # reports of a body; in one district 56 % came from bodies
FILES = 9  # reports of the city with files
PARTIES = ("民革", "民盟", "民建", "民进", "农工党", "九三学社")
PEOPLE = ("工会", "共青团", "妇联", "科协", "工商联")
OPEN = (Status.DRAFT, Status.RETURNED)
COLUMNS = ["body_kind", "body_name", "body_sector", "body_commission", "drafter_names"]


def submitters(place: Place, plan: Plan) -> None:
    rng = random.Random(f"{place.committee.slug} submitters")
    rows = list(_reports(place))
    _bodies(place, rng, rows)
    _shares(rng, rows)
    if place.is_city:
        _one_asked(place, plan)
        _files(rng, rows)


def _reports(place: Place) -> Any:
    """Those that are not the demo accounts' own, whose stories the guide tells."""
    told = Q(authorships__member__user__sign_in_name__isnull=False)
    rows = Opinion.objects.in_committee(place.committee).exclude(told)
    rows = rows.exclude(status__in=[*OPEN, Status.WITH_CONVENOR, Status.OFFLINE])
    return rows.with_authors().select_related("sector__commission").order_by("id")


def _bodies(place: Place, rng: random.Random, rows: list[Any]) -> None:
    """At most a fifth, of those that never had a first view: a body's report needs none."""
    viewed = Step.objects.filter(target=Status.WITH_CONVENOR, opinion__in=rows)
    through = set(viewed.values_list("opinion", flat=True))
    straight = [row for row in rows if row.visit_id is None and row.pk not in through]
    chosen = rng.sample(straight, min(len(straight), len(rows) // ONE_IN))
    for row in chosen:
        _becomes(rng, place, row)
    Opinion.objects.bulk_update(chosen, COLUMNS)
    drafted = Authorship.objects.filter(opinion__in=chosen)
    drafted.update(role=Authorship.Role.DRAFTER)


def _becomes(rng: random.Random, place: Place, row: Any) -> None:
    sector = row.sector
    kind = rng.choice(["sector", "commission", "party", "people", "sector"])
    if sector is None or (kind == "commission" and sector.commission is None):
        kind = "party"
    where = place.committee.name.removeprefix("政协").removesuffix("委员会")
    if kind == "sector":
        row.body_sector = sector
        body = Body.of(sector)
    elif kind == "commission":
        row.body_commission = sector.commission
        body = Body.of(sector.commission)
    elif kind == "party":
        body = Body(BodyKind.PARTY, f"{rng.choice(PARTIES)}{where}委会")
    else:
        body = Body(BodyKind.PEOPLE, f"{where}{rng.choice(PEOPLE)}")
    row.body_kind, row.body_name = body.kind, body.name


def _shares(rng: random.Random, rows: list[Any]) -> None:
    """Half of the reports of two tell in what shares; the others are equal."""
    pairs = [row.pk for row in rows if len(row.author_ids) == 2 and rng.random() < 0.5]
    parts = list(Authorship.objects.filter(opinion__in=pairs).order_by("opinion", "place"))
    for part in parts:
        part.share = 60 if part.place == 1 else 40
    Authorship.objects.bulk_update(parts, ["share"])


def _one_asked(place: Place, plan: Plan) -> None:
    """A draft of one demo member waits for another's word."""
    author, friend = plan.accounts["member"], plan.accounts["member2"]
    own = Opinion.objects.in_committee(place.committee).filter(
        status__in=OPEN, authorships__member__user=author, authorships__place=1
    )
    row = own.select_related("committee").order_by("status", "id").first()
    member = friend.members.get(committee=place.committee)
    if row is None or row.authorships.filter(Q(member=member) | Q(place=2)).exists():
        return
    Authorship.objects.create(opinion=row, member=member, place=2)
    notices.asked(row, [member.pk])


def _files(rng: random.Random, rows: list[Any]) -> None:
    for row in rng.sample(rows, min(FILES, len(rows))):
        person = row.created_by
        picture = store_image(row.committee, _photo(rng), by=person)
        _attach(row, picture, 1, person)
        if rng.random() < 0.5:
            _attach(row, store_file(row.committee, _sheet(), by=person), 2, person)


def _attach(row: Any, attachment: Attachment, position: int, by: Any) -> None:
    OpinionFile.objects.create(opinion=row, attachment=attachment, position=position, added_by=by)


def _photo(rng: random.Random) -> SimpleUploadedFile:
    """A drawn street with a crossing, in other colours each time."""
    picture = Image.new("RGB", (640, 420), (205 + rng.randrange(40), 222, 235))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, 640, 420), fill=(110, 112, 118))
    for x in range(60, 600, 70):
        draw.rectangle((x, 300, x + 36, 400), fill=(235, 235, 235))
    for x in range(20, 620, 120):
        top = 90 + rng.randrange(100)
        draw.rectangle((x, top, x + 80, 260), fill=(150 + rng.randrange(60), 140, 125))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return SimpleUploadedFile("现场照片.jpg", kept.getvalue())


def _sheet() -> SimpleUploadedFile:
    """A small workbook of counts, without names."""
    kept = io.BytesIO()
    with Workbook(kept, {"in_memory": True}) as book:
        # The same bytes in every demo.
        book.set_properties({"created": datetime.datetime(2026, 1, 1)})
        sheet = book.add_worksheet("点位统计")
        counted = [("时段", "车辆数"), ("7:00—8:00", 812), ("17:00—18:00", 764)]
        for line, values in enumerate(counted):
            sheet.write_row(line, 0, values)
    return SimpleUploadedFile("点位统计表.xlsx", kept.getvalue())
