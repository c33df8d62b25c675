"""The pages from the plan to the attendance, as people use them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities import actions
from activities.codes import own_code, sheet_code
from activities.models import Activity, Enrolling, Enrolment, Series, State
from notices.models import Notice
from tests import make
from tests.budgets import costs

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST, NEW, SERIES = "/city/activities/", "/city/activities/new/", "/city/activities/series/new/"


def page(row, rest=""):
    return f"/city/activities/{row.pk}/{rest}"


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def local(days, hour=14):
    day = timezone.localdate() + days * DAY
    return f"{day:%Y-%m-%d}T{hour:02}:00"


def fields(**over):
    values = {"title": "联合调研", "kind": "research", "place": "河滨社区", "enrolment": "open"}
    values |= {"starts_at": local(9), "ends_at": local(9, 16), "enrol_until": local(8)}
    return values | {"capacity": "20", "bodies": "市图书馆、市科协"} | over


@pytest.fixture
def open_one(cast):
    return make.activity(committee=cast.city, title="读书会", enrolment=Enrolling.OPEN)


def test_planned_published_and_copied(cast, client_of):
    client = client_of("convenor")
    organiser, other = f"sector-{cast.education.pk}", f"sector-{cast.business.pk}"
    answer = client.post(NEW, fields(organisers=[organiser], co_hosts=[other]))
    row = Activity.objects.get()
    assert answer.url == page(row)
    assert (row.sector, row.capacity, row.is_published) == (cast.education, 20, False)
    assert [str(host) for host in row.co_hosts.all()] == ["工商联", "市图书馆", "市科协"]
    assert client_of("member").get(page(row)).status_code == 404
    assert ">草稿<" in text(client, LIST + "?of=drafts")
    assert client.post(page(row, "publish/"), {"tells": "1"}).url == page(row)
    shown = text(client_of("member"), page(row))
    assert "跨界别活动：本级政协计一次，主办和协办的界别各计一次。" in shown
    assert "名额 20 人" in shown and "edit/" not in shown
    copied = client.get(f"{NEW}?from={row.pk}").context["form"].initial
    assert (copied["title"], copied["organisers"]) == ("联合调研", [organiser])
    assert "starts_at" not in copied


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\0"}, "title"),
        ({"ends_at": local(8)}, "ends_at"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
        ({"starts_at": "明天"}, "starts_at"),
        ({"enrol_until": local(12)}, "enrol_until"),
        ({"capacity": "9" * 30}, "capacity"),
        ({"enrolment": "x"}, "enrolment"),
        ({"organisers": ["sector-0"]}, "organisers"),
        ({"bodies": "长" * 81}, "bodies"),
        ({"theme": "x"}, "theme"),
        ({"title": "机密会议"}, "__all__"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(cast, client_of, over, field):
    make.theme(committee=cast.city)
    answer = client_of("clerk").post(NEW, fields(**over))
    assert (answer.status_code, Activity.objects.count()) == (422, 0)
    assert field in answer.context["form"].errors
    assert "河滨社区" in answer.content.decode()


def test_two_organisers_of_a_kind_and_none_of_ones_own(cast, client_of):
    keys = [f"sector-{row.pk}" for row in (cast.education, cast.business)]
    answer = client_of("clerk").post(NEW, fields(organisers=keys))
    assert "只选一个" in str(answer.context["form"].errors["organisers"])
    answer = client_of("convenor").post(NEW, fields())
    assert set(answer.context["form"].errors) == {"organisers"}
    answer = client_of("convenor").post(NEW, fields(organisers=keys[1:]))
    assert set(answer.context["form"].errors) == {"organisers"}
    for asked in ("x", "9" * 30, str(make.activity().pk)):
        status = client_of("clerk").get(f"{NEW}?from={asked}").status_code
        assert status == (404 if asked.isdecimal() and len(asked) < 19 else 200)


def test_amended_and_the_second_editor_told(cast, client_of, open_one):
    client = client_of("clerk")
    form = client.get(page(open_one, "edit/")).context["form"]
    assert (form.initial["version"], form.initial["title"]) == (1, "读书会")
    first = fields(title="甲改", version="1")
    assert client.post(page(open_one, "edit/"), first).status_code == 302
    answer = client.post(page(open_one, "edit/"), first | {"title": "乙改"})
    assert answer.status_code == 422 and "刚被他人修改过" in answer.content.decode()
    assert 'value="2"' in str(answer.context["form"]["version"])
    again = first | {"title": "乙改", "version": "2"}
    assert client.post(page(open_one, "edit/"), again).status_code == 302
    assert Activity.objects.get().title == "乙改"


def test_a_series_is_shown_then_made_then_amended(cast, client_of):
    make.theme(committee=cast.city, name="五聚焦")
    client = client_of("keeper")
    typed = {"title": "月度读书", "kind": "study", "organisers": [f"workroom-{cast.room.pk}"]}
    typed |= {"first": "2027-01", "months": "3", "by": "day", "day": "2", "moves": "on"}
    typed |= {"begins": "14:00", "ends": "16:00", "enrolment": "open", "subjects": "学习\n五聚焦"}
    answer = client.post(SERIES, typed | {"step": "preview"})
    shown = [
        (str(day.day), day.is_moved, month.subject) for day, month in answer.context["preview"]
    ]
    assert shown == [
        ("2027-01-04", True, "学习"), ("2027-02-02", False, "五聚焦"), ("2027-03-02", False, ""),
    ]  # fmt: skip
    assert answer.context["unpublished"] == [2027] and Series.objects.count() == 0
    assert client.post(SERIES, typed | {"step": "make"}).url == LIST + "?of=drafts"
    rows = list(Activity.objects.order_by("starts_at"))
    assert [row.title for row in rows] == ["月度读书：学习", "月度读书：五聚焦", "月度读书"]
    assert [str(row.theme or "") for row in rows] == ["", "五聚焦", ""]
    form = client.get(page(rows[0], "edit/")).context["form"]
    sent = {key: form[key].value() for key in form.fields}
    sent |= {"starts_at": "2027-01-04T15:00", "ends_at": "2027-01-04T17:00", "place": "新址"}
    sent |= {"rest": "on", "capacity": "", "enrol_until": "", "theme": ""}
    assert client.post(page(rows[0], "edit/"), sent).status_code == 302
    rows = list(Activity.objects.order_by("starts_at"))
    assert {row.place for row in rows} == {"新址"}
    assert {timezone.localtime(row.starts_at).hour for row in rows} == {15}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"first": "2027-13"}, "first"),
        ({"first": "1000-01"}, "first"),
        ({"months": "99"}, "months"),
        ({"day": ""}, "day"),
        ({"by": "weekday"}, "nth"),
        ({"ends": "09:00"}, "ends"),
        ({"begins": "x"}, "begins"),
        ({"title": "机密读书"}, "__all__"),
    ],
)
def test_a_rule_that_does_not_fit_is_said(cast, client_of, over, field):
    typed = {"title": "月度读书", "kind": "study", "first": "2027-01", "months": "3", "by": "day"}
    typed |= {"day": "2", "begins": "14:00", "ends": "16:00", "enrolment": "open"}
    answer = client_of("clerk").post(SERIES, typed | over | {"step": "make"})
    assert field in answer.context["form"].errors
    assert (answer.status_code in (200, 422), Series.objects.count()) == (True, 0)


def test_one_tap_from_the_phone(cast, client_of, open_one):
    client, member = client_of("member"), cast.member_of("member")
    assert "报名" in text(client, page(open_one))

    def after(deed, **data):
        assert client.post(page(open_one, f"{deed}/"), data).url == page(open_one)
        return Enrolment.objects.get(member=member).state

    assert after("enrol") == State.ENROLLED
    assert ">已报名<" in text(client, LIST) and ">已报名<" in text(client, LIST + "?of=mine")
    assert after("ask-leave") == State.ENROLLED  # without a reason
    assert after("ask-leave", note="出差") == State.LEAVE_ASKED
    assert "撤回请假，参加" in text(client, page(open_one))
    assert "出差" not in text(client_of("member2"), page(open_one))
    assert after("enrol") == State.ENROLLED
    assert after("give-up") == State.GIVEN_UP
    assert client.post(page(open_one, "enrol/"), {"back": "home"}).url == "/city/"


def test_a_full_activity_offers_the_queue(cast, client_of, open_one):
    Activity.objects.update(capacity=1)
    make.enrolment(activity=open_one)
    client = client_of("member")
    assert "报名候补" in text(client, page(open_one))
    told = client.post(page(open_one, "enrol/"), follow=True).content.decode()
    assert "名额已满，已列入候补" in told and "候补 1 人" in told


def test_a_delegate_for_the_member(cast, client_of, open_one):
    client, member = client_of("delegate"), cast.member_of("member")
    assert f"代{member.name}委员填报" in text(client, page(open_one))
    client.post(page(open_one, "enrol/"), {"member": member.pk})
    row = Enrolment.objects.get()
    assert (row.member, row.entered_by) == (member, cast.delegate)
    assert f"由{cast.delegate.name}代为填报" in text(client_of("clerk"), page(open_one, "people/"))
    other = cast.member_of("member2").pk
    assert client.post(page(open_one, "enrol/"), {"member": other}).status_code == 403
    assert client.post(page(open_one, "enrol/"), {"member": "x"}).status_code == 404
    second = make.member(committee=cast.city)
    make.delegate(member=second, user=cast.delegate)
    assert client_of(cast.again("delegate")).post(page(open_one, "enrol/")).status_code == 403


def test_who_is_counted_before_a_plan_is_published_is_told(cast, client_of):
    row = make.activity(committee=cast.city, published_at=None, enrolment=Enrolling.INVITED)
    client, people = client_of("clerk"), page(row, "people/")
    groups = {"groups": [f"sector-{cast.business.pk}"], "tells": "on"}
    assert client.post(people, groups).url == people  # nobody is told of a plan yet
    cast.convenor2.is_active = False
    cast.convenor2.save()
    assert "同时告知受邀委员（1 人）" in text(client, page(row))
    client.post(page(row, "publish/"), {"tells": "1"})
    told = Notice.objects.filter(kind="activity_invited")
    assert [one.recipient for one in told] == [cast.member2]


def test_the_list_of_the_organiser(cast, client_of, open_one):
    client = client_of("clerk")
    people = page(open_one, "people/")
    assert "名单中还没有委员" in text(client, people)
    sent = {"groups": [f"sector-{cast.business.pk}"], "names": cast.member.name, "tells": "on"}
    shown = client.post(people, sent)
    assert (shown.status_code, shown.context["form"].counted) == (200, 3)
    assert "将告知 3 位新邀请的委员" in shown.content.decode() and not Enrolment.objects.exists()
    assert client.post(people, {**sent, "counted": "2"}).context["form"].counted == 3
    assert client.post(people, {**sent, "counted": "3"}).url == people
    assert Notice.objects.filter(kind="activity_invited").count() == 3
    invited = {"member", "member2", "convenor2"}
    assert set(Enrolment.objects.values_list("member__user", flat=True)) == {
        cast[name].pk for name in invited
    }
    for bad, words in (
        ({}, "请选择邀请范围"),
        ({"names": "查无此人"}, "没有找到委员"),
        ({"groups": ["sector-0"]}, "有效"),
    ):
        answer = client.post(people, bad)
        assert answer.status_code == 422 and words in answer.content.decode()
    row = Enrolment.objects.get(member__user=cast.member)
    actions.ask_leave(open_one, row.member, by=cast.member, reason="出差在外")
    assert "出差在外" in text(client, people) and "1 人请假待批" in text(client, page(open_one))
    client.post(f"{people}{row.pk}/leave/", {"deed": "grant", "note": "\0"})
    row.refresh_from_db()
    assert row.state == State.LEAVE_ASKED
    client.post(f"{people}{row.pk}/leave/", {"deed": "grant", "note": "同意"})
    row.refresh_from_db()
    assert (row.state, row.leave_answer) == (State.ON_LEAVE, "同意")
    assert "出差在外" in text(client, page(open_one, "leave-list/"))
    client.post(f"{people}{row.pk}/take-off/")
    assert Enrolment.objects.count() == 2
    assert client.post(f"{people}{make.enrolment().pk}/take-off/").status_code == 404
    book = client.get(f"{people}export/")
    assert book.status_code == 200 and "spreadsheetml" in book["Content-Type"]


def test_a_pasted_chain(cast, client_of, open_one):
    client, path = client_of("clerk"), page(open_one, "chain/")
    for name in ("王小伟", "李小娜"):
        make.member(sector=cast.education, name=name)
    typed = "#接龙\n例 姓名\n1. 王小伟 带2人\n2. 李 小 娜🌹\n3. 某某某\n4. 王小伟"
    answer = client.post(path, {"text": typed, "step": "preview"})
    shown = answer.content.decode()
    assert "没有找到这位委员" in shown and "列入 2 位委员" in shown and "2 人" in shown
    assert Enrolment.objects.count() == 0
    assert client.post(path, {"text": typed, "step": "enter"}).url == page(open_one, "people/")
    client.post(path, {"text": typed, "step": "enter"})
    names = Enrolment.objects.order_by("id").values_list("member__name", flat=True)
    assert list(names) == ["王小伟", "李小娜"]
    assert list(open_one.head_counts.values_list("kind", "count")) == [("随行人员", 2)]
    nothing = client.post(path, {"text": "1. 没有这人", "step": "enter"})
    assert nothing.status_code == 200 and Enrolment.objects.count() == 2
    assert client.post(path, {"text": "长" * 30_001}).status_code == 422


def test_attendance_on_one_screen(cast, client_of):
    row = make.activity(committee=cast.city, starts_at=timezone.now() - HOUR)
    first, second = (
        make.enrolment(activity=row, member=cast.member_of(n)) for n in ("member", "member2")
    )
    leave = make.enrolment(activity=row, leave_asked_at=timezone.now(), is_leave_granted=True)
    client, path = client_of("clerk"), page(row, "attendance/")
    rows = client.get(path).context["rows"]
    assert {one.pk: one.chosen for one in rows} == {
        first.pk: "present", second.pk: "present", leave.pk: "leave",
    }  # fmt: skip
    sent = {f"a-{first.pk}": "late", f"was-{first.pk}": "", f"a-{leave.pk}": "leave"}
    sent |= {f"a-{second.pk}": "x", "a-": "late", "a-9": "late", "sessions_held": "2"}
    sent |= {"people_served": "60", "kind_0": "界别群众", "count_0": "30"}
    bad = client.post(path, sent | {"count_1": "3"})
    assert bad.status_code == 422 and "请填写人员类别" in bad.content.decode()
    assert bad.context["rows"][0].chosen in ("late", "present", "leave")
    for over in ({"kind_1": "界别群众", "count_1": "2"}, {"names": "查无"}, {"people_served": "x"}):
        assert client.post(path, sent | over).status_code == 422
    assert client.post(path, sent | {"names": cast.convenor.name}).url == page(row)
    noted = dict(Enrolment.objects.values_list("member__user__name", "attendance"))
    assert noted[cast.member.name] == "late" and noted[cast.convenor.name] == "present"
    assert noted[cast.member2.name] == ""
    assert "界别群众 30" in text(client_of("member"), page(row))
    actions.sign_in(row, second.member, by=cast.clerk)
    told = client.post(
        path, sent | {f"a-{second.pk}": "absent", f"was-{second.pk}": ""}, follow=True
    )
    assert f"{cast.member2.name} 的出席情况刚由他人登记，未改动。" in told.content.decode()


def test_a_scanned_row_of_the_sheet(cast, client_of):
    row = make.activity(committee=cast.city, starts_at=timezone.now() - HOUR)
    member = cast.member_of("member")
    make.enrolment(activity=row, member=member)
    code = sheet_code(row, member.pk)
    client, path = client_of("clerk"), f"/city/activities/sign-in/{code}/"
    assert "js/sign_in.js" in text(client, path)
    assert Enrolment.objects.get().attendance == ""
    assert "已签到" in client.post(path).content.decode()
    again = client.post(path).content.decode()
    assert "此前已签到" in again and Enrolment.objects.get().attendance == "present"
    for who, status in (("convenor", 403), ("member", 403)):
        assert client_of(who).post(path).status_code == status
    assert client.get(f"/city/activities/sign-in/{code[:-2]}xx/").status_code == 404
    later = make.activity(committee=cast.city, starts_at=timezone.now() + 3 * DAY)
    ahead = f"/city/activities/sign-in/{sheet_code(later, member.pk)}/"
    assert "活动当天起" in client.post(ahead).content.decode()
    sheet = client.get(page(row, "sign-in-sheet/"))
    assert sheet.context["has_codes"] and sheet.content.decode().count('class="qr"') == 1
    assert 'class="qr"' not in text(client, page(row, "sign-in-sheet/?codes=0"))


def test_the_own_code_offers_what_one_organises_today(cast, client_of):
    member = cast.member_of("member")
    assert 'class="qr"' in text(client_of("member"), "/city/activities/my-code/")
    assert client_of("clerk").get("/city/activities/my-code/").status_code == 403
    path = f"/city/activities/sign-in/{own_code(member)}/"
    keeper = client_of("keeper")
    assert "今天没有由您组织的活动" in text(keeper, path)
    assert keeper.post(path).status_code == 404
    now = timezone.localtime()
    noon = now.replace(hour=12, minute=0)
    for title, over in (
        ("本室的", {"workroom": cast.room}),
        ("本室另一场", {"workroom": cast.room, "starts_at": noon + HOUR}),
        ("别人的", {"sector": cast.education}),
    ):
        times = {"starts_at": noon, "ends_at": noon + 3 * HOUR} | over
        make.activity(committee=cast.city, title=title, **times | {"ends_at": noon + 4 * HOUR})
    shown = text(keeper, path)
    assert "本室的" in shown and "本室另一场" in shown and "别人的" not in shown
    chosen = Activity.objects.get(title="本室另一场")
    assert "已签到" in keeper.post(path, {"activity": chosen.pk}).content.decode()
    assert Enrolment.objects.get().activity == chosen


def test_mine_and_filters(cast, client_of):
    member = cast.member_of("member")
    for title, dates in (
        ("受邀", {"invited_at": timezone.now()}),
        ("候补", {"waiting_since": timezone.now()}),
        ("放弃", {"given_up_at": timezone.now()}),
    ):
        row = make.activity(committee=cast.city, title=title, enrolment=Enrolling.OPEN)
        make.enrolment(activity=row, member=member, **dates)
    beside = make.activity(committee=cast.city, title="协办的", sector=cast.business)
    make.co_host(activity=beside, sector=cast.education)

    def listed(query, who="member"):
        return {row.title for row in client_of(who).get(LIST + query).context["ahead"].rows}

    assert listed("?of=mine") == {"受邀", "候补"}
    assert listed("?of=mine", "member2") == set()
    assert listed(f"?sector={cast.education.pk}") == {"协办的"}
    assert listed("?enrolment=open") == {"受邀", "候补", "放弃"}
    make.activity(committee=cast.city, title="草稿", published_at=None)
    assert listed("?of=drafts", "clerk") == {"草稿"}
    assert "草稿" not in listed("?of=drafts", "member") | listed("", "clerk")


def test_what_was_noted_is_the_members_own_record(cast, client_of):
    row = make.activity(committee=cast.city, starts_at=timezone.now() - DAY)
    make.enrolment(activity=row, member=cast.member_of("member"), attendance="late")
    assert ">迟到<" in text(client_of("member"), LIST + "?of=mine")
    assert ">迟到<" not in text(client_of("member2"), LIST)


def test_home_shows_what_awaits_an_answer_and_what_is_mine(cast, client_of):
    member = cast.member_of("member")
    asked = make.activity(committee=cast.city, title="请答复的", enrolment=Enrolling.INVITED)
    mine = make.activity(committee=cast.city, title="已报的", enrolment=Enrolling.OPEN)
    make.enrolment(activity=asked, member=member, invited_at=timezone.now())
    make.enrolment(activity=mine, member=member)
    context = client_of("member").get("/city/").context
    assert [row.title for row in context["todo"]] == ["请答复：请答复的"]
    rows = [(row.title, row.pill) for row in context["activities"]]
    assert rows[0] == ("已报的", "已报名") and [title for title, _pill in rows].count("已报的") == 1
    assert client_of("member2").get("/city/").context["todo"] == []


def test_the_api_enrols_gives_up_and_asks(cast, client_of, open_one):
    client = client_of("member")
    api = f"/api/v1/activities/{open_one.pk}/"

    def post(deed, **data):
        answer = client.post(api + deed, data, content_type="application/json")
        return answer.status_code, answer.json()

    status, row = post("enrol/")
    assert (status, row["enrolled_count"]) == (200, 1)
    assert row["own"] == [{"member": cast.member_of("member").pk, "state": "enrolled"}]
    assert post("ask-leave/")[0] == 400
    assert post("ask-leave/", reason="出差")[1]["own"][0]["state"] == "leave_asked"
    assert "出差" not in str(client.get(api).json())
    assert post("enrol/")[0] == 200
    assert post("give-up/")[1]["enrolled_count"] == 0
    assert post("enrol/", member=cast.member_of("member2").pk)[0] == 403
    Activity.objects.filter(pk=open_one.pk).update(enrol_until=timezone.now() - HOUR)
    assert post("enrol/") == (400, {"code": "closed", "detail": "报名已截止。"})
    draft = make.activity(committee=cast.city, published_at=None)
    assert client_of("clerk").get(f"/api/v1/activities/{draft.pk}/").status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, client_of, number):
    row = make.activity(committee=cast.city, enrolment=Enrolling.OPEN, capacity=number + 1)
    for _ in range(number):
        make.enrolment(activity=row)
        make.enrolment(activity=row, enrolled_at=None, waiting_since=timezone.now())
        make.co_host(activity=row)
        make.co_host(activity=row, sector=make.sector(committee=cast.city))
    clerk, member = client_of("clerk"), client_of("member")
    for client, path in ((member, page(row)), (clerk, NEW), (clerk, page(row, "people/"))):
        client.get(path)  # dictionaries come from the cache
    for client, path, number_of in (
        (clerk, NEW, 5),
        (clerk, SERIES, 5),
        (clerk, page(row), 8),
        (member, page(row), 9),
        (clerk, page(row, "edit/"), 8),
        (clerk, page(row, "people/"), 8),
        (clerk, page(row, "chain/"), 6),
        (clerk, page(row, "attendance/"), 8),
        (clerk, page(row, "sign-in-sheet/"), 7),
        (clerk, page(row, "leave-list/"), 7),
        (member, LIST + "?of=mine", 6),
    ):
        with costs(number_of):
            client.get(path)
    with costs(12):
        member.post(page(row, "enrol/"))
    with costs(14):
        member.post(page(row, "give-up/"))
