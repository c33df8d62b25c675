"""报送 along the tree: a new row above with its own life, and what becomes of it flows back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committees.models import AuditEntry, Level
from notices.models import Notice
from opinions import actions
from opinions.actions import adoptions, sending_on
from opinions.actions.issuing import sign_together
from opinions.models import Adoption, Manuscript, Opinion, Status, Step
from opinions.texts import Texts
from opinions.workflow import available_moves
from tests import make
from tests.make import outcomes

S = Status


@pytest.fixture
def issued(cast):
    """A county report of two authors, issued there; the edited text differs from the original."""
    people = [cast.member_of("countymember"), make.member(committee=cast.county)]
    row = make.opinion(
        authors=people, status=S.ISSUED, title="关于修桥的建议", situation="县里写的。"
    )
    Manuscript.objects.filter(opinion=row, kind="edited").update(situation="县里编的。")
    return Opinion.objects.for_moves().get(pk=row.pk)


def view_of(row):
    return Opinion.objects.for_moves().get(pk=row.pk)


def issue_above(cast, sent):
    """The city edits, checks and signs it."""
    row = view_of(sent)
    actions.move(row, "take_up", by=cast.editor)
    actions.edit(row, Texts("关于修桥的建议（市改）", "市里改的。"), by=cast.editor, version=0)
    actions.move(row, "send_to_check", by=cast.editor)
    actions.move(row, "checked", by=cast.checker)
    return actions.move(view_of(row), "sign", by=cast.signer)


def test_it_becomes_a_received_report_of_the_city(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    row = Opinion.objects.with_authors().get(pk=sent.pk)
    assert (row.committee, row.status, row.number) == (cast.city, S.RECEIVED, 1)
    assert (row.source, row.sent_by) == (issued, cast.county.name)
    assert row.sent_names == "、".join(issued.author_names) and row.author_ids == []
    assert row.submitter_label == f"{cast.county.name}（{row.sent_names}）"
    text = row.manuscripts.get()
    assert (text.kind, text.situation) == ("original", "县里编的。")
    assert Step.objects.filter(opinion=row).values_list("move", flat=True).get() == "arrived"
    assert Step.objects.filter(opinion=issued).values_list("move", flat=True).get() == "sent_on"


def test_it_takes_the_category_of_the_same_name(cast, issued):
    issued.category = make.category(committee=cast.county, name="城建城管")
    issued.save(update_fields=["category"])
    theirs = make.category(committee=cast.city, name="城建城管")
    assert sending_on.send_on(issued, by=cast.countyclerk).category == theirs


def test_it_is_sent_once(cast, issued):
    sending_on.send_on(issued, by=cast.countyclerk)
    with pytest.raises(ValidationError) as caught:
        sending_on.send_on(issued, by=cast.countyclerk)
    assert caught.value.code == "opinion_sent_once"
    assert Opinion.objects.filter(source=issued).count() == 1
    # The number given out for the second was given back.
    assert Opinion.objects.in_committee(cast.city).filter(number__gt=1).count() == 0


@pytest.mark.parametrize("who", ["countymember", "clerk", "stranger_clerk"])
def test_only_the_own_office_sends(cast, issued, who):
    with pytest.raises(PermissionDenied):
        sending_on.send_on(issued, by=cast[who])


def test_only_what_was_issued_and_only_upwards(cast):
    waiting = make.opinion(author=cast.member_of("countymember"), status=S.RECEIVED)
    with pytest.raises(ValidationError) as caught:
        sending_on.send_on(waiting, by=cast.countyclerk)
    assert caught.value.code == "not_issued"
    top = make.opinion(author=cast.member_of("member"), status=S.ISSUED)
    with pytest.raises(ValidationError) as caught:
        sending_on.send_on(top, by=cast.clerk)
    assert caught.value.code == "no_parent"


def test_the_adoption_flows_back_to_author_and_office(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    row = issue_above(cast, sent)
    above = row.adoptions.get()
    echo = issued.adoptions.get(origin=above)
    assert (echo.committee, echo.level, echo.body) == (cast.county, "city", cast.city.name)
    assert (echo.form, echo.publication) == (above.form, above.publication)
    told = {(n.kind, n.recipient) for n in Notice.objects.filter(path__contains="/county/")}
    assert told == {
        ("opinion_adopted", issued.authors.first().user),
        ("opinion_adopted", issued.authors.last().user),
        ("opinion_adopted_above", cast.countyclerk),
    }
    moves = list(Step.objects.filter(opinion=issued).values_list("move", flat=True))
    assert moves == ["sent_on", "adopted_above"]
    # A later one too, and its correction and removal follow.
    later = make.adoption(opinion=row)
    later.delete()
    given = {"level": "province", "form": "composed", "body": "省政协", "publication": ""}
    given |= {"adopted_on": above.adopted_on, "evidence": "内部依据"}
    later = adoptions.record_adoption(view_of(row), by=cast.editor, **given)
    echo = issued.adoptions.get(origin=later)
    assert (echo.level, echo.form, echo.evidence) == ("province", "composed", "")
    adoptions.correct_adoption(later, by=cast.editor, **given | {"level": "nation"})
    echo.refresh_from_db()
    assert echo.level == "nation"
    with pytest.raises(ValidationError) as caught:
        adoptions.remove_adoption(echo, by=cast.countyclerk, reason="wrong")
    assert caught.value.code == "not_ours"
    adoptions.remove_adoption(later, by=cast.editor, reason="wrong")
    assert set(issued.adoptions.values_list("level", flat=True)) == {"county", "city"}


def test_it_flows_back_from_a_report_that_took_it_in(cast, issued):
    sent = view_of(sending_on.send_on(issued, by=cast.countyclerk))
    other = view_of(make.opinion(author=cast.member_of("member"), status=S.RECEIVED))
    whole = actions.compose([sent, other], by=cast.editor, title="关于修桥的建议")
    row = view_of(whole)
    actions.move(row, "send_to_check", by=cast.editor)
    actions.move(row, "checked", by=cast.checker)
    actions.move(view_of(row), "sign", by=cast.signer)
    echo = issued.adoptions.get(level="city")
    assert (echo.form, echo.origin.opinion) == ("composed", whole)
    assert Step.objects.filter(opinion=issued, move="adopted_above").count() == 1


def test_what_the_county_entered_by_hand_stays_the_only_one(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    make.adoption(opinion=issued, level="city", body=cast.city.name)
    issue_above(cast, sent)
    assert issued.adoptions.filter(level="city").count() == 1
    assert not Notice.objects.filter(kind="opinion_adopted_above").exists()


def test_from_county_to_province_it_flows_back_all_the_way(cast, issued):
    province = make.committee(slug="province", place="江南省", level=Level.PROVINCE)
    cast.city.parent = province
    cast.city.save()
    row = issue_above(cast, sending_on.send_on(issued, by=cast.countyclerk))
    top = sending_on.send_on(view_of(row), by=cast.editor)
    assert (top.committee, top.source) == (province, row)
    assert top.sent_names == row.submitter_label
    signer = make.officer("signer", province)
    Opinion.objects.filter(pk=top.pk).update(status=S.SIGNING)
    sign_together(province, {top.pk: view_of(top).waiting_since}, by=signer)
    assert set(issued.adoptions.values_list("level", flat=True)) == {"county", "city", "province"}
    assert set(row.adoptions.values_list("level", flat=True)) == {"city", "province"}


def test_recalled_while_nobody_took_it_up_and_sent_anew(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    sending_on.recall(issued, by=cast.countyclerk)
    assert view_of(sent).status == S.WITHDRAWN
    with pytest.raises(ValidationError) as caught:
        sending_on.recall(issued, by=cast.countyclerk)
    assert caught.value.code == "not_sent"
    again = sending_on.send_on(issued, by=cast.countyclerk)
    actions.move(view_of(again), "take_up", by=cast.editor)
    with pytest.raises(ValidationError) as caught:
        sending_on.recall(issued, by=cast.countyclerk)
    assert caught.value.code == "taken_up"
    with pytest.raises(PermissionDenied):
        sending_on.recall(issued, by=cast.clerk)
    assert AuditEntry.objects.filter(action="opinion.recall").count() == 1


def test_the_city_cannot_send_it_back_nor_the_county_do_more_than_recall(cast, issued):
    sent = view_of(sending_on.send_on(issued, by=cast.countyclerk))
    assert available_moves(sent, cast.countyclerk) == ["withdraw"]
    assert available_moves(sent, cast.editor) == ["take_up", "shelve", "merge", "go_offline"]
    with pytest.raises(ValidationError) as caught:
        actions.move(sent, "send_back", by=cast.editor, note="请补充。")
    assert caught.value.code == "sent_on"


# Who sees what ---------------------------------------------------------------------------------


def test_each_committee_sees_its_own_row(client_of, cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    for who in ("clerk", "editor", "signer"):
        assert set(Opinion.objects.visible_to(cast.again(who))) == {sent}
    for who in ("countyclerk", "countymember"):
        assert set(Opinion.objects.visible_to(cast.again(who))) == {issued}
    clerk = client_of("clerk")
    page = clerk.get(f"/city/opinions/{sent.pk}/").content.decode()
    assert "县里编的。" in page and "县里写的。" not in page
    assert cast.county.name in page
    assert clerk.get(f"/city/opinions/{issued.pk}/").status_code == 404
    assert client_of("countyclerk").get(f"/county/opinions/{sent.pk}/").status_code == 404
    for path in ("", "review/", "register/", "adoptions/"):
        assert clerk.get(f"/city/opinions/{path}").status_code == 200
    assert cast.county.name in clerk.get("/city/opinions/review/").content.decode()


def test_later_edits_of_the_county_stay_there(cast, issued):
    sent = sending_on.send_on(issued, by=cast.countyclerk)
    make.manuscript(opinion=issued, kind="edited", situation="县里又改的。")
    Opinion.objects.filter(pk=issued.pk).update(title="县里改的标题")
    row = view_of(sent)
    assert (row.title, row.situation) == ("关于修桥的建议", "县里编的。")


@pytest.mark.parametrize(
    ("status", "word"),
    [(S.RECEIVED, "已送达"), (S.EDITING, "正在办理"), (S.SIGNING, "正在办理"),
     (S.ISSUED, "已采用"), (S.SHELVED, "留存备查"), (S.WITHDRAWN, "已撤回报送")],
)  # fmt: skip
def test_the_county_reads_a_word(client_of, cast, issued, status, word):
    sent = outcomes.sent(issued, status=status)
    sent.manuscripts.update(situation="市里的话")
    for who in ("countyclerk", "countymember"):
        page = client_of(who).get(f"/county/opinions/{issued.pk}/outcomes/").content.decode()
        assert word in page and "市里的话" not in page
        assert ("撤回报送</summary>" in page) == (who == "countyclerk" and status == S.RECEIVED)


def test_sending_and_recalling_on_the_page(client_of, cast, issued):
    clerk, own = client_of("countyclerk"), f"/county/opinions/{issued.pk}/outcomes/"
    assert "确认向上级政协报送此件" in clerk.get(own).content.decode()
    assert clerk.get(own + "send-on/").status_code == 405
    assert clerk.post(own + "send-on/", follow=True).status_code == 200
    twice = clerk.post(own + "send-on/", follow=True).content.decode()
    assert "此件已向上级政协报送" in twice
    assert "已撤回报送" in clerk.post(own + "recall/", follow=True).content.decode()
    assert client_of("countymember").post(own + "send-on/").status_code == 403
    assert Opinion.objects.filter(source=issued).values_list("status", flat=True).get() == (
        S.WITHDRAWN
    )
    assert Adoption.objects.filter(opinion=issued).count() == 1
