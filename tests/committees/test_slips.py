"""The printed slip: who prints it for whom, what it opens, and that it opens once."""

from __future__ import annotations

import datetime
import re
import threading
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from committees.models import AuditEntry, SignInSlip
from committees.session_age import is_short_lived
from committees.slips import (
    AT_ONCE,
    CONSOLE,
    can_print_slip,
    code_hash,
    in_groups,
    people,
    print_slip,
    print_slips,
    printable,
    use_slip,
    withdraw_slips,
)
from tests import make
from tests.budgets import cost_of, costs

REFUSED = "代码不正确、已用过或已过期。请核对后重试，或请机关工作人员重新打印登录凭条。"
NEW = {"new_password1": "neu-und-lang", "new_password2": "neu-und-lang"}


def slip_for(user=None, committee=None):
    committee = committee or make.committee()
    user = user or make.member(committee=committee).user
    slip, code = print_slip(user, committee=committee, by=CONSOLE)
    return user, slip, code


def confirm(code, client=None, **more):
    return (client or Client()).post("/q/", {"code": code, "remember": "on", **more})


def errors_of(response):
    return response.context["form"].errors


def rewind(slip, **values):
    SignInSlip.objects.filter(pk=slip.pk).update(**values)


# Who prints for whom ----------------------------------------------------------------------------

OFFICE = {"clerk", "editor", "checker", "signer", "commission", "leader", "handler", "liaison"}
MEMBERS = {"member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor"}
OTHERS = {"delegate", "keeper"}
WATCHERS = {"auditor", "confidant"}
EXPECTED = {
    "clerk": (OFFICE | MEMBERS | OTHERS) - {"clerk"},
    "secadmin": WATCHERS | {"sysadmin", "clerk"},
    "sysadmin": {"secadmin"},
}


@pytest.mark.django_db
def test_everyone_prints_for_exactly_these(cast):
    found = {
        name: {user.sign_in_name for user in printable(actor, cast.city)}
        for name, actor in cast.people.items()
    }
    assert found == {name: EXPECTED.get(name, set()) for name in cast.people}


@pytest.mark.django_db
def test_who_holds_an_office_elsewhere_is_not_this_clerks(cast):
    """A county's clerk must not come into the city by printing a slip for its leader."""
    make.member(user=cast.leader, committee=cast.county)
    assert not can_print_slip(cast.countyclerk, cast.leader, cast.county)
    assert can_print_slip(cast.clerk, cast.leader, cast.city)
    make.appointment(cast.countyclerk, "clerk", cast.city)
    assert can_print_slip(cast.again("countyclerk"), cast.leader, cast.county)


@pytest.mark.django_db
def test_closed_accounts_and_strangers_get_none(cast):
    closed = make.member(committee=cast.city, user=make.user(is_active=False)).user
    found = {user.pk for user in printable(cast.clerk, cast.city)}
    assert found.isdisjoint({closed.pk, cast.nobody.pk, cast.stranger_member.pk})


@pytest.mark.django_db
def test_the_verb_refuses_what_is_not_printable(cast):
    for by, user in (
        (cast.clerk, cast.auditor),
        (cast.clerk, cast.clerk),
        (cast.clerk, cast.stranger_member),
        (cast.member, cast.member2),
        (cast.editor, cast.member),
    ):
        with pytest.raises(PermissionDenied):
            print_slip(user, committee=cast.city, by=by)
        with pytest.raises(PermissionDenied):
            withdraw_slips([user], committee=cast.city, by=by)
    with pytest.raises(PermissionDenied):
        print_slips([cast.member, cast.auditor], committee=cast.city, by=cast.clerk)
    assert not SignInSlip.objects.exists()


# The code ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_slip_is_sixteen_digits_kept_as_a_hash_for_seven_days(cast):
    slip, code = print_slip(cast.member, committee=cast.city, by=cast.clerk)
    assert re.fullmatch(r"\d{16}", code)
    assert in_groups(code) == f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}"
    slip.refresh_from_db()
    assert (slip.user, slip.committee, slip.printed_by) == (cast.member, cast.city, cast.clerk)
    assert slip.code_hash == code_hash(code) and code not in slip.code_hash
    left = slip.expires_at - timezone.now()
    assert datetime.timedelta(days=6, hours=23) < left <= datetime.timedelta(days=7)
    (entry,) = AuditEntry.objects.filter(action="slip.print")
    assert (entry.by_user, entry.about, entry.committee) == (
        cast.clerk,
        f"committees.user:{cast.member.pk}",
        cast.city,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["{0}", "{1}", " {1} ", "{2}", "{3}"])
def test_it_opens_however_it_is_typed(written):
    user, _slip, code = slip_for()
    wide = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    typed = written.format(code, in_groups(code), in_groups(code).replace(" ", "-"), wide)
    assert use_slip(typed, by=CONSOLE) == user


@pytest.mark.django_db
def test_it_opens_once_and_not_when_spent_withdrawn_late_closed_or_wrong():
    now = timezone.now()
    refused = []
    for values in ({"used_at": now}, {"withdrawn_at": now}, {"expires_at": now}):
        _user, slip, code = slip_for()
        rewind(slip, **values)
        refused.append(code)
    closed, _slip, code = slip_for()
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    for wrong in [*refused, code, "0" * 16, "", "abc"]:
        with pytest.raises(ValidationError) as raised:
            use_slip(wrong, by=CONSOLE)
        assert (raised.value.code, raised.value.messages) == ("slip_refused", [REFUSED])
    _user, _slip, code = slip_for()
    use_slip(code, by=CONSOLE)
    with pytest.raises(ValidationError):
        use_slip(code, by=CONSOLE)


@pytest.mark.django_db
def test_a_new_slip_withdraws_the_old_one(cast):
    _slip, old = print_slip(cast.member, committee=cast.city, by=cast.clerk)
    _slip, new = print_slip(cast.member, committee=cast.city, by=cast.clerk)
    with pytest.raises(ValidationError):
        use_slip(old, by=CONSOLE)
    assert use_slip(new, by=CONSOLE) == cast.member


@pytest.mark.django_db
def test_withdrawing_makes_them_worthless(cast):
    printed = print_slips([cast.member, cast.member2], committee=cast.city, by=cast.clerk)
    both = [cast.member, cast.member2]
    assert withdraw_slips(both, committee=cast.city, by=cast.clerk) == 2
    assert withdraw_slips(both, committee=cast.city, by=cast.clerk) == 0
    for _slip, code in printed:
        with pytest.raises(ValidationError):
            use_slip(code, by=CONSOLE)


@pytest.mark.django_db
def test_nobody_and_too_many_are_told(cast):
    with pytest.raises(ValidationError) as none:
        print_slips([], committee=cast.city, by=cast.clerk)
    with pytest.raises(ValidationError) as many:
        print_slips([cast.member] * (AT_ONCE + 1), committee=cast.city, by=cast.clerk)
    assert (none.value.code, many.value.code) == ("nobody", "too_many")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins():
    _user, _slip, code = slip_for()
    results, start = [], threading.Barrier(2)

    def go():
        start.wait()
        try:
            use_slip(code, by=CONSOLE)
            results.append("in")
        except ValidationError:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in", "refused"]


# Coming in --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_opening_the_link_spends_nothing_and_names_nobody():
    user, slip, code = slip_for()
    for _time in range(3):
        response = Client().get(f"/q/{code}")
        page = response.content.decode()
        assert response.status_code == 200
        assert in_groups(code) in page and "确认登录" in page
        assert user.name not in page
        assert "no-store" in response["Cache-Control"]
    Client().head(f"/q/{code}")
    slip.refresh_from_db()
    assert slip.used_at is None
    assert "_auth_user_id" not in Client().session


@pytest.mark.django_db
def test_confirming_signs_in_and_leads_to_a_password_that_may_wait():
    user, slip, code = slip_for()
    client = Client()
    response = confirm(in_groups(code), client)
    assert response["Location"] == "/accounts/password/set/"
    assert int(client.session["_auth_user_id"]) == user.pk
    assert client.cookies["sessionid"]["max-age"] == 90 * 24 * 3600
    page = client.get(response["Location"]).content.decode()
    assert "以后再设" in page and 'href="/"' in page
    slip.refresh_from_db()
    assert slip.used_at is not None
    assert [(e.action, e.detail) for e in AuditEntry.objects.filter(by_user=user)] == [
        ("sign_in", {"method": "slip"}),
        ("slip.use", {}),
    ]


@pytest.mark.django_db
def test_the_password_set_after_a_slip_signs_in():
    user, _slip, code = slip_for()
    client, elsewhere = Client(), Client()
    elsewhere.force_login(user)
    confirm(code, client)
    assert client.post("/accounts/password/set/", NEW)["Location"] == "/"
    assert client.get("/accounts/sessions/").status_code == 200
    assert elsewhere.get("/accounts/sessions/").status_code == 302
    given = {"login": user.phone, "password": "neu-und-lang"}
    assert Client().post("/accounts/login/", given).status_code == 302


@pytest.mark.django_db
def test_a_forgotten_password_is_replaced_without_the_old_one():
    user = make.user(password=make.PASSWORD)
    committee = make.committee()
    make.member(user=user, committee=committee)
    _user, _slip, code = slip_for(user, committee)
    client = Client()
    confirm(code, client)
    client.post("/accounts/password/set/", NEW)
    user.refresh_from_db()
    assert user.check_password("neu-und-lang")


@pytest.mark.django_db
def test_after_fifteen_minutes_the_old_password_is_asked_again(monkeypatch):
    from committees import sign_in

    _user, _slip, code = slip_for()
    client = Client()
    confirm(code, client)
    late = sign_in.time.time() + 15 * 60 + 1
    monkeypatch.setattr(sign_in.time, "time", lambda: late)
    assert "忘记密码" in client.post("/accounts/password/set/", NEW).content.decode()


@pytest.mark.django_db
def test_bad_new_password_is_told_beside_its_field():
    _user, _slip, code = slip_for()
    client = Client()
    confirm(code, client)
    response = client.post("/accounts/password/set/", {**NEW, "new_password2": "anders-und-lang"})
    assert set(errors_of(response)) == {"new_password2"}


@pytest.mark.django_db
def test_where_one_was_going_is_kept_through_slip_and_password():
    _user, _slip, code = slip_for()
    client = Client()
    assert 'value="/x/visits/new/"' in client.get("/q/?next=/x/visits/new/").content.decode()
    response = confirm(code, client, next="/x/visits/new/")
    assert response["Location"] == "/accounts/password/set/?next=%2Fx%2Fvisits%2Fnew%2F"
    assert 'href="/x/visits/new/"' in client.get(response["Location"]).content.decode()
    given = {**NEW, "next": "/x/visits/new/"}
    assert client.post("/accounts/password/set/", given)["Location"] == "/x/visits/new/"


@pytest.mark.django_db
def test_a_slip_on_a_phone_signed_in_as_another_changes_the_account(cast):
    client = Client()
    client.force_login(cast.clerk)
    _slip, code = print_slip(cast.member, committee=cast.city, by=cast.clerk)
    assert f"本机已登录{cast.clerk.name}的账号" in client.get(f"/q/{code}").content.decode()
    confirm(code, client)
    assert int(client.session["_auth_user_id"]) == cast.member.pk


@pytest.mark.django_db
def test_a_slip_proves_the_person_for_a_reveal(rf):
    from committees.sign_in import proof_required

    user, _slip, code = slip_for()
    client = Client()
    confirm(code, client)
    request = rf.get("/")
    request.user, request.session = user, client.session
    assert proof_required(lambda request: "138")(request) == "138"


@pytest.mark.django_db
def test_not_remembered_ends_with_the_browser_and_an_office_stays_short():
    clerk = make.officer("clerk", make.committee())
    _user, _slip, code = slip_for(clerk, make.committee())
    client = Client()
    client.post("/q/", {"code": code})
    assert client.cookies["sessionid"]["max-age"] == ""
    assert is_short_lived(clerk)


# Guessing ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_wrong_code_is_one_sentence_and_is_noted():
    response = confirm("1234 5678 9012 3456")
    assert (response.status_code, errors_of(response)) == (200, {"code": [REFUSED]})
    assert 'value="1234 5678 9012 3456"' in response.content.decode()
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.is_refused, entry.by_guest, entry.by_ref) == (
        "slip.use",
        True,
        "visitor",
        "127.0.0.1",
    )


@pytest.mark.django_db
def test_twenty_wrong_codes_in_five_minutes_are_enough_for_an_address():
    for _time in range(20):
        assert confirm("0" * 16).status_code == 200
    _user, slip, code = slip_for()
    response = confirm(code)
    assert response.status_code == 429
    assert errors_of(response) == {"code": ["尝试次数过多，请五分钟后再试。"]}
    slip.refresh_from_db()
    assert slip.used_at is None
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert confirm(code, other).status_code == 302


@pytest.mark.django_db
def test_wrong_codes_from_everywhere_are_limited_together(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"slip": "20/5m/ip,5/5m/key"}
    for number in range(5):
        assert confirm("0" * 16, Client(REMOTE_ADDR=f"10.0.0.{number}")).status_code == 200
    assert confirm("0" * 16, Client(REMOTE_ADDR="10.0.1.1")).status_code == 429


@pytest.mark.django_db
def test_a_plenary_behind_one_address_comes_in():
    committee = make.committee()
    codes = [slip_for(committee=committee)[2] for _ in range(40)]
    assert {confirm(code).status_code for code in codes} == {302}


# The pages --------------------------------------------------------------------------------------


def names(response):
    return [person.sign_in_name for person in response.context["people"]]


@pytest.mark.django_db
def test_the_page_opens_to_clerks_and_administrators_only(cast, client_of):
    answers = {
        name: client_of(name).get("/city/slips/").status_code
        for name in (*EXPECTED, "editor", "member", "auditor", "countyclerk", "handler")
    }
    assert answers == {
        "clerk": 200,
        "secadmin": 200,
        "sysadmin": 200,
        "editor": 403,
        "member": 403,
        "auditor": 403,
        "handler": 403,
        "countyclerk": 404,
    }
    assert Client().get("/city/slips/").status_code == 302


@pytest.mark.django_db
def test_people_are_found_by_name_initials_sector_and_state(cast, client_of):
    client = client_of("clerk")
    rows = printable(cast.clerk, cast.city)
    assert names(client.get("/city/slips/")) == [user.sign_in_name for user in rows]
    assert names(client.get("/city/slips/?q=wxy")) == ["member"]
    assert names(client.get("/city/slips/?q=王 晓")) == ["member"]
    assert names(client.get("/city/slips/?q=KEEP")) == ["keeper"]
    assert set(names(client.get(f"/city/slips/?sector={cast.education.pk}"))) == {
        "member",
        "convenor",
    }
    assert names(client.get(f"/city/slips/?person={cast.keeper.pk}")) == ["keeper"]
    assert names(client.get("/city/slips/?q=nobodyatall")) == []
    print_slip(cast.member, committee=cast.city, by=cast.clerk)
    type(cast.keeper).objects.filter(pk=cast.keeper.pk).update(last_login=timezone.now())
    waiting = set(names(client.get("/city/slips/?state=waiting")))
    unprinted = set(names(client.get("/city/slips/?state=unprinted")))
    assert waiting == EXPECTED["clerk"] - {"keeper"}
    assert unprinted == waiting - {"member"}


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["sector=x", "sector=999999", "state=bad", "person=x", "q=%00"])
def test_a_bad_filter_is_no_error(cast, client_of, query):
    assert client_of("clerk").get(f"/city/slips/?{query}").status_code == 200


@pytest.mark.django_db
def test_ticked_people_are_printed_each_with_a_code_that_opens(cast, client_of):
    ticked = [cast.member.pk, cast.keeper.pk]
    response = client_of("clerk").post("/city/slips/print/", {"person": ticked})
    page = response.content.decode()
    papers = response.context["papers"]
    assert "no-store" in response["Cache-Control"]
    assert {paper.name for paper in papers} == {cast.member.name, cast.keeper.name}
    assert {paper.of for paper in papers} == {"教育", ""}
    for paper in papers:
        assert paper.code in page and paper.qr in page
        assert paper.address == "http://testserver/q/"
        ElementTree.fromstring(paper.qr)
        assert "style" not in paper.qr
    opened = {use_slip(paper.code, by=CONSOLE) for paper in papers}
    assert opened == {cast.member, cast.keeper}
    (entry,) = AuditEntry.objects.filter(action="slip.print")
    assert (entry.about, entry.detail) == (
        f"committees.committee:{cast.city.pk}",
        {"people": sorted(ticked)},
    )


@pytest.mark.django_db
def test_the_public_address_is_printed_where_there_is_one(cast, client_of, settings):
    settings.PUBLIC_URL = "https://jieb.example.cn/"
    ticked = {"person": [cast.member.pk]}
    response = client_of("clerk").post("/city/slips/print/", ticked)
    assert response.context["papers"][0].address == "https://jieb.example.cn/q/"
    assert response.context["is_only_here"] is False
    settings.PUBLIC_URL = ""
    local = {"person": [cast.member.pk]}
    response = client_of("clerk").post(
        "/city/slips/print/", local, headers={"host": "127.0.0.1:80"}
    )
    assert "凭条上是本机地址" in response.content.decode()


@pytest.mark.django_db
def test_what_may_not_be_printed_is_refused_whole(cast, client_of):
    client = client_of("clerk")
    both = {"person": [cast.member.pk, cast.auditor.pk]}
    assert client.post("/city/slips/print/", both).status_code == 403
    stranger = {"person": [cast.stranger_member.pk]}
    response = client.post("/city/slips/print/", stranger, follow=True)
    assert "请先勾选人员。" in response.content.decode()
    assert not SignInSlip.objects.exists()
    assert client.get("/city/slips/print/").status_code == 405


@pytest.mark.django_db
def test_slips_are_withdrawn_from_the_page(cast, client_of):
    _slip, code = print_slip(cast.member, committee=cast.city, by=cast.clerk)
    response = client_of("clerk").post(
        "/city/slips/withdraw/", {"person": [cast.member.pk]}, follow=True
    )
    assert "已作废 1 张凭条。" in response.content.decode()
    with pytest.raises(ValidationError):
        use_slip(code, by=CONSOLE)


@pytest.mark.django_db
def test_people_stand_in_stroke_order(cast):
    found = list(people(cast.city).filter(sector_id=cast.education.pk))
    assert [user.name_key for user in found] == sorted(user.name_key for user in found)
    assert {user.sector_name for user in found} == {"教育"}


@pytest.mark.django_db
def test_the_command_line_helps_when_nobody_can_print(cast):
    out = StringIO()
    call_command("print_slip", "secadmin", "--committee", "city", stdout=out)
    code = re.search(r"(\d{4} ){3}\d{4}", out.getvalue()).group()
    assert use_slip(code, by=CONSOLE) == cast.secadmin
    (entry,) = AuditEntry.objects.filter(action="slip.print")
    assert (entry.by_guest, entry.about) == ("console", f"committees.user:{cast.secadmin.pk}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["secadmin", "--committee", "none"], "没有网址标识为“none”的政协委员会。"),
        (["nobody", "--committee", "city"], "没有这个账号，或在该政协没有岗位。"),
        (["unknown", "--committee", "city"], "没有这个账号，或在该政协没有岗位。"),
        (["stranger_member", "--committee", "city"], "没有这个账号，或在该政协没有岗位。"),
    ],
)
def test_the_command_line_says_what_is_wrong(cast, arguments, sentence):
    with pytest.raises(CommandError) as raised:
        call_command("print_slip", *arguments)
    assert str(raised.value) == sentence
    assert not SignInSlip.objects.exists()


# Costs ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("count", [3, 30])
def test_costs_do_not_grow_with_the_people(count):
    committee = make.committee()
    sector = make.sector(committee=committee)
    users = [make.member(committee=committee, sector=sector).user for _ in range(count)]
    client = Client()
    client.force_login(make.officer("clerk", committee))
    client.get(f"/{committee.slug}/slips/")  # remembers the committee
    with costs(7):
        client.get(f"/{committee.slug}/slips/")
    ticked = {"person": [user.pk for user in users]}
    with costs(11):
        client.post(f"/{committee.slug}/slips/print/", ticked)


@pytest.mark.django_db
def test_costs_of_coming_in():
    _user, _slip, code = slip_for()
    client = Client()
    assert cost_of(Client().get, f"/q/{code}") == 0
    assert cost_of(confirm, "0" * 16) == 3
    # Six of these keep Django's session, allauth's list of devices and `last_login`.
    assert cost_of(confirm, code, client) == 14


def test_a_wrong_code_keeps_where_the_person_wanted_to_go(db):
    page = Client().post("/q/", {"code": "1234 5678 9012 3456", "next": "/city/me/"})
    assert page.status_code == 200 and 'name="next" value="/city/me/"' in page.content.decode()
