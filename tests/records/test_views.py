"""The summary's pages: who sees them, what each number opens, what they cost."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Enrolment
from committees.actors import CLOCK
from committees.models import AuditEntry, Draft, Role
from opinions.models import Status
from records.actions import approve, draft_summary
from records.models import MonthlySummary
from records.months import Month
from records.summaries import FIGURES
from tests import make
from tests.budgets import costs
from tests.make import handling

OCTOBER = datetime.date(2026, 10, 1)
NOON = datetime.datetime(2026, 10, 8, 4, tzinfo=datetime.UTC)


@pytest.fixture
def committee(db):
    return make.committee()


@pytest.fixture
def clerk(committee):
    return make.officer(Role.CLERK, committee)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(committee, name="summaries", *args, query=""):
    return reverse(f"records:{name}", args=[committee.slug, *args]) + query


def fill(committee, number=1):
    """Something behind every figure of October, `number` times."""
    clerk = make.officer(Role.CLERK, committee)
    room = make.workroom(committee=committee)
    for _ in range(number):
        sector = make.sector(committee=committee)
        member = make.member(sector=sector)
        contact, occasion = make.contact(member=member), make.occasion(committee=committee)
        make.visit(member=member, contacts=[contact], occasion=occasion, happened_on=OCTOBER)
        held = {"committee": committee, "sector": sector, "workroom": room, "created_by": clerk}
        activity = make.activity(**held, starts_at=NOON, people_served=1)
        make.activity(**held, starts_at=NOON + datetime.timedelta(days=31))
        Enrolment.objects.create(
            committee=committee,
            activity=activity,
            member=member,
            attendance="present",
            entered_by=clerk,
        )
        make.duty_shift(member=member, workroom=room, day=OCTOBER, state="done")
        make.reception(
            workroom=room, received_on=OCTOBER, disposal="on_the_spot", resulted_on=OCTOBER
        )
        issue = make.issue(committee=committee, issued_on=OCTOBER)
        row = make.opinion(author=member, status=Status.CLOSED, received_on=OCTOBER, issue=issue)
        make.adoption(opinion=row, adopted_on=OCTOBER)
        make.step(opinion=row, move="recommend", at=NOON)
        make.step(opinion=row, move="close", at=NOON)
        asked = handling.referral(opinion=row, referred_on=OCTOBER)
        said = handling.reply(referral=asked, answered_at=NOON)
        handling.promise(reply=said, planned_on=OCTOBER, settled_on=OCTOBER)
        handling.promise(reply=said, planned_on=datetime.date(2026, 11, 30))
        handling.referral(opinion=row, referred_on=datetime.date(2026, 9, 1), due_on=OCTOBER)


def text_of(response):
    return response.content.decode()


# The list ---------------------------------------------------------------------------------------


def test_list_for_office_and_leader(committee, clerk):
    draft = draft_summary(committee, OCTOBER, by=clerk)
    done = approve(draft_summary(committee, datetime.date(2026, 9, 1), by=clerk), by=clerk)
    draft_summary(make.committee(), OCTOBER, by=CLOCK)
    response = signed_in(clerk).get(url(committee))
    assert response.context["page"].rows == [draft, done]
    assert response.context["form"] is not None
    leader = signed_in(make.officer(Role.LEADER, committee)).get(url(committee))
    assert leader.context["page"].rows == [done]
    assert leader.context["form"] is None
    member = signed_in(make.member(committee=committee).user).get(url(committee))
    assert member.context["page"].rows == []
    assert "还没有工作月报" in text_of(member)


@pytest.mark.parametrize("number", [3, 30])
def test_list_budget(committee, clerk, number):
    months = [datetime.date(2020 + n // 12, 1 + n % 12, 1) for n in range(number)]
    for month in months:
        make.summary(committee=committee, month=month, approved_by=clerk)
    client = signed_in(clerk)
    client.get(url(committee))
    with costs(6):
        client.get(url(committee))


def test_drafting_from_the_list(committee, clerk):
    client = signed_in(clerk)
    done = client.post(url(committee, "draft"), {"month": "2026-10"}, follow=True)
    assert done.redirect_chain == [(url(committee, "summary", "2026-10"), 302)]
    assert MonthlySummary.objects.get().month == OCTOBER
    wrong = client.post(url(committee, "draft"), {"month": "2026-13"}, follow=True)
    assert wrong.redirect_chain == [(url(committee), 302)]
    assert "请选择期间。" in text_of(wrong)
    approve(MonthlySummary.objects.get(), by=clerk)
    frozen = client.post(url(committee, "draft"), {"month": "2026-10"}, follow=True)
    assert "已审定，不能再改" in text_of(frozen)
    assert client.get(url(committee, "draft")).status_code == 405


def test_periods_are_chosen_by_their_words(committee, clerk):
    form = signed_in(clerk).get(url(committee)).context["form"]
    shown = [(str(name), len(rows), rows[0]) for name, rows in form.fields["month"].widget.choices]
    today = timezone.localdate()
    quarter = (today.month - 1) // 3
    words = "一二三四"[quarter]
    assert shown == [
        ("月报", 24, (f"{today:%Y-%m}", f"{today.year}年{today.month}月")),
        ("季报", 8, (f"{today.year}-Q{quarter + 1}", f"{today.year}年第{words}季度")),
        ("年报", 3, (f"{today.year}", f"{today.year}年度")),
    ]


def test_who_may_not_draft_is_refused_and_remembered(committee):
    person = make.member(committee=committee).user
    response = signed_in(person).post(url(committee, "draft"), {"month": "2026-10"})
    assert response.status_code == 403
    assert AuditEntry.objects.filter(is_refused=True, by_user=person).count() == 1


# The paper --------------------------------------------------------------------------------------


def test_paper_shows_every_heading_figure_and_sector(committee, clerk):
    fill(committee)
    make.sector(committee=committee, name="无事界")
    draft_summary(committee, OCTOBER, by=clerk)
    response = signed_in(clerk).get(url(committee, "summary", "2026-10"))
    text = text_of(response)
    for heading in ("一、总体情况", "二、界别联系", "三、委员工作室", "四、社情民意",
                    "五、群众诉求办理", "六、典型案例", "七、存在问题与下步打算"):  # fmt: skip
        assert heading in text
    for key in FIGURES:
        assert url(committee, "rows", "2026-10", key) in text
    assert {row.figure.key: row.now for row in response.context["table"]} == dict.fromkeys(
        FIGURES, 1
    ) | {"people": 3, "adopted": 2}
    assert [row.name for row in response.context["tables"][0].lines if row.is_silent] == ["无事界"]
    assert "本月无" in text
    assert response.context["late"] == []


def test_every_link_on_the_paper_opens(committee, clerk):
    fill(committee, 2)
    draft_summary(committee, OCTOBER, by=clerk)
    client = signed_in(clerk)
    for key in FIGURES:
        response = client.get(url(committee, "rows", "2026-10", key))
        told = MonthlySummary.objects.get().figures[key]
        assert response.status_code == 200
        assert (response.context["total"], response.context["hidden"]) == (told, 0), key
        assert response.context["told"] == told
        assert len(response.context["lines"]) == (2 if key in ("people", "served") else told), key


def test_missing_month(committee, clerk):
    address = url(committee, "summary", "2030-02")
    assert "还没有生成" in text_of(signed_in(clerk).get(address))
    assert signed_in(make.officer(Role.LEADER, committee)).get(address).status_code == 404
    assert signed_in(clerk).get(f"/{committee.slug}/summaries/2026-13/").status_code == 404


def test_leader_reads_approved_ones_only(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    leader = signed_in(make.officer(Role.LEADER, committee))
    address = url(committee, "summary", "2026-10")
    assert leader.get(address).status_code == 404
    assert leader.get(url(committee, "rows", "2026-10", "visits")).status_code == 404
    approve(row, by=clerk)
    response = leader.get(address)
    assert response.status_code == 200
    assert not response.context["can_draft"] and not response.context["can_approve"]


def test_new_records_show_beside_a_draft_and_as_addendum_after_approval(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    member = make.member(sector=make.sector(committee=committee))
    make.visit(member=member, happened_on=OCTOBER, people_count=3)
    client, address = signed_in(clerk), url(committee, "summary", "2026-10")
    draft = client.get(address)
    late = [(figure.key, then, now) for figure, then, now in draft.context["late"]]
    assert late == [("visits", 0, 1), ("people", 0, 3), ("sectors", 0, 1)]
    assert "重新汇总" in text_of(draft) and "补记　" not in text_of(draft)
    approve(row, by=clerk)
    frozen = text_of(client.get(address))
    assert "补记　" in frozen and "重新汇总" not in frozen
    rows = client.get(url(committee, "rows", "2026-10", "visits"))
    assert (rows.context["told"], rows.context["total"]) == (0, 1)
    assert "审定时为 0" in text_of(rows)


def test_approval_by_the_page(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    client, address = signed_in(clerk), url(committee, "summary", "2026-10")
    shown = client.get(address).context["approve_url"]
    make.visit(member=make.member(committee=committee), happened_on=OCTOBER)
    draft_summary(committee, OCTOBER, by=CLOCK)
    assert "刚刚有更新" in text_of(client.post(shown, follow=True))
    done = client.post(client.get(address).context["approve_url"], follow=True)
    text = text_of(done)
    assert "第1期" in text and "已审定" in text and "复制到微信" in text
    row.refresh_from_db()
    assert row.digest in text
    assert "已审定，不能再改" in text_of(client.post(shown, follow=True))
    member = make.member(committee=committee).user
    assert signed_in(member).post(shown).status_code == 404


def test_editor_may_not_approve(committee, clerk):
    draft_summary(committee, OCTOBER, by=clerk)
    editor = signed_in(make.officer(Role.EDITOR, committee))
    assert not editor.get(url(committee, "summary", "2026-10")).context["can_approve"]
    assert editor.post(url(committee, "approve", "2026-10")).status_code == 403


def test_a_month_still_running_says_so(committee, clerk):
    month = Month.parse("2199-12")
    draft_summary(committee, month.starts_on, by=clerk)
    text = text_of(signed_in(clerk).get(url(committee, "summary", month)))
    assert "本期尚未结束" in text and "审定后取得期号" not in text


def test_a_touched_paper_is_told(committee, clerk):
    row = approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    address = url(committee, "summary", "2026-10")
    assert "校验码不符" not in text_of(signed_in(clerk).get(address))
    MonthlySummary.objects.filter(pk=row.pk).update(figures=row.figures | {"visits": 99})
    assert "校验码不符" in text_of(signed_in(clerk).get(address))


def test_wechat_text_is_short_and_says_nothing_internal(committee, clerk):
    fill(committee)
    approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    context = signed_in(clerk).get(url(committee, "summary", "2026-10")).context
    wechat = context["wechat"]
    assert len(wechat) <= 300 and wechat.endswith(url(committee, "summary", "2026-10"))
    assert "联系群众3人次" in wechat
    assert [word for word in ("签发", "采用", "社情民意", "初核") if word in wechat] == []


@pytest.mark.parametrize("number", [3, 30])
def test_paper_budgets(committee, clerk, number):
    fill(committee, number)
    row = draft_summary(committee, OCTOBER, by=clerk)
    client = signed_in(clerk)
    address = url(committee, "summary", "2026-10")
    client.get(address)
    with costs(7):
        client.get(address)
    with costs(7):
        client.get(url(committee, "words", "2026-10"))
    for key in FIGURES:
        with costs(8):
            client.get(url(committee, "rows", "2026-10", key))
    sector = committee.sectors.first()
    with costs(9):
        client.get(url(committee, "rows", "2026-10", "visits", query=f"?sector={sector.pk}"))
    with costs(10):
        client.post(url(committee, "words", "2026-10"), {"cases": "例", "version": row.version})
    with costs(12):
        client.post(url(committee, "draft"), {"month": "2026-10"})
    with costs(11):
        client.post(url(committee, "approve", "2026-10"))
    with costs(7):
        client.get(address)


# Words ------------------------------------------------------------------------------------------


def test_writing_words(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    client, address = signed_in(clerk), url(committee, "words", "2026-10")
    form = client.get(address).context["form"]
    assert form["overall"].value() == "本月无。"
    assert form.fields["cases"].label == "六、典型案例"
    data = {"version": row.version, "overall": "本月无。", "cases": "某事一例。"}
    done = client.post(address, data, follow=True)
    assert done.redirect_chain == [(url(committee, "summary", "2026-10"), 302)]
    assert "某事一例。" in text_of(done) and f"draft-done:records.words:{row.pk}" in text_of(done)
    assert MonthlySummary.objects.get().words == {"cases": "某事一例。"}
    assert '按数据生成：<span lang="zh-Hans">本月无。</span>' in text_of(client.get(address))


def test_words_are_kept_when_somebody_was_first(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    client, address = signed_in(clerk), url(committee, "words", "2026-10")
    client.post(address, {"version": row.version, "cases": "甲的文字"})
    late = client.post(address, {"version": row.version, "cases": "乙的文字"})
    assert late.status_code == 200 and "刚刚有更新" in text_of(late)
    assert late.context["form"]["cases"].value() == "乙的文字"
    assert MonthlySummary.objects.get().words == {"cases": "甲的文字"}
    again = {"version": late.context["form"]["version"].value(), "cases": "乙的文字"}
    assert client.post(address, again).status_code == 302
    assert MonthlySummary.objects.get().words == {"cases": "乙的文字"}


@pytest.mark.parametrize("text", ["【机密】某事", "长" * 3001])
def test_words_are_kept_on_error(committee, clerk, text):
    row = draft_summary(committee, OCTOBER, by=clerk)
    address = url(committee, "words", "2026-10")
    response = signed_in(clerk).post(address, {"version": row.version, "cases": text})
    assert response.context["form"].errors
    assert response.context["form"]["cases"].value() == text
    assert MonthlySummary.objects.get().words == {}


def test_typed_words_come_back_and_go_once_saved(committee, clerk):
    row = draft_summary(committee, OCTOBER, by=clerk)
    key = f"records.words:{row.pk}"
    Draft.objects.create(user=clerk, committee=committee, form=key, content={"cases": "打到一半"})
    client, address = signed_in(clerk), url(committee, "words", "2026-10")
    response = client.get(address)
    assert response.context["form"]["cases"].value() == "打到一半"
    assert "已恢复您" in text_of(response)
    client.post(address, {"version": row.version, "cases": "打完了"})
    assert not Draft.objects.exists()


def test_words_of_an_approved_summary(committee, clerk):
    approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    done = signed_in(clerk).get(url(committee, "words", "2026-10"), follow=True)
    assert done.redirect_chain == [(url(committee, "summary", "2026-10"), 302)]
    assert "已审定，不能再改" in text_of(done)


def test_who_may_not_write_words(committee, clerk):
    draft_summary(committee, OCTOBER, by=clerk)
    for role, status in ((Role.CHECKER, 403), (Role.LEADER, 404)):
        client = signed_in(make.officer(role, committee))
        assert client.get(url(committee, "words", "2026-10")).status_code == status


# The rows ---------------------------------------------------------------------------------------


def test_rows_lead_to_their_own_pages(committee, clerk):
    fill(committee)
    draft_summary(committee, OCTOBER, by=clerk)
    client = signed_in(clerk)
    leads = {}
    for key in FIGURES:
        [line] = client.get(url(committee, "rows", "2026-10", key)).context["lines"][:1]
        leads[key] = line.url
    visit, activity = committee.visits.get(), committee.activities.earliest("pk")
    asked, overdue = committee.referrals.order_by("pk")
    entry = committee.receptions.get()
    opinion, sector = committee.opinions.get(), committee.sectors.get()
    occasion = committee.occasions.get()
    page = f"/{committee.slug}"
    expected = {
        "visits": f"{page}/contacts/visits/{visit.pk}/",
        "people": f"{page}/contacts/visits/{visit.pk}/",
        "activities": f"{page}/activities/{activity.pk}/",
        "rooms": f"{page}/activities/{activity.pk}/",
        "sectors": f"{page}/sectors/{sector.pk}/",
        "contacts": f"{page}/contacts/{committee.contacts.get().pk}/",
        "occasions": f"{page}/summaries/2026-10/visits/?occasion={occasion.pk}",
        **dict.fromkeys(
            ("receptions", "answered", "resolved"), f"{page}/workrooms/receptions/{entry.pk}/"
        ),
        "coming": f"{page}/activities/{activity.pk + 1}/",
        "duties": f"{page}/workrooms/{activity.workroom_id}/",
        **dict.fromkeys(("attendance", "served"), f"{page}/activities/{activity.pk}/"),
        **dict.fromkeys(
            ("referred", "replied", "solved", "planned", "kept", "to_keep"),
            f"{page}/referrals/{asked.pk}/",
        ),
        "overdue": f"{page}/referrals/{overdue.pk}/",
        **dict.fromkeys(
            ("received", "reviewed", "issued", "closed", "adopted", "above"),
            f"{page}/opinions/{opinion.pk}/",
        ),
    }
    assert leads == expected
    for key in ("visits", "contacts", "occasions", "sectors", "received", "receptions"):
        assert client.get(leads[key]).status_code == 200, leads[key]


def test_a_report_on_a_person_is_counted_and_not_shown(committee, clerk):
    room = make.workroom(committee=committee)
    make.reception(workroom=room, received_on=OCTOBER, said="路灯")
    make.reception(workroom=room, received_on=OCTOBER, said="反映某人", nature="person")
    draft_summary(committee, OCTOBER, by=clerk)
    response = signed_in(clerk).get(url(committee, "rows", "2026-10", "receptions"))
    assert (response.context["total"], response.context["hidden"]) == (2, 1)
    assert "路灯" in text_of(response) and "反映某人" not in text_of(response)


def test_rows_walk_in_pages(committee, clerk):
    member = make.member(sector=make.sector(committee=committee))
    for day in range(1, 26):
        make.visit(member=member, happened_on=OCTOBER.replace(day=day))
        make.visit(member=member, happened_on=OCTOBER.replace(day=day))
    draft_summary(committee, OCTOBER, by=clerk)
    client, seen, query = signed_in(clerk), [], ""
    while True:
        page = client.get(url(committee, "rows", "2026-10", "visits", query=query)).context["page"]
        seen += [row.pk for row in page.rows]
        if not page.next_cursor:
            break
        query = f"?after={page.next_cursor}"
    ordered = committee.visits.order_by("-happened_on", "-pk")
    assert seen == list(ordered.values_list("pk", flat=True))


def test_rows_of_one_sector_and_one_occasion(committee, clerk):
    fill(committee, 2)
    draft_summary(committee, OCTOBER, by=clerk)
    client = signed_in(clerk)
    sector, occasion = committee.sectors.last(), committee.occasions.first()
    for key in ("visits", "people", "activities", "received", "issued"):
        address = url(committee, "rows", "2026-10", key, query=f"?sector={sector.pk}")
        response = client.get(address)
        assert len(response.context["page"].rows) == 1, key
        assert response.context["told"] is None
        assert str(sector) in text_of(response)
    met = client.get(url(committee, "rows", "2026-10", "visits", query=f"?occasion={occasion.pk}"))
    assert [row.occasion for row in met.context["page"].rows] == [occasion]
    for query in ("?sector=0", f"?sector={make.sector().pk}", f"?sector={'9' * 30}"):
        address = url(committee, "rows", "2026-10", "visits", query=query)
        assert client.get(address).status_code == 404
    for query in ("?sector=x", "?occasion=-1"):
        address = url(committee, "rows", "2026-10", "visits", query=query)
        assert len(client.get(address).context["page"].rows) == 2


def test_unknown_figure(committee, clerk):
    draft_summary(committee, OCTOBER, by=clerk)
    client = signed_in(clerk)
    assert client.get(url(committee, "rows", "2026-10", "nothing")).status_code == 404
    assert client.get(url(committee, "rows", "2026-09", "visits")).status_code == 404


def test_what_a_reader_may_not_see_is_counted_and_explained(committee, clerk):
    sector = make.sector(committee=committee)
    authors = [make.member(sector=sector) for _ in range(2)]
    make.opinion(authors=authors, title="在编的", status=Status.EDITING, received_on=OCTOBER)
    issue = make.issue(committee=committee, issued_on=OCTOBER)
    out = make.opinion(authors=authors, status=Status.ISSUED, issue=issue, received_on=OCTOBER)
    make.visit(member=authors[0], contacts=[make.contact(member=authors[0])], happened_on=OCTOBER)
    approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    leader = signed_in(make.officer(Role.LEADER, committee))

    def rows(key):
        return leader.get(url(committee, "rows", "2026-10", key))

    received = rows("received")
    assert received.context["page"].rows == [out]
    assert (received.context["total"], received.context["hidden"]) == (2, 1)
    assert "其余 1 条" in text_of(received) and "在编的" not in text_of(received)
    assert (rows("adopted").context["total"], rows("adopted").context["hidden"]) == (1, 0)
    contacts = rows("contacts")
    assert (contacts.context["total"], contacts.context["hidden"]) == (1, 1)
    assert "没有您可以查看的记录" in text_of(contacts)


def test_names_of_contacts_stay_masked(committee, clerk):
    member = make.member(sector=make.sector(committee=committee))
    contact = make.contact(member=member, name="欧阳建国")
    make.visit(member=member, contacts=[contact], happened_on=OCTOBER)
    draft_summary(committee, OCTOBER, by=clerk)
    text = text_of(signed_in(clerk).get(url(committee, "rows", "2026-10", "contacts")))
    assert "欧***" in text and "欧阳建国" not in text


@pytest.mark.parametrize("paper", ["word", "xlsx"])
def test_a_paper_that_was_changed_after_approval_is_not_handed_out(committee, clerk, paper):
    row = approve(draft_summary(committee, OCTOBER, by=clerk), by=clerk)
    client = signed_in(clerk)
    assert client.get(url(committee, paper, "2026-10")).status_code == 200
    MonthlySummary.objects.filter(pk=row.pk).update(figures=row.figures | {"visits": 99})
    answer = client.get(url(committee, paper, "2026-10"), follow=True)
    assert answer.redirect_chain == [(url(committee, "summary", "2026-10"), 302)]
    assert "已停止下载" in text_of(answer)
    assert answer.context["is_broken"]
