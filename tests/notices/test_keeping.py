"""Rules with versions, and policy packs."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from notices.actions import keeping
from notices.models import PackItem, PolicyPack, Rule, RuleCategory
from notices.seed import CATEGORIES, seed
from tests import make
from tests.make import announcing as made

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def code_of(deed, *args, **kwargs):
    with pytest.raises(ValidationError) as raised:
        deed(*args, **kwargs)
    return getattr(raised.value, "code", None) or sorted(raised.value.message_dict)


def a_paper(name="规则.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def current(rule, on=None):
    return (
        Rule.objects.filter(pk=rule.pk)
        .with_current(on)
        .values_list("current_number", "current_from", "coming_from")[0]
    )


# Rules -------------------------------------------------------------------------------------------


def test_a_rule_and_its_next_versions(cast):
    category = made.rule_category(committee=cast.city)
    given = {"by": cast.clerk, "category": category}
    rule = keeping.issue_rule(
        cast.city, title=" 履职规则 ", text="第一条", effective_from=today() - 30 * DAY, **given
    )
    assert (rule.title, current(rule)) == ("履职规则", (1, today() - 30 * DAY, None))
    new = {"by": cast.clerk, "text": "第一条（改）"}
    keeping.revise_rule(rule, after=1, effective_from=today() + DAY, note="补充第三条", **new)
    assert current(rule) == (1, today() - 30 * DAY, today() + DAY)
    assert current(rule, today() + DAY) == (2, today() + DAY, None)
    same_day = {"after": 2, "effective_from": today() + DAY}
    assert code_of(keeping.revise_rule, rule, **same_day, **new) == ["effective_from"]
    stale = {"after": 1, "effective_from": today() + 9 * DAY}
    assert code_of(keeping.revise_rule, rule, **stale, **new) == "moved"
    again = {"title": "履职规则", "text": "x", "effective_from": today()}
    assert code_of(keeping.issue_rule, cast.city, **again, **given) is not None
    assert Rule.objects.count() == 1
    assert str(rule.versions.first()) == "履职规则（第2版）"


def test_what_a_version_needs(cast):
    given = {"by": cast.clerk, "category": made.rule_category(committee=cast.city), "title": "规则"}
    deed = keeping.issue_rule
    nothing = {"text": "", "effective_from": today()}
    assert code_of(deed, cast.city, **nothing, **given) == ["text"]
    marked = nothing | {"text": "绝密"}
    assert code_of(deed, cast.city, **marked, **given) == "classified"
    bad = {"upload": SimpleUploadedFile("x.exe", b"MZ")}
    assert code_of(deed, cast.city, **nothing, **bad, **given) == ["upload"]
    elsewhere = given | {"category": made.rule_category(committee=cast.county)}
    assert code_of(deed, cast.city, **nothing, **elsewhere) == "other_committee"
    assert not Rule.objects.exists()
    rule = deed(cast.city, upload=a_paper(), **nothing, **given)
    assert rule.versions.get().attachment.name == "规则.pdf"


def test_renamed_and_repealed(cast):
    rule = made.rule(committee=cast.city, by=cast.clerk)
    other = made.rule_category(committee=cast.city, name="提案")
    renamed = keeping.rename_rule(rule, by=cast.clerk, title="新名称", category=other)
    assert (renamed.title, renamed.category) == ("新名称", other)
    assert list(Rule.objects.found_by("新名")) == [rule]
    keeping.repeal_rule(rule, by=cast.clerk, on=today())
    assert list(Rule.objects.in_force()) == []
    assert list(Rule.objects.repealed()) == [rule]
    for deed, given in (
        (keeping.repeal_rule, {"on": today()}),
        (keeping.rename_rule, {"title": "x", "category": other}),
        (keeping.revise_rule, {"after": 1, "text": "x", "effective_from": today() + DAY}),
    ):
        assert code_of(deed, rule, by=cast.clerk, **given) == "moved"


@pytest.mark.parametrize("who", ["member", "convenor", "editor", "leader", "stranger_clerk"])
def test_the_offices_clerks_keep_them(cast, who):
    rule, pack = made.rule(committee=cast.city), made.pack(committee=cast.city)
    other = {"title": "x", "category": rule.category}
    for deed in (
        lambda by: keeping.issue_rule(cast.city, by=by, text="x", effective_from=today(), **other),
        lambda by: keeping.rename_rule(rule, by=by, **other),
        lambda by: keeping.repeal_rule(rule, by=by, on=today()),
        lambda by: keeping.start_pack(cast.city, by=by, title="x"),
        lambda by: keeping.amend_pack(pack, by=by, title="x"),
        lambda by: keeping.publish_pack(pack, by=by),
        lambda by: keeping.take_down_pack(pack, by=by),
        lambda by: keeping.add_item(pack, by=by, title="x", text="x"),
        lambda by: keeping.amend_item(pack.items.get(), by=by, title="x", text="x"),
        lambda by: keeping.remove_item(pack.items.get(), by=by),
    ):
        with pytest.raises(PermissionDenied):
            deed(cast[who])


def test_sample_categories_are_laid_once(cast):
    RuleCategory.objects.in_committee(cast.city).delete()
    seed(cast.city)
    seed(cast.city)
    rows = RuleCategory.objects.in_committee(cast.city)
    assert [row.name for row in rows] == list(CATEGORIES)
    assert all(row.is_sample for row in rows)


# Policy packs ------------------------------------------------------------------------------------


def test_a_pack_from_empty_to_taken_down(cast):
    theme = make.theme(committee=cast.city)
    pack = keeping.start_pack(cast.city, by=cast.clerk, title="惠企政策", theme=theme)
    assert code_of(keeping.publish_pack, pack, by=cast.clerk) == "empty"
    item = keeping.add_item(pack, by=cast.clerk, title="减税", text="小微企业")
    second = keeping.add_item(pack, by=cast.clerk, title="明白纸", upload=a_paper("明白纸.pdf"))
    assert (item.position, second.position, second.text) == (1, 2, "")
    assert code_of(keeping.take_down_pack, pack, by=cast.clerk) == "moved"
    assert list(PolicyPack.objects.usable()) == []
    keeping.publish_pack(pack, by=cast.clerk)
    assert list(PolicyPack.objects.usable()) == [pack]
    assert code_of(keeping.publish_pack, pack, by=cast.clerk) == "moved"
    keeping.take_down_pack(pack, by=cast.clerk)
    assert list(PolicyPack.objects.past()) == [pack]
    assert keeping.publish_pack(pack, by=cast.clerk).is_usable(today())


def test_a_pack_lasts_to_its_day(cast):
    pack = made.pack(committee=cast.city, valid_until=today())
    assert list(PolicyPack.objects.usable()) == [pack]
    assert list(PolicyPack.objects.usable(today() + DAY)) == []
    assert list(PolicyPack.objects.past(today() + DAY)) == [pack]
    assert (pack.is_usable(today()), pack.is_usable(today() + DAY)) == (True, False)


def test_materials_are_changed_and_removed(cast):
    pack = made.pack(committee=cast.city)
    item = pack.items.get()
    done = keeping.amend_item(item, by=cast.clerk, title="改", text="", upload=a_paper())
    assert (done.title, done.text, done.attachment.name) == ("改", "", "规则.pdf")
    done = keeping.amend_item(item, by=cast.clerk, title="改", text="又有字")
    assert done.attachment is not None, "the file stays"
    fresh = keeping.add_item(pack, by=cast.clerk, title="二", text="字")
    assert code_of(keeping.amend_item, fresh, by=cast.clerk, title="二", text="") == ["text"]
    keeping.remove_item(fresh, by=cast.clerk)
    assert code_of(keeping.amend_item, fresh, by=cast.clerk, title="二", text="x") == "moved"
    assert list(pack.items.all()) == [item]


def test_too_many_materials(cast, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_ITEMS", 1)
    pack = made.pack(committee=cast.city)
    assert code_of(keeping.add_item, pack, by=cast.clerk, title="二", text="x") == "too_many"
    assert PackItem.objects.count() == 1


def test_a_theme_of_another_committee(cast):
    theme = make.theme(committee=cast.county)
    deed = keeping.start_pack
    assert code_of(deed, cast.city, by=cast.clerk, title="x", theme=theme) == "other_committee"
    assert code_of(deed, cast.city, by=cast.clerk, title="绝密") == "classified"
    pack = made.pack(committee=cast.city)
    assert keeping.amend_pack(pack, by=cast.clerk, title=" 新 ", about="要点").title == "新"
