"""Areas, their grids, and who answers for them."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.models import AuditEntry
from committees.spans import span_from
from contacts import actions
from contacts.forms.areas import GridsForm
from contacts.models import Area, AreaMember, Grid, Reveal
from tests import make
from tests.addresses import prove
from tests.budgets import costs

AREAS = "/city/contacts/areas/"


def text_of(response):
    return response.content.decode()


def codes(call, *args, **kwargs):
    with pytest.raises(ValidationError) as told:
        call(*args, **kwargs)
    return told.value.messages


@pytest.fixture
def area(cast):
    return actions.add_area(
        committee=cast.city, name="望川街道责任区", place="望川街道", by=cast.clerk
    )


def test_the_street_of_39_grids_39_workers_and_22_members(cast, area):
    lines = "\n".join(f"第{n}网格 网格员甲乙 1390000{n:04d}" for n in range(1, 40))
    form = GridsForm({"lines": lines})
    assert form.is_valid()
    actions.add_grids(area, form.cleaned_data["lines"], by=cast.clerk)
    members = [make.member(sector=cast.education) for _ in range(22)]
    actions.assign_areas(area, members, by=cast.clerk)
    row = Area.objects.for_list().get()
    assert (row.grid_count, len(row.people)) == (39, 22)
    assert {person["pk"] for person in row.people} == {member.pk for member in members}
    assert {grid.worker_phone for grid in area.grids.all()} == {
        f"1390000{n:04d}" for n in range(1, 40)
    }
    assert Grid.objects.extra(where=["worker_phone LIKE '%%13900%%'"]).count() == 0


def test_one_area_per_member_and_the_former_one_ends_the_day_the_new_begins(cast, area):
    member, today = cast.member_of("member"), timezone.localdate()
    before = actions.assign_area(
        area, member, by=cast.clerk, on=today - datetime.timedelta(days=30)
    )
    other = actions.add_area(committee=cast.city, name="东塔", by=cast.clerk)
    assert codes(actions.assign_area, area, member, by=cast.clerk) == [
        "该委员已是此界别责任区的责任委员。"
    ]
    now = actions.assign_area(other, member, by=cast.clerk)
    before.refresh_from_db()
    assert (before.span.upper, now.span.lower) == (today, today)
    assert list(AreaMember.objects.today()) == [now]
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever the code forgets
        make.area_member(area=area, member=member, span=span_from(today))
    actions.release_from_area(now, by=cast.clerk)
    assert list(AreaMember.objects.today()) == []


def test_only_the_clerk_keeps_areas_and_of_the_own_committee(cast, area):
    member = cast.member_of("member")
    for who in ("editor", "member", "convenor", "leader", "countyclerk"):
        with pytest.raises(PermissionDenied):
            actions.add_area(committee=cast.city, name="另一个", by=cast[who])
        with pytest.raises(PermissionDenied):
            actions.assign_area(area, member, by=cast[who])
        with pytest.raises(PermissionDenied):
            actions.add_grids(area, [("一", "", "")], by=cast[who])
    stranger = cast.member_of("stranger_member")
    assert codes(actions.assign_area, area, stranger, by=cast.clerk) == ["所选项不属于本级政协。"]
    assert codes(actions.add_area, committee=cast.city, name="望川街道责任区", by=cast.clerk) == [
        "该界别责任区已登记。"
    ]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("第一网格 王小明 139 0000 0001", ("第一网格", "王小明", "13900000001")),
        ("第一网格,王小明,0571-88000000", ("第一网格", "王小明", "0571-88000000")),
        ("书院社区第二网格\t李红\t13900000002", ("书院社区第二网格", "李红", "13900000002")),
        ("第三网格", ("第三网格", "", "")),
        ("第三网格 李红", ("第三网格", "李红", "")),
    ],
)
def test_a_pasted_line_falls_into_its_parts(line, parts):
    form = GridsForm({"lines": line})
    assert form.is_valid() and form.cleaned_data["lines"] == [parts]


def test_a_pasted_list_is_taken_as_a_whole_and_twice_without_harm(cast, area):
    rows = [("一", "王小明", "13900000001"), ("二", "李红", "")]
    actions.add_grids(area, rows, by=cast.clerk)
    actions.add_grids(area, [("二", "赵敏", "13900000002"), ("三", "", "")], by=cast.clerk)
    kept = {grid.name: (grid.worker, grid.worker_phone) for grid in area.grids.all()}
    assert kept == {
        "一": ("王小明", "13900000001"),
        "二": ("赵敏", "13900000002"),
        "三": ("", ""),
    }
    wrong = [("四", "周正", "不知道"), ("五", "", ""), ("五", "", ""), ("", "", "")]
    told = codes(actions.add_grids, area, wrong, by=cast.clerk)
    assert [sentence[:5] for sentence in told] == ["第 1 行", "第 3 行", "第 4 行"]
    assert area.grids.count() == 3


def test_the_office_pastes_a_list_and_reads_what_is_wrong_beside_it(cast, client_of, area):
    client = client_of("clerk")
    path = f"{AREAS}{area.pk}/grids/"
    page = client.post(path, {"lines": "第一网格 王小明 13900000001\n第一网格 李红"})
    assert page.status_code == 422
    assert "第 2 行" in text_of(page) and "王小明 13900000001" in text_of(page)
    done = client.post(path, {"lines": "第一网格 王小明 13900000001"})
    assert done.url == f"{AREAS}{area.pk}/"
    shown = text_of(client.get(done.url))
    assert "王**" in shown and "139****0001" in shown and "13900000001" not in shown


def test_members_are_assigned_by_name_or_initials(cast, client_of, area):
    one = make.member(sector=cast.education, name="欧阳若兰")
    two = make.member(sector=cast.business, name="单志强")
    client, today = client_of("clerk"), timezone.localdate().isoformat()
    path = f"{AREAS}{area.pk}/assign/"
    refused = client.post(path, {"names": "查无此人", "on": today})
    assert refused.status_code == 422 and "没有找到委员“查无此人”" in text_of(refused)
    assert 'value="查无此人"' in text_of(refused)
    client.post(path, {"names": "欧阳若兰、szq", "on": today})
    assert {row.member for row in AreaMember.objects.all()} == {one, two}
    page = text_of(client_of("member2").get(f"{AREAS}{area.pk}/"))
    assert "欧阳若兰" in page and "登记责任委员" not in page
    row = AreaMember.objects.get(member=one)
    client.post(f"{AREAS}members/{row.pk}/release/")
    assert {row.member for row in AreaMember.objects.today()} == {two}


def test_an_area_shows_only_what_its_reader_may_see(cast, client_of, area):
    mine = make.contact(member=cast.member_of("member"), name="金丝雀甲", area=area)
    make.contact(member=cast.member_of("member2"), name="银丝雀乙", area=area)
    make.visit(member=cast.member_of("member"), contacts=[mine], place="某处走访")
    page = text_of(client_of("member").get(f"{AREAS}{area.pk}/"))
    assert "金丝雀甲" in page and "某处走访" in page
    assert "银" not in page
    other = text_of(client_of("convenor2").get(f"{AREAS}{area.pk}/"))
    assert "金" not in other and "某处走访" not in other and "银***" in other


def test_members_find_their_area_on_their_own_page_and_on_the_roster(cast, client_of, area):
    actions.assign_area(area, cast.member_of("member"), by=cast.clerk)
    link = f'href="{AREAS}{area.pk}/"'
    assert link in text_of(client_of("member").get("/city/me/"))
    assert link not in text_of(client_of("member2").get("/city/me/"))
    detail = f"/city/members/{cast.member_of('member').pk}/"
    assert link in text_of(client_of("convenor2").get(detail))
    assert [row.is_mine for row in client_of("member").get(AREAS).context["page"].rows] == [True]
    empty = client_of("member").get(f"{AREAS}?state=vacant").context["page"].rows
    assert empty == []


def test_a_grid_workers_number_is_for_who_answers_and_for_ten_minutes(cast, client_of, area):
    grid = make.grid(area=area, worker="王小明", worker_phone="13912345678")
    make.grid(area=area)
    actions.assign_area(area, cast.member_of("member"), by=cast.clerk)
    path = f"{AREAS}grids/{grid.pk}/reveal/"
    assert client_of("member2").post(path, {"reason": "好奇"}).status_code == 403
    assert client_of("handler").get(path).status_code == 404
    client = client_of("member")
    assert client.post(path, {"reason": "约定入户"}).status_code == 302
    assert "13912345678" not in text_of(prove(client).get(path))
    assert "13912345678" in text_of(client.post(path, {"reason": "约定入户"}))
    assert "13912345678" in text_of(client.get(f"{AREAS}{area.pk}/"))
    assert "13912345678" not in text_of(client_of("clerk").get(f"{AREAS}{area.pk}/"))
    Reveal.objects.update(until=timezone.now())
    assert "13912345678" not in text_of(client.get(path))
    entry = AuditEntry.objects.get(action="grid.reveal")
    assert (entry.by_user, entry.detail) == (cast.member, {"reason": "约定入户"})


def test_a_grid_is_corrected_left_vacant_and_removed(cast, client_of, area):
    grid = make.grid(area=area, name="一", worker="王小明", worker_phone="13912345678")
    client = client_of("clerk")
    path = f"{AREAS}grids/{grid.pk}/edit/"
    client.post(path, {"name": "第一网格"})
    grid.refresh_from_db()
    assert (grid.name, grid.worker, grid.worker_phone) == ("第一网格", "王小明", "13912345678")
    assert client.post(path, {"name": "第一网格", "worker_phone": "无"}).status_code == 422
    client.post(path, {"name": "第一网格", "is_vacant": "on"})
    grid.refresh_from_db()
    assert (grid.worker, grid.worker_phone) == ("", "")
    client.post(f"{AREAS}grids/{grid.pk}/remove/")
    assert Grid.objects.count() == 0


def test_an_area_is_renamed_and_retired(cast, client_of, area):
    client = client_of("clerk")
    path = f"{AREAS}{area.pk}/edit/"
    assert client.post(path, {"name": "", "position": "1"}).status_code == 422
    assert client.post(path, {"name": "新名", "position": "3"}).status_code == 302
    area.refresh_from_db()
    assert (area.name, area.position, area.is_active) == ("新名", 3, False)
    assert "新名" not in text_of(client.get(AREAS))
    assert "新名" in text_of(client.get(f"{AREAS}?state=retired"))
    twice = client.post(f"{AREAS}add/", {"name": "新名"})
    assert twice.status_code == 422 and "已登记" in text_of(twice)


@pytest.mark.parametrize("count", [3, 30])
def test_area_pages_cost_the_same_with_many_rows(cast, client_of, area, count):
    for _ in range(count):
        make.grid(area=area)
        member = make.member(sector=cast.education)
        make.area_member(area=area, member=member)
        make.area_member(area=make.area(committee=cast.city))
        contact = make.contact(member=member, area=area)
        make.visit(member=member, contacts=[contact])
    client = client_of("clerk")
    client.get(AREAS)
    for path, expected in {AREAS: 6, f"{AREAS}{area.pk}/": 10}.items():
        with costs(expected):
            assert client.get(path).status_code == 200


def test_a_released_member_is_not_released_later_again(cast):
    row = make.area_member(area=make.area(committee=cast.city))
    actions.release_from_area(row, by=cast.clerk, on=row.span.lower)
    assert actions.release_from_area(row, by=cast.clerk).span.isempty
    row = make.area_member(area=row.area)
    ended = actions.release_from_area(row, by=cast.clerk, on=datetime.date(2026, 1, 1))
    assert actions.release_from_area(row, by=cast.clerk).span == ended.span
