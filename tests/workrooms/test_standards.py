"""Checklists of rooms: evidence given, confirmed, asked for anew; what is missing is found."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from committees.models import AuditEntry
from tests import make
from tests.budgets import costs
from tests.workrooms.test_photos import picture
from workrooms import actions
from workrooms.models import Evidence, Standard, Workroom
from workrooms.seed import STANDARDS, seed

TODAY = datetime.date(2026, 3, 1)


@pytest.fixture
def room(cast):
    return cast.room


@pytest.fixture
def standard(cast):
    return make.standard(committee=cast.city, name="有场所")


def page(room, more=""):
    return f"/city/workrooms/{room.pk}/standards/{more}"


def give(room, standard, by, **over):
    told = {"met_on": TODAY, "text": "已挂牌", "upload": None} | over
    return actions.give_evidence(room, standard, by=by, **told)


def again(row):
    return Evidence.objects.select_related("workroom__committee").get(pk=row.pk)


def test_samples_are_laid_once_and_left_alone(cast):
    seed(cast.city)
    rows = Standard.objects.in_committee(cast.city)
    assert [(row.group, row.name) for row in rows] == [
        (group, name) for group, names in STANDARDS.items() for name in names
    ]
    assert all(row.is_sample for row in rows)
    rows.exclude(name="有场所").delete()
    seed(cast.city)
    assert Standard.objects.in_committee(cast.city).count() == 1


def test_evidence_is_given_and_confirmed(cast, room, standard):
    row = give(room, standard, cast.keeper, upload=picture())
    assert (row.state, row.given_by, row.attachment.name) == ("waiting", cast.keeper, "门口.jpg")
    assert actions.confirm_evidence(room, [row], by=cast.clerk) == 1
    assert (again(row).state, again(row).confirmed_by) == ("ok", cast.clerk)
    trail = AuditEntry.objects.filter(action__startswith="evidence").order_by("sequence")
    assert [(entry.action, entry.detail) for entry in trail] == [
        ("evidence.give", {"room": room.pk, "standard": standard.pk}),
        ("evidence.confirm", {"standards": [standard.pk]}),
    ]


def test_new_evidence_replaces_and_waits_again_with_its_photo(cast, room, standard):
    first = give(room, standard, cast.keeper, upload=picture())
    actions.confirm_evidence(room, [first], by=cast.clerk)
    second = give(room, standard, cast.keeper, text="")
    assert (second.pk, second.attachment, second.state) == (first.pk, first.attachment, "waiting")
    assert again(second).confirmed_by is None


def test_more_is_asked_for_and_decisions_are_taken_back(cast, room, standard):
    row = again(give(room, standard, cast.keeper))
    actions.return_evidence(row, note=" 请补照片 ", by=cast.clerk)
    assert (again(row).state, again(row).returned_note) == ("returned", "请补照片")
    actions.reconsider_evidence(again(row), by=cast.clerk)
    assert (again(row).state, again(row).returned_note) == ("waiting", "")
    with pytest.raises(ValidationError, match="刚刚有变动"):
        actions.reconsider_evidence(again(row), by=cast.clerk)
    for note, sentence in (("  ", "请写明"), ("机密", "机密"), ("长" * 201, "200")):
        with pytest.raises(ValidationError, match=sentence):
            actions.return_evidence(again(row), note=note, by=cast.clerk)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"text": ""}, "请写明情况或上传一张照片。"),
        ({"met_on": timezone.localdate() + datetime.timedelta(days=1)}, "不能晚于今天"),
        ({"text": "绝密"}, "绝密"),
        ({"text": "长" * 301}, "300"),
    ],
)
def test_what_is_no_evidence(cast, room, standard, over, sentence):
    with pytest.raises(ValidationError, match=sentence):
        give(room, standard, cast.keeper, **over)
    assert Evidence.objects.count() == 0


def test_only_standards_in_use_here(cast, room):
    for other in (make.standard(), make.standard(committee=cast.city, is_active=False)):
        with pytest.raises(ValidationError, match="不在本级政协使用"):
            give(room, other, cast.keeper)


def test_nobody_confirms_what_changed_meanwhile(cast, room, standard):
    """The office looks at one evidence, the keeper gives another: the look does not count."""
    other = give(room, make.standard(committee=cast.city), cast.keeper)
    looked_at = give(room, standard, cast.keeper)
    give(room, standard, cast.keeper, text="又改")
    for deed in (
        lambda: actions.confirm_evidence(room, [other, looked_at], by=cast.clerk),
        lambda: actions.return_evidence(looked_at, note="补", by=cast.clerk),
    ):
        with pytest.raises(ValidationError, match="刚刚有变动"):
            deed()
    assert {row.state for row in Evidence.objects.all()} == {"waiting"}
    actions.confirm_evidence(room, [other], by=cast.clerk)
    with pytest.raises(ValidationError, match="刚刚有变动"):
        actions.confirm_evidence(room, [other], by=cast.clerk)


def test_who_gives_and_who_confirms(cast, room, standard):
    row = again(give(room, standard, cast.clerk))
    for person in (cast.member, cast.editor, cast.leader, cast.stranger_clerk):
        with pytest.raises(PermissionDenied):
            give(room, standard, person)
    for person in (cast.keeper, cast.editor, cast.stranger_clerk):
        for deed in (
            lambda by: actions.confirm_evidence(room, [row], by=by),
            lambda by: actions.return_evidence(row, note="补", by=by),
            lambda by: actions.reconsider_evidence(row, by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed(person)
    assert again(row).state == "waiting"


# Which rooms lack something ----------------------------------------------------------------------


def test_rooms_by_their_standards(cast, room):
    wanted = [make.standard(committee=cast.city) for _ in range(2)]
    make.standard(committee=cast.city, is_active=False)
    whole, waiting, none = (make.workroom(committee=cast.city) for _ in range(3))
    for standard in wanted:
        make.evidence(workroom=whole, standard=standard, is_confirmed=True)
    make.evidence(workroom=waiting, standard=wanted[0], is_confirmed=True)
    make.evidence(workroom=waiting, standard=wanted[1])
    rooms = Workroom.objects.in_committee(cast.city)
    assert set(rooms.meeting_standards()) == {whole}
    assert set(rooms.lacking_standards()) == {room, waiting, none}
    assert set(rooms.awaiting_confirmation()) == {waiting}
    counted = {row: (row.standards_met, row.has_waiting) for row in rooms.for_list()}
    expected = {whole: (2, False), waiting: (1, True), none: (0, False), room: (0, False)}
    assert counted == expected
    assert not Workroom.objects.in_committee(cast.stranger).meeting_standards().exists()


# Pages -------------------------------------------------------------------------------------------


def test_a_keeper_gives_evidence_and_the_office_confirms_it(cast, room, standard, client_of):
    keeper, clerk = client_of("keeper"), client_of("clerk")
    assert "未提供" in keeper.get(page(room)).content.decode()
    told = {"met_on": "2026-03-01", "text": "门口已挂牌", "photo": picture()}
    answer = keeper.post(page(room, f"{standard.pk}/"), told)
    assert (answer.status_code, answer["Location"]) == (302, page(room))
    row = Evidence.objects.get()
    shown = client_of("member2").get(page(room)).content.decode()
    assert "门口已挂牌" in shown and "待确认" in shown and "确认所勾选" not in shown
    file = client_of("member2").get(page(room, f"{standard.pk}/photo/"))
    assert (file.status_code, file["Content-Type"]) == (200, "image/jpeg")
    assert "确认所勾选" in clerk.get(page(room)).content.decode()
    clerk.post(page(room, "confirm/"), {"evidence": [f"{standard.pk}:{row.version}"]})
    assert again(row).state == "ok"
    assert "已齐" in keeper.get(f"/city/workrooms/{room.pk}/").content.decode()


def test_decisions_on_the_page(cast, room, standard, client_of):
    row, clerk = give(room, standard, cast.keeper), client_of("clerk")
    deed = page(room, f"{standard.pk}/return/?version={row.version}")
    clerk.post(deed, {"note": "请补照片"})
    assert again(row).state == "returned"
    assert (
        "1 项材料待补充" in client_of("keeper").get(f"/city/workrooms/{room.pk}/").content.decode()
    )
    assert "请补照片" in client_of("keeper").get(page(room, f"{standard.pk}/")).content.decode()
    clerk.post(page(room, f"{standard.pk}/reconsider/?version={row.version}"))
    assert again(row).state == "waiting"
    give(room, standard, cast.keeper, text="又改")
    assert "刚刚更新过" in clerk.post(deed, {"note": "晚了"}, follow=True).content.decode()
    old = {"evidence": [f"{standard.pk}:{row.version}"]}
    shown = clerk.post(page(room, "confirm/"), old, follow=True).content.decode()
    assert "刚刚更新过" in shown
    assert "请先勾选" in clerk.post(page(room, "confirm/"), follow=True).content.decode()
    assert clerk.post(page(room, f"{standard.pk}/burn/")).status_code == 404
    assert again(row).state == "waiting"
    latest = again(row).version
    empty = page(room, f"{standard.pk}/return/?version={latest}")
    assert "请写明" in clerk.post(empty, {"note": " "}, follow=True).content.decode()


def test_bad_evidence_is_told_beside_its_field(cast, room, standard, client_of):
    client = client_of("keeper")
    for told, sentence in (
        ({"met_on": "2026-03-01", "text": ""}, "请写明情况或上传一张照片。"),
        ({"met_on": "9999-01-01", "text": "写过"}, "不能晚于今天"),
        ({"met_on": "昨天", "text": "写过"}, "写过"),
        ({"met_on": "2026-03-01", "text": "机密"}, "机密"),
    ):
        answer = client.post(page(room, f"{standard.pk}/"), told)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Evidence.objects.count() == 0


def test_standards_of_others_and_photos_that_are_not(cast, room, standard, client_of):
    keeper, stranger = client_of("keeper"), make.standard(committee=cast.stranger)
    assert keeper.get(page(room, f"{stranger.pk}/")).status_code == 404
    give(room, standard, cast.keeper)
    assert keeper.get(page(room, f"{standard.pk}/photo/")).status_code == 404
    assert client_of("member").get(page(room, f"{standard.pk}/")).status_code == 403
    assert client_of("stranger_member").get(page(room)).status_code == 404


def test_without_standards_the_office_is_led_to_them(cast, room, client_of):
    assert "/admin/workrooms/standard/" in client_of("clerk").get(page(room)).content.decode()
    assert "/admin/" not in client_of("member").get(page(room)).content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_budgets(cast, room, client_of, number):
    standards = [make.standard(committee=cast.city) for _ in range(number)]
    rows = [give(room, standard, cast.keeper) for standard in standards]
    clerk = client_of("clerk")
    clerk.get(page(room))
    with costs(7):
        clerk.get(page(room))
    with costs(7):
        clerk.get(page(room, f"{standards[0].pk}/"))
    ticked = [f"{row.standard_id}:{row.version}" for row in rows]
    with costs(9):
        clerk.post(page(room, "confirm/"), {"evidence": ticked})
    assert {row.state for row in Evidence.objects.all()} == {"ok"}
    told = {"met_on": "2026-03-01", "text": "新的", "photo": picture()}
    with costs(12):
        clerk.post(page(room, f"{standards[0].pk}/"), told)
