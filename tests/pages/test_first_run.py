"""From empty: the first-run page and `manage.py add_committee`."""

from __future__ import annotations

import datetime
import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from committees.audit import first_break
from committees.models import (
    Appointment,
    AuditEntry,
    Category,
    Committee,
    Role,
    SignInSlip,
    Term,
    User,
)
from committees.models.organisation import RESERVED_SLUGS
from committees.slips import CONSOLE, use_slip
from liaison_portal import local
from liaison_portal.founding import lay_samples
from liaison_portal.pages import first_run
from tests import make

PATH = "/first-run/"
PASSWORD = "请进门来-20xx"
BEGINNERS = ["sysadmin", "secadmin", "auditor", "clerk"]


@pytest.fixture
def code(tmp_path, monkeypatch):
    """The code the launcher printed; its hash lies in a folder of this test's own."""
    place = "liaison_portal.local.first_run."
    monkeypatch.setattr(place + "var_dir", lambda: tmp_path)
    monkeypatch.setattr(place + "prepare_var", lambda: tmp_path)
    monkeypatch.setattr(place + "hand_over", lambda path, account: None)
    return local.make_first_run_code()


def given(code, **over):
    people = {}
    for place, role in enumerate(BEGINNERS):
        people[f"{role}_name"] = f"{'赵钱孙李'[place]}一"
        people[f"{role}_sign_in_name"] = f"{role}.one"
        people[f"{role}_password"] = ""
    values = {
        "code": code,
        "name": "政协云川市委员会",
        "short_name": "",
        "level": "city",
        "slug": "yunchuan",
        "ordinal": "6",
        "begins_on": "2022-01-10",
    }
    return values | people | over


def post(code, **over):
    return Client().post(PATH, given(code, **over))


def errors_of(response):
    return {field: list(errors) for field, errors in response.context["form"].errors.items()}


@pytest.mark.django_db
def test_the_form_makes_the_committee_its_term_and_its_four_people(code):
    response = post(code)
    assert response.status_code == 200 and "设置完成" in response.content.decode()
    committee = Committee.objects.get()
    assert (
        committee.slug,
        committee.name,
        committee.full_name,
        committee.short_name,
        committee.level,
    ) == ("yunchuan", "政协云川市委员会", "中国人民政治协商会议云川市委员会", "市政协", "city")
    term = Term.objects.get()
    assert (term.ordinal, term.span.lower, term.span.upper) == (6, datetime.date(2022, 1, 10), None)
    held = Appointment.objects.values_list("role", "user__sign_in_name", "user__name")
    assert set(held) == {
        ("sysadmin", "sysadmin.one", "赵一"),
        ("secadmin", "secadmin.one", "钱一"),
        ("auditor", "auditor.one", "孙一"),
        ("clerk", "clerk.one", "李一"),
    }
    assert Category.objects.filter(committee=committee, is_sample=True).count() == 9
    assert {e.by_guest for e in AuditEntry.objects.all()} == {"first_run"}
    assert first_break(committee) is None


@pytest.mark.django_db
def test_it_shows_four_slips_and_signs_nobody_in(code):
    client = Client()
    response = client.post(PATH, given(code))
    papers = response.context["papers"]
    page = response.content.decode()
    assert "_auth_user_id" not in client.session
    assert "no-store" in response["Cache-Control"]
    assert [paper.name for paper in papers] == ["赵一", "钱一", "孙一", "李一"]
    assert "/accounts/login/?next=/yunchuan/sectors/import/" in page
    opened = [use_slip(paper.code, by=CONSOLE).sign_in_name for paper in papers]
    assert opened == [f"{role}.one" for role in BEGINNERS]


@pytest.mark.django_db
def test_a_given_password_signs_in_and_prints_no_slip(code):
    response = post(code, clerk_password=PASSWORD)
    assert [paper.name for paper in response.context["papers"]] == ["赵一", "钱一", "孙一"]
    client = Client()
    signed_in = client.post(
        "/accounts/login/",
        {
            "login": "clerk.one",
            "password": PASSWORD,
            "next": "/yunchuan/sectors/import/",
        },
    )
    assert signed_in["Location"] == "/yunchuan/sectors/import/"
    assert client.get(signed_in["Location"]).status_code == 200


@pytest.mark.django_db
def test_the_entrance_of_an_empty_portal_leads_there(code):
    assert f'href="{PATH}"' in Client().get("/").content.decode()
    post(code)
    assert f'href="{PATH}"' not in Client().get("/").content.decode()


@pytest.mark.django_db
def test_page_and_code_serve_once(code):
    assert Client().get(PATH).status_code == 200
    post(code)
    assert local.check_first_run_code(code) is False
    assert Client().get(PATH).status_code == 404
    assert post(code, slug="other").status_code == 404
    assert Committee.objects.count() == 1


@pytest.mark.django_db
def test_without_the_code_nothing_is_made_and_words_are_kept(code):
    response = post("AAAA-BBBB-CCCC")
    assert errors_of(response) == {"code": ["一次性代码不正确，请查看启动本平台的控制台。"]}
    page = response.content.decode()
    for words in ("政协云川市委员会", "yunchuan", "clerk.one", "李一", "2022-01-10"):
        assert f'value="{words}"' in page
    assert not Committee.objects.exists() and not User.objects.exists()
    assert local.check_first_run_code(code)


@pytest.mark.django_db
def test_guessing_the_code_is_slowed(code):
    for _time in range(10):
        assert post("AAAA").status_code == 200
    response = post(code)
    assert response.status_code == 429
    assert errors_of(response) == {"code": ["尝试次数过多，请五分钟后再试。"]}
    assert not Committee.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("over", "field", "sentence"),
    [
        ({"slug": "accounts"}, "slug", "“accounts”为系统保留地址，请另取。"),
        ({"slug": "Yun Chuan"}, "slug", "只用小写字母、数字和连字符。"),
        ({"slug": "-yun"}, "slug", "只用小写字母、数字和连字符。"),
        ({"name": ""}, "name", "必填"),
        ({"level": "planet"}, "level", "planet"),
        ({"ordinal": "0"}, "ordinal", "1"),
        ({"begins_on": "2022-13-01"}, "begins_on", "日期"),
        (
            {"auditor_sign_in_name": "SYSADMIN.one"},
            "auditor_sign_in_name",
            "登录名与“系统管理员”相同，须由不同的人担任。",
        ),
        (
            {"secadmin_name": "赵一"},
            "secadmin_name",
            "姓名与“系统管理员”相同，须由不同的人担任。",
        ),
        (
            {"clerk_sign_in_name": "13900000001"},
            "clerk_sign_in_name",
            "用2至40个字母、数字、点或连字符，至少含一个字母。",
        ),
        ({"clerk_password": "kurz1"}, "clerk_password", "8"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_made(code, over, field, sentence):
    response = post(code, **over)
    errors = errors_of(response)
    assert set(errors) == {field}
    assert any(sentence in error for error in errors[field])
    assert f'id="field-{field}"' in response.content.decode()
    assert not Committee.objects.exists() and not User.objects.exists()
    assert post(code).context["founded"].committee.slug == "yunchuan"


@pytest.mark.django_db
def test_a_term_of_the_future_is_refused(code):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    errors = errors_of(post(code, begins_on=tomorrow.isoformat()))
    assert errors == {"begins_on": ["开始日期还没有到。"]}


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(code, monkeypatch):
    start, results = threading.Barrier(2), []
    check = first_run.check_first_run_code
    monkeypatch.setattr(
        first_run, "check_first_run_code", lambda typed: start.wait() >= 0 and check(typed)
    )

    def go(slug):
        try:
            page = post(code, slug=slug).content.decode()
            results.append("设置完成" in page)
            assert results[-1] or "本平台已完成首次设置。" in page
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[slug]) for slug in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert (Committee.objects.count(), User.objects.count(), SignInSlip.objects.count()) == (
        1,
        4,
        4,
    )


@pytest.mark.django_db
def test_every_first_word_of_an_address_is_reserved():
    from django.urls import get_resolver

    words = set()
    for pattern in get_resolver().url_patterns:
        for one in getattr(pattern, "url_patterns", []) if not str(pattern.pattern) else [pattern]:
            word = str(one.pattern).partition("/")[0].strip("^$")
            if word and not word.startswith("<"):
                words.add(word)
    assert words - RESERVED_SLUGS == set()


@pytest.mark.django_db
def test_samples_are_laid_once():
    committee = make.committee()
    lay_samples(committee)
    before = Category.objects.count()
    lay_samples(committee)
    assert Category.objects.count() == before == 9


# manage.py add_committee ------------------------------------------------------------------------


def add(*arguments):
    out = StringIO()
    call_command("add_committee", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_adds_a_committee_below_another():
    city = make.committee(slug="city")
    told = add(
        "linxi", "政协临溪县委员会", "--level", "county", "--parent", "city", "--term", "11",
        "--from", "2021-12-20", "--short-name", "县政协",
    )  # fmt: skip
    county = Committee.objects.get(slug="linxi")
    assert (county.parent, county.level, county.short_name) == (city, "county", "县政协")
    assert county.full_name == "中国人民政治协商会议临溪县委员会"
    assert [(t.ordinal, t.span.lower.isoformat()) for t in county.terms.all()] == [
        (11, "2021-12-20")
    ]
    assert Category.objects.filter(committee=county).count() == 9
    assert "已建立 政协临溪县委员会（中国人民政治协商会议临溪县委员会） /linxi/" in told
    assert "尚未指定：系统管理员、安全管理员、审计管理员、机关工作人员" in told


@pytest.mark.django_db
def test_the_command_appoints_known_accounts_and_prints_codes_for_new_ones():
    known = make.user(sign_in_name="known")
    told = add(
        "c1", "政协云川市委员会", "--level", "city", "--sysadmin", "known", "--clerk", "New1"
    )
    committee = Committee.objects.get(slug="c1")
    held = set(Appointment.objects.filter(committee=committee).values_list("role", "user__name"))
    assert held == {(Role.SYSADMIN, known.name), (Role.CLERK, "New1")}
    (line,) = [line for line in told.splitlines() if "/q/" in line]
    code = line.partition("/q/")[2].partition("7天")[0]
    assert use_slip(code, by=CONSOLE).sign_in_name == "new1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["admin", "甲", "--level", "city"], "“admin”为系统保留地址，请另取。"),
        (["taken", "甲", "--level", "city"], "该网址标识已被使用，请另取。"),
        (["Bad Slug", "甲", "--level", "city"], "只用小写字母、数字和连字符。"),
        (["c1", "甲", "--level", "city", "--parent", "none"], "没有网址标识为“none”的政协委员会。"),
        (["c1", "甲", "--level", "moon"], "moon"),
        (["c1", "甲"], "--level"),
        (["c1", "甲", "--level", "city", "--from", "2022-01-01"], "--term"),
        (
            ["c1", "甲", "--level", "city", "--sysadmin", "a1", "--auditor", "a1"],
            "系统管理员、安全管理员、审计管理员须由三个人分别担任。",
        ),
    ],
)
def test_the_command_says_what_is_wrong_and_adds_nothing(arguments, sentence):
    make.committee(slug="taken")
    with pytest.raises(CommandError) as raised:
        add(*arguments)
    assert sentence in str(raised.value)
    assert list(Committee.objects.values_list("slug", flat=True)) == ["taken"]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_trail_names_no_secret(code):
    post(code, clerk_password=PASSWORD)
    book = json.dumps([e.detail for e in AuditEntry.objects.all()], ensure_ascii=False)
    assert PASSWORD not in book and code not in book
