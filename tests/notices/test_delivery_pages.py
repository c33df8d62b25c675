"""接收设置, 发送记录 and 电话通知名单 as pages."""

import threading

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from committees.models import AuditEntry
from notices.actions import delivery as actions
from notices.channels import binding
from notices.models import Delivery, Notice, Preference, Topic, Way
from notices.topics import HABIT
from tests import make
from tests.addresses import prove
from tests.budgets import costs
from tests.cast import assemble

WISHES, LIST = "/city/notices/wishes/", "/city/notices/deliveries/"
CALLS, TOLD = "/city/notices/calls/", "/city/notices/calls/told/"
RESEND, REVEAL = "/city/notices/deliveries/resend/", "/city/notices/calls/reveal/"
USUAL = {f"when_{topic.value}": HABIT[topic].value for topic in Topic}


@pytest.fixture
def mail_and_sms(settings):
    settings.NOTICE_GATEWAYS = {
        "wechat": {"class": "x", "key": "app", "secret": "s", "url": "https://wechat.invalid"},
        "sms": {"class": "x"},
        "mail": {"class": "x"},
    }
    return {**USUAL, "place_wechat": "0", "place_sms": "1", "place_mail": "2", "address_mail": ""}


def failed(cast, **over):
    return make.delivery(
        notice=make.notice(committee=cast.city, sent_at="2026-11-01T00:00Z"), **over
    )


def to_call(cast, **over):
    given = {"channel": "phone", "state": "to_call", "error": ""}
    return failed(cast, **given | over)


# Wishes


def test_wishes_say_what_cannot_be_switched_off(cast, client_of, mail_and_sms):
    client = client_of("member")
    page = client.get(WISHES).content.decode()
    assert page.count("须知事项，不能关闭") == 4
    assert ("08:30" in page and "21:00–08:00" in page and "发到 139" in page) or "发到 1" in page
    assert cast.member.phone not in page
    assert 'href="/city/notices/wishes/"' in client.get("/city/me/").content.decode()
    assert 'href="/city/notices/wishes/"' in client.get("/city/notices/").content.decode()


def test_wishes_are_kept_with_the_order_of_channels(cast, client_of, mail_and_sms):
    client = client_of("member")
    given = {**mail_and_sms, "when_progress": "weekly", "when_summary": "off"}
    given |= {"place_mail": "1", "place_sms": "2", "address_mail": "a@example.org"}
    assert client.post(WISHES, given).status_code == 302
    chosen = dict(Preference.objects.filter(user=cast.member).values_list("topic", "when"))
    assert chosen == {t.value: HABIT[t].value for t in Topic} | {
        "progress": "weekly",
        "summary": "off",
    }
    ways = [(way.channel, way.place, way.address) for way in Way.objects.order_by("channel")]
    assert ways == [("mail", 1, "a@example.org"), ("sms", 2, ""), ("wechat", 0, "")]
    page = client.get(WISHES).content.decode()
    assert 'value="a@example.org"' in page


def test_a_new_address_forgets_the_bounce_and_an_old_one_keeps_it(cast, client_of, mail_and_sms):
    way = make.way(user=cast.member, address="a@example.org", bounced_at="2026-11-01T00:00Z")
    client = client_of("member")
    assert "最近没有送达" in client.get(WISHES).content.decode()
    for address, bounced in (("a@example.org", True), ("b@example.org", False)):
        client.post(WISHES, {**mail_and_sms, "address_mail": address})
        way.refresh_from_db()
        assert (way.address, bool(way.bounced_at)) == (address, bounced)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"when_todo": "off"}, "when_todo"),
        ({"when_progress": "\x00"}, "when_progress"),
        ({"place_sms": "9"}, "place_sms"),
        ({"address_mail": "no address"}, "address_mail"),
        ({"place_mail": "1", "address_mail": ""}, "address_mail"),
    ],
)
def test_bad_wishes_are_said_beside_the_field(cast, client_of, mail_and_sms, over, words):
    answer = client_of("member").post(WISHES, {**mail_and_sms, **over})
    assert answer.status_code == 200 and list(answer.context["form"].errors) == [words]
    assert not Preference.objects.exists()


def test_one_channel_stays(cast, client_of, mail_and_sms):
    none = {"place_sms": "0", "place_mail": "0"}
    answer = client_of("member").post(WISHES, {**mail_and_sms, **none})
    assert "请至少保留一种接收方式" in answer.content.decode()
    assert not Preference.objects.exists()


def test_without_gateways_only_the_hours_are_asked(cast, client_of):
    client = client_of("member")
    assert "先后次序" not in client.get(WISHES).content.decode()
    assert client.post(WISHES, USUAL).status_code == 302
    with pytest.raises(ValidationError):
        actions.set_wishes(by=cast.member, when={"todo": "off"}, ways={})


def test_wishes_cost_little(cast, client_of, mail_and_sms):
    client = client_of("member")
    client.get(WISHES)
    with costs(7):
        client.get(WISHES)
    with costs(9):
        client.post(WISHES, mail_and_sms)


def test_wechat_is_bound_through_wechat(cast, client_of, mail_and_sms, monkeypatch):
    client = client_of("member")
    there = client.get("/city/notices/wechat/")["Location"]
    assert there.startswith(f"{binding.AUTHORIZE}?appid=app&redirect_uri=http")
    state = there.partition("state=")[2].partition("#")[0].replace("%3A", ":")
    asked = []
    monkeypatch.setattr(
        binding, "ask", lambda url, query: asked.append((url, query)) or {"openid": "o-1"}
    )
    back = client.get("/city/notices/wechat/", {"code": "c-1", "state": state})
    assert back["Location"] == WISHES
    assert asked == [
        (
            "https://wechat.invalid/sns/oauth2/access_token",
            {"appid": "app", "secret": "s", "code": "c-1", "grant_type": "authorization_code"},
        )
    ]
    assert [(way.user, way.channel, way.address) for way in Way.objects.all()] == [
        (cast.member, "wechat", "o-1")
    ]
    assert "已绑定" in client.get(WISHES).content.decode()


@pytest.mark.parametrize("who", ["nobody", "somebody else", "no such code"])
def test_a_foreign_or_old_way_back_binds_nothing(cast, client_of, mail_and_sms, monkeypatch, who):
    monkeypatch.setattr(binding, "ask", lambda url, query: {"errcode": 40029})
    pk = cast.member2.pk if who == "somebody else" else cast.member.pk
    state = "x" if who == "nobody" else signing.dumps(pk, salt="notices.wechat")
    client = client_of("member")
    client.get("/city/notices/wechat/", {"code": "c", "state": state})
    assert not Way.objects.exists()
    assert "没有绑定成功" in client.get(WISHES).content.decode()


def test_without_a_service_account_nothing_can_be_bound(cast, client_of):
    assert client_of("member").get("/city/notices/wechat/").status_code == 404


# The record


def test_the_record_shows_what_was_sent_and_not_what_was_read(cast, client_of):
    rows = [failed(cast), failed(cast, state="sent", error="", provider_id="biz-1")]
    make.delivery()
    client = client_of("clerk")
    page = client.get(LIST)
    assert page.context["page"].rows == rows[::-1]
    text = page.content.decode()
    assert "isv.MOBILE_NUMBER_ILLEGAL" in text and "biz-1" in text and "已读" not in text
    assert rows[0].notice.title not in text
    assert text.count('name="picked"') == 1
    assert client.get(f"{LIST}?state=sent").context["page"].rows == [rows[1]]
    assert client.get(f"{LIST}?channel=mail").context["page"].rows == []
    for bad in ("?state=%00", "?day=x", "?day=9999999-01-01", "?after=%00", "?topic=none"):
        assert client.get(LIST + bad).status_code == 200


@pytest.mark.parametrize("path", [LIST, CALLS, REVEAL])
def test_only_clerks_see_it(cast, client_of, path):
    assert client_of("member").get(path).status_code == 403
    assert client_of("editor").get(path).status_code == 403


@pytest.mark.parametrize("many", [3, 30])
def test_lists_cost_the_same_with_more_rows(cast, client_of, many):
    for _ in range(many):
        failed(cast), to_call(cast)
    client = client_of("clerk")
    for path in (LIST, CALLS):
        client.get(path)
        with costs(6):
            client.get(path)


def test_failed_ones_are_sent_again_once(
    cast, client_of, sent_tasks, django_capture_on_commit_callbacks
):
    row, fine = failed(cast), failed(cast, state="sent")
    called = make.delivery(notice=row.notice, channel="phone", state="to_call")
    client = client_of("clerk")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(RESEND, {"picked": [row.pk, fine.pk, "x", "9" * 30]})
    notice = Notice.objects.get(pk=row.notice_id)
    assert (notice.sent_at, notice.turn) == (None, 2)
    assert Notice.objects.get(pk=fine.notice_id).sent_at
    row.refresh_from_db()
    assert row.resent_at and not Delivery.objects.filter(pk=called.pk).exists()
    assert sent_tasks == [("notices.tasks.deliver_all", ([notice.pk],), {})]
    assert "已重新发送 1 条" in client.get(LIST).content.decode()
    client.post(RESEND, {"picked": [row.pk]})
    assert "没有可以重发的" in client.get(LIST).content.decode()
    assert AuditEntry.objects.filter(action="delivery.resend").count() == 1
    assert client_of("member").post(RESEND, {"picked": [row.pk]}).status_code == 403
    assert client.get(RESEND).status_code == 405


def test_another_committees_row_is_not_touched(cast, client_of):
    row = failed(cast, committee=cast.county)
    client_of("clerk").post(RESEND, {"picked": [row.pk]})
    row.refresh_from_db()
    assert row.resent_at is None


def test_too_many_at_once(cast):
    for deed in (actions.resend, actions.tell_by_phone):
        with pytest.raises(ValidationError):
            deed(range(1, 202), committee=cast.city, by=cast.clerk)
        with pytest.raises(PermissionDenied):
            deed([1], committee=cast.city, by=cast.member)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_send_the_same_again_once():
    cast = assemble()
    row, start, said = failed(cast), threading.Barrier(2), []

    def work():
        try:
            start.wait(5)
            said.append(actions.resend([row.pk], committee=cast.city, by=cast.clerk))
        except ValidationError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert sorted(map(str, said)) == ["1", "nothing"]
    assert Notice.objects.get().turn == 2


# The list of calls


def test_calls_are_ticked_as_told_and_can_be_undone(cast, client_of):
    row, other = to_call(cast), to_call(cast)
    Notice.objects.filter(pk=row.notice_id).update(sms="【市政协】请办理。")
    client = client_of("clerk")
    page = client.get(CALLS)
    assert {one.pk for one in page.context["page"].rows} == {row.pk, other.pk}
    text = page.content.decode()
    assert "【市政协】请办理。" in text
    assert row.recipient.masked_phone in text and row.recipient.phone not in text
    client.post(TOLD, {"picked": [row.pk]})
    row.refresh_from_db()
    assert (row.state, row.told_by) == ("told", cast.clerk)
    assert client.get(CALLS).context["page"].rows == [other]
    assert client.get(f"{CALLS}?told=1").context["page"].rows == [row]
    client.post(TOLD, {"picked": [row.pk]})
    assert "已由他人登记" in client.get(CALLS).content.decode()
    client.post(TOLD, {"picked": [row.pk], "undo": "1"})
    row.refresh_from_db()
    assert (row.state, row.told_by, row.told_at) == ("to_call", None, None)
    client.post(TOLD, {})
    verbs = AuditEntry.objects.filter(action__startswith="delivery.").order_by("id")
    assert list(verbs.values_list("action", flat=True)) == ["delivery.tell", "delivery.untell"]


def test_numbers_are_shown_after_proof_and_for_a_reason(cast, client_of):
    row = to_call(cast)
    client = client_of("clerk")
    assert client.get(REVEAL)["Location"].startswith("/accounts/reauthenticate/")
    prove(client)
    assert client.get(REVEAL).status_code == 200
    for reason in ("", " \x00", "长" * 101):
        assert "请填写查看事由" in client.post(REVEAL, {"reason": reason}).content.decode()
    assert row.recipient.phone not in client.get(CALLS).content.decode()
    assert client.post(REVEAL, {"reason": "电话通知"})["Location"] == CALLS
    assert row.recipient.phone in client.get(CALLS).content.decode()
    entry = AuditEntry.objects.get(action="call_list.reveal")
    assert entry.detail == {"reason": "电话通知"}
    with pytest.raises(PermissionDenied):
        actions.reveal_call_list(cast.city, by=cast.member, reason="好奇")


def test_numbers_are_masked_again_after_ten_minutes(cast, client_of):
    row = to_call(cast)
    client = client_of("clerk")
    session = client.session
    session["call_list_shown_until"] = {"city": 1}
    session.save()
    assert row.recipient.phone not in client.get(CALLS).content.decode()


def test_empty_pages_say_so(cast, client_of):
    client = client_of("clerk")
    assert "没有需要打电话通知的人" in client.get(CALLS).content.decode()
    assert "还没有登记过电话告知" in client.get(f"{CALLS}?told=1").content.decode()
    assert "没有符合条件的发送记录" in client.get(LIST).content.decode()
    assert 'href="/city/notices/deliveries/"' in client.get("/city/desk/").content.decode()
