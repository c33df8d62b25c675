"""Undoing a handover is the identity, or a sentence that says what stands on the new term."""

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from committees.models import Term, User
from members.models import Member
from notices.models import Preference
from sectors.handover import actions
from sectors.models import Commission, Handover, RosterImport, Sector, SectorAlias, StreetGroup
from sectors.roster_import.undoing import undo_import
from tests import make
from tests.sectors.rosters import person, table
from tests.sectors.test_handover import opened, refusal, today
from tests.sectors.test_transfers import dump

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db
# What a handover and an import tell of themselves stays: the draft, its file's import, the trail.
BOOKS = {
    "committees_auditentry", "committees_counter", "sectors_handover", "sectors_rosterimport",
    "notices_notice",
}  # fmt: skip
HEADER = [
    "委员证号", "姓名", "性别", "民族", "党派", "界别", "界别职务", "所属专委会", "手机号码",
    "工作单位及职务", "是否常委",
]  # fmt: skip


def roster_file(cast, chance, size):
    """Known members with other particulars, phones and sectors, and entrants; new groups too."""
    known = list(Member.objects.filter(committee=cast.city).order_by("pk"))
    people = []
    for place, one in enumerate(chance.sample(known, min(size, len(known)))):
        people.append(
            person(
                one.name, 委员证号=one.number, 性别="男" if one.sex == "male" else "女",
                民族=chance.choice(["汉族", "回族"]), 党派=chance.choice(["民盟", "中共"]),
                界别=chance.choice(["教育", "工商联", "新设界别"]),
                手机号码=f"1370000{place:04}" if chance.random() < 0.5 else "",
                工作单位及职务=chance.choice(["", "新单位"]),
                所属专委会=chance.choice(["", "新设专委会"]),
                是否常委=chance.choice(["", "是"]),
            )
        )  # fmt: skip
    for place in range(size):
        phone = f"1360000{place:04}"
        people.append(person(f"欧阳{'甲乙丙丁戊己庚辛'[place]}", 手机号码=phone))
    return table(*people, header=HEADER)


@pytest.mark.parametrize("seed", range(6))
def test_undo_is_the_identity_of_every_table(cast, seed):
    chance = random.Random(seed)
    for _ in range(8):
        one = make.member(sector=chance.choice([cast.education, cast.business]))
        if chance.random() < 0.4:
            make.commission_seat(member=one, commission=cast.learning)
        if chance.random() < 0.4:
            make.street_seat(member=one, street_group=cast.street)
        if chance.random() < 0.4:
            make.position(member=one)
        if chance.random() < 0.4:
            make.leader_contact(member=one, leader=cast.leader)
    adopted = make.user(name="欧阳甲", phone="13600000000")
    everybody = list(Member.objects.filter(committee=cast.city))
    before, on = dump(BOOKS), today() + chance.choice([-3, 0, 4]) * DAY
    basis = chance.choice(["file", "present"])
    over = {"content": roster_file(cast, chance, 5), "file_name": "名册.csv"}
    if basis == "present" and chance.random() < 0.5:
        over = {}
    elif basis == "present":
        over["content"] = table(
            person("欧阳甲", 手机号码="13600000000", 界别="新设界别", 所属专委会="新设专委会"),
            person("欧阳乙", 手机号码="13600000001"),
        )
    leaves = chance.sample(everybody, 3) if basis == "present" else ()
    row = opened(cast, on=on, basis=basis, leaves=leaves, keeps_positions=True, **over)
    assert dump(BOOKS) != before
    if over:
        assert Member.objects.filter(user=adopted).exists()
    actions.undo(row, by=cast.clerk)
    assert dump(BOOKS) == before


def test_what_the_file_made_goes_with_the_undo(cast):
    content = table(
        person("欧阳新", 手机号码="13900008888", 界别="新设界别", 所属专委会="新设专委会")
    )
    counts = [model.objects.count() for model in (Sector, Commission, SectorAlias, StreetGroup)]
    row = opened(cast, content=content, file_name="新任.csv")
    assert Sector.objects.filter(name__contains="新设").exists()
    done = RosterImport.objects.get()
    with pytest.raises(ValidationError, match="没有保留撤销所需的记录"):
        undo_import(done, by=cast.clerk)  # the handover as a whole is undone
    actions.undo(row, by=cast.clerk)
    done.refresh_from_db()
    assert done.state == "undone"
    assert counts == [
        model.objects.count() for model in (Sector, Commission, SectorAlias, StreetGroup)
    ]
    assert not User.objects.filter(name="欧阳新").exists()


def test_names_and_phones_are_as_they_were(cast):
    heir = cast.member_of("member")
    heir.birth_month = dt.date(1975, 3, 1)
    heir.save()
    phone = heir.user.phone
    content = table(
        person(heir.name, 委员证号=heir.number, 手机号码="13755556666", 性别="女"),
        header=["委员证号", "姓名", "性别", "出生年月", "界别", "手机号码"],
    )
    row = opened(cast, basis="file", content=content, file_name="名册.csv")
    heir.user.refresh_from_db()
    assert heir.user.phone == "13755556666"
    actions.undo(row, by=cast.clerk)
    heir.user.refresh_from_db()
    assert heir.user.phone == phone


def entered(cast):
    content = table(person("欧阳新", 手机号码="13900008888", 界别="工商联"))
    row = opened(cast, on=today(), content=content, file_name="新任.csv")
    return row, Member.objects.get(name="欧阳新")


def why_not(row, cast):
    before = dump(BOOKS)
    with pytest.raises(ValidationError) as refused:
        actions.undo(row, by=cast.clerk)
    assert refused.value.code == "depends"
    assert dump(BOOKS) == before
    return refused.value.messages[0]


def test_an_entrant_who_signed_in_keeps_the_term(cast):
    row, new = entered(cast)
    new.user.last_login = timezone.now()
    new.user.save()
    assert why_not(row, cast) == "新任委员欧阳新已经登录，不能撤销换届。"


def test_what_the_entrant_has_is_named(cast):
    row, new = entered(cast)
    make.contact(member=new)
    assert "界别群众联系人 1 条" in why_not(row, cast)


def test_a_changed_row_is_named(cast):
    row, new = entered(cast)
    new.work = "又一单位"
    new.save()
    assert "委员 1 条" in why_not(row, cast)


def test_a_session_of_the_new_term_is_named(cast):
    row, _new = entered(cast)
    make.session(term=row.new_term)
    assert "次会议 1 条" in why_not(row, cast)


def test_what_stands_beside_an_unused_account_goes_along(cast):
    row, new = entered(cast)
    Preference.objects.create(user=new.user)
    actions.undo(row, by=cast.clerk)
    assert Preference.objects.count() == 0
    assert not User.objects.filter(pk=new.user_id).exists()


def test_one_without_images_is_not_undone(cast):
    row = opened(cast)
    Handover.objects.filter(pk=row.pk).update(before={"made": {}})
    assert refusal(actions.undo, row, by=cast.clerk) == "no_trace"
    assert Term.objects.filter(pk=row.new_term_id).exists()
