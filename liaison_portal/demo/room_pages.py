"""What rooms show of themselves in the demo: where they lie, stories, photos, evidence."""

from __future__ import annotations

import datetime
import io
import math
import random
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from committees.actors import CLOCK
from committees.files import store_image
from committees.models import Attachment, Role
from liaison_portal.demo import places
from liaison_portal.demo.plan import Place, Plan
from sectors.models import StreetGroup
from workrooms.models import Evidence, RoomPhoto, Standard, Workroom

# The invented city's middle; its streets lie around it as on a ring.
LONGITUDE, LATITUDE = 112.36, 29.04
KILOMETRE = 1 / 111.32  # degrees of latitude
STORIES = (
    "依托{community}设立，面向周边居民和界别群众，听取意见建议，宣传政策。",
    "设在{host}，委员轮流值班，已形成“一月一活动、一活动一主题”的做法。",
    "围绕老旧小区改造、停车、就医等群众关心的事，与{community}一起开展协商议事。",
    "由{host}提供场地，界别委员发挥专业特长，开展咨询、义诊、讲座等活动。",
)
WORDS = {
    "场所": "接待室已挂牌，日常开放。",
    "成员": "负责人和委员名单已公示。",
    "制度": "制度已印发并上墙。",
    "设施": "桌椅、电话、宣传栏齐备。",
}
SCENES = ("接待室", "公示墙", "门口挂牌")
PAINTS = ("#e9d8c3", "#d5e0ea", "#dfe7d6", "#eadcdc", "#e4dfec")


def dress(place: Place, plan: Plan) -> None:
    """Own dice, so that nothing drawn elsewhere shifts."""
    dice = random.Random(f"{plan.today}:{place.committee.slug}:{place.size.rooms}:rooms")
    _particulars(place, dice)
    pictures = _pictures(place) if place.is_city else []
    _photos(place, pictures)
    _evidence(place, plan, dice, pictures)


def _particulars(place: Place, dice: random.Random) -> None:
    groups = {row.name: row for row in StreetGroup.objects.filter(committee=place.committee)}
    for room in place.rooms:
        street = room.address.partition("路")[0]
        room.street_group = groups.get(f"{street}街道委员组")
        community = dice.choice(places.COMMUNITIES)
        room.story = dice.choice(STORIES).format(community=community, host=room.host)
        room.paired_community = community if dice.random() < 0.6 else ""
        room.has_party_group = dice.random() < 0.35
        named = room.has_party_group and dice.random() < 0.8
        room.party_group = f"{street}委员党小组" if named else ""
        if dice.random() < 0.12:
            room.other_addresses = (
                f"{dice.choice(places.STREETS)}路{dice.randrange(1, 200)}号（周末）"
            )
        if dice.random() < 0.97:
            room.longitude, room.latitude = _spot(street, dice)
    columns = ["street_group", "story", "paired_community", "has_party_group", "party_group"]
    columns += ["other_addresses", "longitude", "latitude"]
    Workroom.objects.bulk_update(place.rooms, columns)


def _spot(street: str, dice: random.Random) -> tuple[Decimal, Decimal]:
    """A point near the street's middle: four streets in the centre, the others around it."""
    number = places.STREETS.index(street) if street in places.STREETS else 0
    is_inner = number < 4
    ring, turn = (2.2, number / 4) if is_inner else (6.0 + number % 3, (number - 4) / 8)
    width = 0.8 if is_inner else 1.3
    across = ring * math.cos(turn * math.tau) + dice.gauss(0, width)
    down = ring * 0.8 * math.sin(turn * math.tau) + dice.gauss(0, width)
    squeeze = math.cos(math.radians(LATITUDE))
    degrees = LONGITUDE + across * KILOMETRE / squeeze, LATITUDE + down * KILOMETRE
    return Decimal(f"{degrees[0]:.6f}"), Decimal(f"{degrees[1]:.6f}")


def _pictures(place: Place) -> list[Attachment]:
    """A few drawn placeholders that many rooms share."""
    return [
        store_image(place.committee, _drawn(scene, paint), by=CLOCK)
        for scene in SCENES
        for paint in PAINTS[:2]
    ]


def _drawn(scene: str, paint: str) -> SimpleUploadedFile:
    """A quiet room in a few strokes: a wall, a board, a table. No letters: no font is needed."""
    picture = Image.new("RGB", (480, 360), paint)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 270, 480, 360), fill="#b9a58c")
    if scene == "公示墙":
        for column in range(4):
            left = 40 + column * 105
            pen.rectangle((left, 60, left + 85, 190), fill="#fbfaf7", outline="#b3261e", width=4)
            for line in range(5):
                pen.line((left + 12, 85 + line * 20, left + 73, 85 + line * 20), "#9aa1ad", 3)
    elif scene == "门口挂牌":
        pen.rectangle((170, 70, 310, 270), fill="#8a6a4a", outline="#5d452d", width=5)
        pen.rectangle((110, 90, 150, 230), fill="#d8b45c", outline="#8a6a1c", width=3)
    else:
        pen.rectangle((150, 50, 330, 130), fill="#b3261e")
        pen.rectangle((90, 220, 390, 245), fill="#8a6a4a")
        for left in (110, 350):
            pen.rectangle((left, 245, left + 15, 320), fill="#8a6a4a")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return SimpleUploadedFile(f"{scene}.png", out.getvalue(), "image/png")


def _photos(place: Place, pictures: list[Attachment]) -> None:
    """The demo keeper's room has three, every fifth room one."""
    rows = []
    for number, room in enumerate(place.rooms if pictures else []):
        shown = pictures[::2] if number == 0 else pictures[number % 6 : number % 6 + 1]
        if number and number % 5:
            continue
        rows += [
            RoomPhoto(
                committee=place.committee,
                workroom=room,
                attachment=picture,
                caption=picture.name.partition(".")[0],
                consent=RoomPhoto.Consent.NOBODY,
                position=position,
            )
            for position, picture in enumerate(shown, start=1)
        ]
    RoomPhoto.objects.bulk_create(rows)


def _evidence(place: Place, plan: Plan, dice: random.Random, pictures: list[Attachment]) -> None:
    """A third of the rooms meets everything; the others lack some, wait, or were asked for more."""
    standards = list(Standard.objects.in_committee(place.committee).active())
    clerk, rows = place.officer(Role.CLERK, dice), []
    for number, room in enumerate(place.rooms):
        is_whole = number % 3 == 1
        for standard in standards:
            if not is_whole and dice.random() < 0.3:
                continue
            row = _row(room, standard, plan, dice)
            row.attachment = dice.choice(pictures) if pictures and dice.random() < 0.1 else None
            chance = 0 if is_whole else dice.random()
            if chance < 0.85:
                row.confirmed_by = clerk
                row.confirmed_at = row.given_at + datetime.timedelta(days=dice.randrange(1, 6))
            elif chance < 0.9:
                row.returned_at = row.given_at + datetime.timedelta(days=1)
                row.returned_note = "请补充一张现场照片。"
            rows.append(row)
    Evidence.objects.bulk_create(rows)


def _row(room: Workroom, standard: Standard, plan: Plan, dice: random.Random) -> Evidence:
    met_on = plan.today - datetime.timedelta(days=dice.randrange(20, 400))
    noon = datetime.datetime.combine(met_on, datetime.time(12))
    told = next((text for word, text in WORDS.items() if word in standard.name), "已按要求上墙。")
    return Evidence(
        committee=room.committee,
        workroom=room,
        standard=standard,
        met_on=met_on,
        text=told,
        given_at=timezone.make_aware(noon) + datetime.timedelta(days=dice.randrange(10)),
    )
