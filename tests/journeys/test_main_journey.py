"""The main journey: from a roster file to the monthly summary, page by page.

One story, told by the people in it, with forms as they stand on the pages. Nobody types a fact
twice, the author is told once, and every figure of the summary opens its rows.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from committees.actions import appoint, new_user
from committees.audit import first_break
from committees.models import Committee, User
from committees.workdays import calendar_of
from liaison_portal.celery import app
from members.models import Member
from notices.digests import DIGEST
from notices.models import Notice, WhenTold
from notices.tasks import send_digests
from opinions.models import Manuscript, Opinion, Status
from records.models import MonthlySummary
from records.summaries import FIGURES
from sectors.models import Convenorship
from tests.journeys.hand import Hand

ROSTER = Path(__file__).resolve().parent.parent / "data/roster/01_clean_utf8_bom.csv"
SAID = "新桥路口早高峰堵车，学生过街要等两个红灯，家长希望增设护学岗。"
TITLE = "关于优化新桥路口信号灯配时的建议"
SUGGESTED = "请补充涉及的时段。"
EDITED = f"据市政协委员反映，{SAID}"


@pytest.fixture
def city(transactional_db, capsys) -> Committee:
    """A committee as `add_committee` founds it, with an office; no member yet."""
    first = [f"--{role}={role}" for role in ("sysadmin", "secadmin", "auditor", "clerk")]
    command = ["add_committee", "city", "政协云川市委员会", "--level=city", "--short-name=市政协"]
    call_command(*command, "--term=6", "--from=2022-01-12", *first)
    committee = Committee.objects.get(slug="city")
    for role in ("editor", "checker", "signer"):
        person = new_user(f"机关{role}", sign_in_name=role)
        appoint(person, role, committee=committee, by=person_of("sysadmin"))
    return committee


def person_of(sign_in_name: str) -> User:
    return User.objects.get(sign_in_name=sign_in_name)


def hand_of(person: User | str) -> Hand:
    hand = Hand()
    hand.client.force_login(person_of(person) if isinstance(person, str) else person)
    return hand


def import_roster(clerk: Hand) -> None:
    clerk.open("/city/sectors/import/")
    name, content = ROSTER.name, ROSTER.read_bytes()
    preview = clerk.press("上传并预览", file=SimpleUploadedFile(name, content))
    assert "360" in preview.text
    clerk.press("确认导入")


def by_slip(clerk: Hand, person: User) -> Hand:
    """The clerk prints the slip; the code stands on that one page; its bearer is signed in."""
    clerk.open(f"/city/slips/?person={person.pk}")
    printed = clerk.press("打印登录凭条", person=[str(person.pk)])
    code = re.search(r'slip-code">([\d ]+)<', printed.answer.content.decode())
    assert code, printed.text
    bearer = Hand()
    bearer.open("/q/" + code[1].replace(" ", ""))
    bearer.press("确认登录")
    return bearer


def report_of(author: Member) -> Opinion:
    return Opinion.objects.by_member(author).get()


def log_visit_and_report(member: Hand, author: Member) -> Opinion:
    """One entry: what was said on the visit is the situation of the report."""
    member.open("/city/")
    form = member.follow("记走访")
    channel = re.search(r'name="channel" value="(\d+)"', form.answer.content.decode())
    write = member.press(
        "保存走访记录", channel=channel[1], said=SAID, place="新桥社区", then_opinion="on"
    )
    assert SAID in write.text and "visit=" in write.path
    member.press("提交", title=TITLE, suggestion="优化配时，增设护学岗。")
    member.press("报送")
    report = report_of(author)
    assert (report.status, report.visit.said) == (Status.WITH_CONVENOR, SAID)
    assert report.manuscripts.get().situation == SAID
    return report


def suggest_and_recommend(convenor: Hand, member: Hand, report: Opinion) -> None:
    """Once 建议修改, the author answers, then 推荐报送; a second suggestion is not offered."""
    own = f"/city/opinions/{report.pk}/"
    assert TITLE in convenor.open("/city/opinions/review/").text
    convenor.open(own)
    convenor.press("建议修改", note=SUGGESTED)
    assert TITLE not in convenor.open("/city/opinions/review/").text
    assert SUGGESTED in member.open(own).text
    member.follow("修改")
    member.press("提交", situation=f"{SAID}时段为七点一刻至八点。")
    member.press("报送")
    labels = [one["label"] for form in convenor.open(own).forms for one in form.buttons]
    assert "推荐报送" in labels and "建议修改" not in labels
    convenor.press("推荐报送")


def edit_check_and_sign(report: Opinion) -> None:
    """Two texts, two more pairs of eyes, one number."""
    own = f"/city/opinions/{report.pk}/"
    editor, checker, signer = hand_of("editor"), hand_of("checker"), hand_of("signer")
    assert TITLE in editor.open("/city/opinions/review/").text
    editor.open(own)
    editor.press("编辑")
    editor.press("保存编辑稿", situation=EDITED)
    editor.open(own)
    editor.press("送核稿")
    checker.open(own)
    checker.press("核稿通过")
    signer.open(own)
    signer.press("签发")


def run_sent(sent_tasks: list[tuple[str, tuple, dict]]) -> int:
    """Do what the worker would do, and what that sends in turn; how many there were."""
    done = 0
    app.loader.import_default_modules()
    while sent_tasks:
        name, args, kwargs = sent_tasks.pop(0)
        app.tasks[name](*args, **kwargs)
        done += 1
    return done


def test_main_journey(city, sent_tasks):
    clerk = hand_of("clerk")
    import_roster(clerk)
    author, convenor = pair_of_one_sector()

    member = by_slip(clerk, author.user)
    report = log_visit_and_report(member, author)
    suggest_and_recommend(hand_of(convenor.user), member, report)
    edit_check_and_sign(report)

    report.refresh_from_db()
    assert (report.status, report.number) == (Status.ISSUED, 1)
    assert (report.issue.number, report.issue.total_number) == (1, 1)
    texts = report.manuscripts.order_by("kind", "version").values_list("kind", "version")
    kinds = Manuscript.Kind
    assert list(texts) == [(kinds.EDITED, 1), (kinds.ORIGINAL, 1), (kinds.ORIGINAL, 2)]
    assert report.adoptions.get().level == city.level
    assert "第1期" in member.open(f"/city/opinions/{report.pk}/").text

    told_once(city, author.user, sent_tasks)
    summary_counts_it(city, clerk, sent_tasks)
    assert first_break(city) is None


def pair_of_one_sector() -> tuple[Member, Member]:
    """A plain member, and a convenor of the same sector."""
    row = Convenorship.objects.order_by("sector__position", "place").first()
    seats = row.sector.seats.exclude(convenorships__isnull=False).order_by("id")
    return seats[0].membership.member, row.seat.membership.member


def told_once(city: Committee, author: User, sent_tasks: list[tuple[str, tuple, dict]]) -> None:
    """Issued: the author reads it at once, and once in the digest of the next working morning, also
    when every task runs a second time."""
    again = list(sent_tasks)
    run_sent(sent_tasks)
    sent_tasks.extend(again)
    run_sent(sent_tasks)
    issued = Notice.objects.filter(recipient=author, kind="opinion_issued")
    assert [(notice.waits_for, notice.sent_at) for notice in issued] == [(WhenTold.DAILY, None)]
    morning = calendar_of(city).after(timezone.localdate(), 1)
    for _again in range(2):
        send_digests(city.pk, morning.isoformat())
        run_sent(sent_tasks)
    digests = Notice.objects.filter(recipient=author, kind=DIGEST, sent_at__isnull=False)
    assert [notice.digest for notice in issued.all()] == list(digests)
    assert digests.count() == 1


def summary_counts_it(
    city: Committee, clerk: Hand, sent_tasks: list[tuple[str, tuple, dict]]
) -> None:
    """By the clock on the 1st, and again by hand: the same draft; every figure opens its rows."""
    today = timezone.localdate()
    month = f"{today:%Y-%m}"
    next_first = (today.replace(day=28) + timezone.timedelta(days=4)).replace(day=1)
    app.tasks["records.tasks.draft_monthly_summaries"](on=next_first.isoformat())
    run_sent(sent_tasks)
    own = MonthlySummary.objects.of("committee")
    summary = own.get(committee=city)
    call_command("summarise", "city", month, verbosity=0)
    assert own.get(committee=city).figures == summary.figures
    told = {"visits": 1, "people": 1, "sectors": 1, "received": 1, "reviewed": 1}
    told |= {"issued": 1, "adopted": 1}
    assert summary.figures == {key: told.get(key, 0) for key in FIGURES}

    clerk.open(f"/city/summaries/{month}/")
    titles = {"received": TITLE, "issued": TITLE, "visits": "新桥社区"}
    for key in FIGURES:
        page = clerk.open(f"/city/summaries/{month}/{key}/")
        assert titles.get(key, "") in page.text
    next(row for row in summary.by_sector if row["received"] == 1)
