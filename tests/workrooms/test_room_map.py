"""The map: where rooms lie on the sheet, one target a cell, and nothing that cannot be reached."""

import random
import re
from decimal import Decimal

import pytest

from tests import make
from tests.budgets import costs
from workrooms import room_map
from workrooms.room_map import Point, draw, hull

MAP = "/city/workrooms/map/"
PHONE = {"columns": 7, "cell": 46}
MIDDLE = (112.36, 29.04)


def point(pk, across=0.0, up=0.0, **over):
    longitude, latitude = MIDDLE[0] + across, MIDDLE[1] + up
    values = {"name": f"第{pk}", "kind": "area", "longitude": longitude, "latitude": latitude}
    return Point(pk=pk, **values | over)


def many(number, seed=1):
    dice = random.Random(seed)
    return [point(pk, dice.gauss(0, 0.05), dice.gauss(0, 0.05)) for pk in range(number)]


def drawn(sheet):
    return sorted(one.pk for mark in sheet.marks for one in mark.points)


def test_north_is_up_and_east_is_right():
    sheet = draw([point(1), point(2, across=0.1), point(3, up=0.1)], **PHONE)
    spots = {mark.points[0].pk: (mark.x, mark.y) for mark in sheet.marks}
    assert spots[2][0] > spots[1][0] and spots[3][1] < spots[1][1]


def test_a_degree_is_as_long_as_it_is_on_the_ground():
    """At 60° north a degree of longitude is half as long as one of latitude."""
    far = [point(1, longitude=100.0, latitude=60.0), point(2, longitude=101.0, latitude=60.0)]
    far += [point(3, longitude=100.0, latitude=60.5)]
    sheet = draw(far, columns=20, cell=48)
    spots = {mark.points[0].pk: (mark.x, mark.y) for mark in sheet.marks}
    across, up = spots[2][0] - spots[1][0], spots[1][1] - spots[3][1]
    assert across == pytest.approx(up, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("number", [1, 2, 30, 150, 600])
def test_every_room_is_in_one_target_and_targets_lie_apart(number, seed):
    for columns, cell in ((7, 46), (20, 48)):
        sheet = draw(many(number, seed), columns=columns, cell=cell)
        assert drawn(sheet) == list(range(number))
        corners = [(mark.left, mark.top) for mark in sheet.marks]
        assert len(set(corners)) == len(corners)
        for mark in sheet.marks:
            assert mark.left % cell == mark.top % cell == 0
            assert mark.left < mark.x < mark.left + cell and mark.top < mark.y < mark.top + cell
            assert mark.left + cell <= sheet.width and mark.top + cell <= sheet.height
        assert sheet.height <= sheet.width * 1.5


def test_opening_a_number_comes_to_single_rooms():
    """However deep one has to go, each look parts the rooms further, or says they are stacked."""
    waiting, depth = [many(150)], 0
    found = set()
    while waiting:
        depth += 1
        assert depth < 400
        for mark in draw(waiting.pop(), **PHONE).marks:
            if mark.number == 1 or mark.is_stacked:
                found |= {one.pk for one in mark.points}
            else:
                west, south, east, north = map(float, mark.box.split(","))
                inside = [
                    one
                    for one in mark.points
                    if west <= one.longitude <= east and south <= one.latitude <= north
                ]
                assert len(inside) == mark.number
                waiting.append(inside)
    assert found == set(range(150))


def test_rooms_in_one_house_are_stacked():
    (mark,) = draw([point(1), point(2), point(3, across=0.00005)], **PHONE).marks
    assert (mark.number, mark.is_stacked, mark.names) == (3, True, "第1、第2、第3")


def test_nothing_to_draw():
    assert draw([], **PHONE) is None


def test_streets_are_outlined_from_their_rooms():
    corners = [(0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (0.1, 0.1), (0.04, 0.05)]
    rooms = [point(n, *spot, street="望川街道") for n, spot in enumerate(corners)]
    rooms += [point(10 + n, n / 50, street="一条线") for n in range(3)]
    rooms += [point(20, 0.02, 0.02), point(21, 0.03, street="两个"), point(22, street="两个")]
    (outline,) = draw(rooms, columns=20, cell=48).outlines
    assert outline.name == "望川街道"
    assert len(outline.corners.split()) == 4
    assert outline.spot is not None


@pytest.mark.parametrize(
    ("spots", "corners"),
    [
        ([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)], {(0, 0), (2, 0), (2, 2), (0, 2)}),
        ([(0, 0), (1, 1), (2, 2)], {(0, 0), (2, 2)}),
        ([(1, 1), (1, 1)], {(1, 1)}),
        ([], set()),
    ],
)
def test_hulls(spots, corners):
    found = hull(spots)
    assert set(found) == corners and len(found) == len(corners)


def test_a_street_name_stands_where_no_room_is():
    rooms = [point(n, street="望川街道", across=a, up=u)
             for n, (a, u) in enumerate([(0, 0), (0.2, 0), (0, 0.2), (0.2, 0.2)])]  # fmt: skip
    sheet = draw(rooms, **PHONE)
    x, y = sheet.outlines[0].spot
    taken = {(mark.left, mark.top) for mark in sheet.marks}
    assert not {(x // 46 * 46, y // 46 * 46), ((x - 1) // 46 * 46, y // 46 * 46)} & taken


@pytest.mark.parametrize("most", [1, 3, 7.9, 40, 99, 1234, 9999, 123456])
def test_scales_are_round(most):
    metres = room_map._round_metres(most)
    assert re.fullmatch("[125]0*", str(metres))
    assert metres <= most < metres * 2.5


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def rooms(cast):
    """Two apart, two in one house, and the cast's own without a place."""

    def room(name, across, **over):
        place = {"longitude": Decimal("112.36") + Decimal(across), "latitude": Decimal("29.04")}
        return make.workroom(committee=cast.city, name=name, **place | over)

    return {
        "东": room("城东", "0.10", kind="area"),
        "西": room("城西", "-0.10", kind="station", sector=cast.business),
        "上": room("楼上", "0"),
        "下": room("楼下", "0"),
    }


def body(client, query=""):
    answer = client.get(MAP + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_map_shows_the_rooms_of_the_list(cast, rooms, client_of):
    context = client_of("clerk").get(MAP).context
    phone, desk = (sheet for sheet, _css in context["sheets"])
    everywhere = sorted(row.pk for row in rooms.values())
    assert drawn(phone) == drawn(desk) == everywhere
    assert [row.name for row in context["unplaced"]] == [cast.room.name]
    assert (context["placed"], len(context["named"])) == (4, 4)
    assert [kind for _label, _shape, kind in context["legend"]] == ["sector", "area", "station"]


def test_single_rooms_and_stacks_are_links_with_titles(cast, rooms, client_of):
    shown = body(client_of("member"))
    link = f'<a href="/city/workrooms/{rooms["东"].pk}/"><title>城东</title>'
    assert shown.count(link) == 2
    (stack,) = set(re.findall(r'<a href="([^"]+)"><title>2 个工作室：楼', shown))
    assert stack.startswith("/city/workrooms/?box=112.3")
    assert "style=" not in shown.replace("stylesheet", "")
    listed = client_of("member").get(stack.replace("&amp;", "&")).context["page"].rows
    assert {row.name for row in listed} == {"楼上", "楼下"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?kind=area", {"城东"}),
        ("?q=楼", {"楼上", "楼下"}),
        ("?sector={business}", {"城西"}),
        ("?box=112,29,112.3,30", {"城西"}),
        ("?box=112.26,29.04,112.46,29.04", {"城东", "城西", "楼上", "楼下"}),
        ("?box=1,2,3", set()),
        ("?box=nan,0,1,2", set()),
        ("?box=a,b,c,d", set()),
        ("?box=1e400,0,1,2", set()),
    ],
)
def test_list_and_map_find_the_same(cast, rooms, client_of, query, names):
    client, query = client_of("clerk"), query.format(business=cast.business.pk)
    on_map = client.get(MAP + query).context
    assert {row.name for row in on_map["named"]} == names
    listed = client.get("/city/workrooms/" + query).context["page"].rows
    found = {row.name for row in listed}
    assert found == names | {row.name for row in on_map["unplaced"]}


def test_the_toggle_keeps_the_filter(cast, rooms, client_of):
    assert 'href="/city/workrooms/?kind=area"' in body(client_of("clerk"), "?kind=area")
    listed = client_of("clerk").get("/city/workrooms/?kind=area&after=x").content.decode()
    assert 'href="/city/workrooms/map/?kind=area"' in listed


def test_a_keepers_map_begins_with_the_own_rooms(cast, rooms, client_of):
    client = client_of("keeper")
    assert client.get(MAP).context["placed"] == 0
    assert client.get(MAP + "?of=all").context["placed"] == 4


def test_empty_maps_say_so(cast, rooms, client_of):
    assert "没有符合条件的工作室" in body(client_of("clerk"), "?q=查无")
    committee = make.committee(slug="bare")
    client = client_of(make.officer("leader", committee))
    assert "还没有工作室" in client.get("/bare/workrooms/map/").content.decode()
    assert "您还没有加入工作室" in body(client_of("member"), "?of=mine")


def test_another_committees_rooms_are_not_drawn(cast, client_of):
    place = {"longitude": Decimal("112.36"), "latitude": Decimal("29.04")}
    make.workroom(committee=cast.stranger, **place)
    assert client_of("clerk").get(MAP).context["placed"] == 0
    assert client_of("stranger_clerk").get(MAP).status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_budget(cast, client_of, number):
    for n in range(number):
        make.workroom(
            committee=cast.city,
            street_group=make.street_group(committee=cast.city),
            longitude=Decimal(80) + n,
            latitude=Decimal(29),
        )
    client = client_of("clerk")
    body(client)
    with costs(6):
        body(client)


def test_the_map_speaks_english(cast, rooms, client_of):
    client = client_of("clerk")
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in body(client)
