"""`/r/`: five steps for who holds the number, one sentence for everybody else."""

import datetime
import io
import re

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from PIL import Image

from opinions.models import Status
from tests import make
from tests.budgets import costs
from workrooms import public_limits
from workrooms.actions import issue_receipt
from workrooms.models import PublicCount, Reception
from workrooms.receipt_numbers import check_digit, in_fours
from workrooms.views.public_receipts import SALT

STEPS = ["已收到", "委员已阅", "正在协调", "已通过政协渠道反映", "已有结果"]
NOTHING = "没有查到"
SAID = "楼道里堆满了电动车。"


@pytest.fixture
def entry(cast):
    row = make.reception(
        workroom=cast.room, said=SAID, way="scan", resident_name="张三某",
        resident_phone="13900000077",
    )  # fmt: skip
    return row


@pytest.fixture
def number(cast, entry):
    return issue_receipt(entry, by=cast.keeper)


def ask(client, number, **more):
    return client.post("/r/", {"number": number, **more})


def text(answer):
    return answer.content.decode()


def reached(answer):
    shown = re.findall(r'<li( class="is-reached")?><span class="t">([^<]+)<', text(answer))
    assert [label for _, label in shown] == STEPS[: len(shown)]
    return [label for is_reached, label in shown if is_reached]


def pass_in(answer):
    return re.search(r'name="pass" value="([^"]+)"', text(answer))[1]


def unknown(seed=0):
    digits = f"{seed:015d}"
    return digits + check_digit(digits)


def test_the_number_opens_its_matter_and_nothing_of_the_person(client, entry, number):
    answer = ask(client, in_fours(number))
    assert reached(answer) == ["已收到"]
    shown = text(answer)
    assert SAID in shown and entry.workroom.name in shown
    assert [word for word in ("张三某", "13900000077", "139****", number) if word in shown] == []
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.cookies.keys() <= {"csrftoken"}


def test_steps_are_read_from_what_happened(client, entry, number):
    entry.read_at = entry.passed_at = timezone.now()
    entry.save()
    make.opinion(committee=entry.committee, reception=entry, status=Status.RECEIVED)
    assert reached(ask(client, number)) == STEPS[:3]
    make.opinion(committee=entry.committee, reception=entry, status=Status.ISSUED)
    assert reached(ask(client, number)) == STEPS[:4]
    entry.gist, entry.gist_at = "已安装两盏路灯。", timezone.now()
    entry.save()
    answer = ask(client, number)
    assert reached(answer) == STEPS and "已安装两盏路灯。" in text(answer)


def test_of_the_report_nothing_is_told(client, entry, number):
    report = make.opinion(
        committee=entry.committee, reception=entry, status=Status.ISSUED, title="金丝雀标题",
        situation="金丝雀正文",
    )  # fmt: skip
    shown = text(ask(client, number))
    secret = ["金丝雀", "签发", "期", "报送", "采用", "批示", f"第{report.issue.number}期"]
    assert [word for word in secret if word in shown.replace("5日", "")] == []


@pytest.mark.parametrize("typed", ["", "123", "1234567890123456", "abc", unknown(), unknown(7)])
def test_a_number_of_nothing_shows_nothing(client, entry, number, typed):
    shown = text(ask(client, typed))
    assert SAID not in shown
    assert (NOTHING in shown) == bool(typed)


def test_a_replaced_number_says_the_same(client, cast, entry, number):
    new = issue_receipt(entry, by=cast.keeper)
    gone, guessed = (
        re.search(r"<main.*</main>", text(ask(client, n)), re.DOTALL)[0]
        for n in (number, unknown())
    )
    assert gone.replace(number, "") == guessed.replace(unknown(), "")
    assert SAID in text(ask(client, new))


def test_a_wrong_check_digit_asks_the_database_nothing_about_entries(client, entry, number):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with costs(1):  # how often was guessed from there
        ask(client, wrong)
    assert not PublicCount.objects.exists()


def test_guessing_is_slowed_and_typing_errors_are_not(client, entry, number):
    for seed in range(public_limits.GUESSES_OF_ADDRESS):
        assert ask(client, unknown(seed)).status_code == 200
    slowed = ask(client, number)
    assert slowed.status_code == 429 and SAID not in text(slowed)
    assert (
        client.post(
            "/r/", {"number": number}, headers={"x-forwarded-for": "198.51.100.1"}
        ).status_code
        == 429
    )
    elsewhere = client.post("/r/", {"number": number}, REMOTE_ADDR="203.0.113.4")
    assert SAID in text(elsewhere)


def test_a_flood_from_elsewhere_closes_the_door_to_no_resident(client, entry, number, monkeypatch):
    monkeypatch.setattr(public_limits, "GUESSES_OF_ALL", 3)
    for seed in range(4):
        client.post("/r/", {"number": unknown(seed)}, REMOTE_ADDR=f"203.0.113.{seed}")
    assert SAID in text(ask(client, number))
    again = client.post("/r/", {"number": number}, REMOTE_ADDR="203.0.113.1")
    assert again.status_code == 429


def test_the_number_is_never_in_an_address(client, number):
    answer = client.get(f"/r/?number={number}")
    assert SAID not in text(answer)
    assert client.get(f"/r/{number}").status_code == 404
    assert 'method="post"' in text(client.get("/r/"))


# Adding and rating ------------------------------------------------------------------------------


def test_a_word_more_is_added_once(client, entry, number):
    deed = {"pass": pass_in(ask(client, number)), "deed": "add", "text": "昨晚又着火了。"}
    for _ in range(2):
        answer = client.post("/r/", deed)
        assert "已补充" in text(answer) and "昨晚又着火了。" in text(answer)
    assert [(word.kind, word.by) for word in entry.words.all()] == [("added", None)]


def test_words_of_those_who_handle_it_stay_inside(client, entry, number):
    entry.words.create(kind="call", text="电话打通了")
    entry.words.create(kind="note", text="内部记录")
    shown = text(ask(client, number))
    assert "电话打通了" not in shown and "内部记录" not in shown


@pytest.mark.parametrize(("words", "sentence"), [("", "请写下"), ("机密", "机密")])
def test_a_refused_word_stays_in_its_field(client, entry, number, words, sentence):
    deed = {"pass": pass_in(ask(client, number)), "deed": "add", "text": words}
    shown = text(client.post("/r/", deed))
    assert sentence in shown
    assert f">\n{words}</textarea>" in shown or not words
    assert not entry.words.exists()


def test_words_of_a_day_are_counted(client, entry, number):
    make.public_limit(committee=entry.committee, measure="words_day", number=2)
    deed = {"pass": pass_in(ask(client, number)), "deed": "add"}
    for n in range(3):
        answer = client.post("/r/", deed | {"text": f"第{n}次"})
    assert "第2次" in text(answer) and "现在反映的人较多" in text(answer)
    assert entry.words.count() == 2


def test_when_the_pass_ran_out_the_word_stays(client, entry, number, monkeypatch):
    deed = {"pass": pass_in(ask(client, number)), "deed": "add", "text": "还有一件事"}
    monkeypatch.setattr("workrooms.views.public_receipts.PASS_SECONDS", -1)
    asked = text(client.post("/r/", deed))
    assert "还有一件事" in asked and SAID not in asked and "再输一次受理编号" in asked
    answer = ask(client, number, deed="add", text="还有一件事")
    assert "已补充" in text(answer)


@pytest.mark.parametrize(
    "forged",
    ["", "x", signing.dumps([1, ""], salt=SALT), signing.dumps([1])],
    ids=["empty", "unsigned", "of_nobody", "other_salt"],
)
def test_a_forged_pass_opens_nothing(client, entry, number, forged):
    assert SAID not in text(client.post("/r/", {"pass": forged}))


def test_a_new_number_ends_the_old_pass(client, cast, entry, number):
    old = pass_in(ask(client, number))
    issue_receipt(entry, by=cast.keeper)
    assert SAID not in text(client.post("/r/", {"pass": old}))


def test_two_answers_after_a_result_and_once(client, entry, number):
    assert "请您评价" not in text(ask(client, number))
    entry.result, entry.resulted_on = "当场说明了办法", timezone.localdate()
    entry.save()
    asked = ask(client, number)
    assert "问题解决了吗" in text(asked) and "对接待满意吗" in text(asked)
    deed = {"pass": pass_in(asked), "deed": "rate"}
    assert "请选择" in text(client.post("/r/", deed | {"solved": "yes"}))
    answer = client.post("/r/", deed | {"solved": "partly", "satisfied": "yes"})
    assert "谢谢您的评价" in text(answer) and "请您评价" not in text(answer)
    row = Reception.objects.get()
    assert (row.solved, row.satisfied) == ("partly", "yes")
    again = client.post("/r/", deed | {"solved": "no", "satisfied": "no"})
    assert "已评价过" in text(again) or "您的评价" in text(again)
    assert Reception.objects.get().solved == "partly"


# A report against a person ----------------------------------------------------------------------


def test_a_closed_matter_shows_that_it_came_and_where_it_belongs(client, cast):
    closed = make.reception(workroom=cast.room, said=SAID, nature="person", gist="不该看到")
    closed.read_at = timezone.now()
    closed.save()
    number = issue_receipt(closed, by=cast.confidant)
    answer = ask(client, number)
    assert reached(answer) == ["已收到"]
    shown = text(answer)
    assert "12388" in shown and "专管人员" in shown
    secret = [SAID, "不该看到", *STEPS[1:], "<textarea"]
    assert [word for word in secret if word in shown] == []
    given = signing.dumps([closed.pk, Reception.objects.get().receipt_twin[:16]], salt=SALT)
    for deed in ({"deed": "add", "text": "x"}, {"deed": "rate", "solved": "no", "satisfied": "no"}):
        assert client.post("/r/", {"pass": given} | deed).status_code == 403
    assert not closed.words.exists()


# Picture, slip ----------------------------------------------------------------------------------


def test_the_picture_is_drawn_from_the_number_alone(client, number):
    with costs(0):
        answer = client.post("/r/picture", {"number": number})
    assert answer.headers["Content-Type"] == "image/png"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size[0] == 720 and len(answer.content) < 30_000
    in_wechat = client.post(
        "/r/picture", {"number": number}, headers={"user-agent": "Mobile MicroMessenger/8.0"}
    )
    assert in_wechat.headers["Content-Disposition"].startswith("inline")
    assert client.post("/r/picture", {"number": "12"}).status_code == 302


def test_a_slip_from_the_keeper_opens_the_same_page(cast, client_of, entry):
    path = f"/city/workrooms/receptions/{entry.pk}/receipt/"
    printed = text(client_of("keeper").post(path))
    number = re.search(r'receipt-number num">([\d ]+)<', printed)[1]
    assert SAID not in printed and "张三某" not in printed
    assert SAID in text(ask(Client(), number))
    client_of("keeper").post(path)
    assert NOTHING in text(ask(Client(), number))


@pytest.mark.parametrize("count", [3, 30])
def test_costs(client, entry, number, count):
    for n in range(count):
        entry.words.create(kind="added", text=f"第{n}次", at=timezone.now() - datetime.timedelta(n))
    with costs(4):  # guesses, the entry, the report's day, the words
        ask(client, number)
