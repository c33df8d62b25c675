"""Which category a text is of: learnt from filed reports, measured, suggested, never set."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from opinions import categories
from opinions.actions.categorising import categorise, suggest_category, train_categories
from opinions.models import CategoryModel, Manuscript, Opinion, Status
from opinions.tasks.similar import run_category_training, train_categories_of
from tests import make
from tests.budgets import costs
from tests.make.alike import category_model

S = Status
WORDS = {
    "城建": ["路灯损坏夜间出行不便", "停车位不足车辆占道", "人行道破损积水", "小区电梯老化故障多"],
    "教育": [
        "中小学课后托管服务不足",
        "幼儿园学位紧张入园难",
        "校外培训收费不规范",
        "教师轮岗待遇",
    ],
    "环保": [
        "河道污水直排气味难闻",
        "工地扬尘噪声夜间扰民",
        "垃圾分类投放点清运不及时",
        "餐饮油烟排放",
    ],
}
MORE = ["居民多次反映", "希望有关部门重视", "建议尽快研究解决", "近三个月以来情况没有改变"]


def text_of(name, n):
    own = WORDS[name]
    return f"{own[n % 4]}，{MORE[n % 4]}；{own[(n + 1) % 4]}，{MORE[n // 4 % 4]}。第{n}件。"


def labelled(count):
    ids = {name: place for place, name in enumerate(WORDS, start=7)}
    return [(text_of(name, n), ids[name]) for n in range(count) for name in WORDS]


def test_learning_and_suggesting():
    learnt = categories.learn(labelled(70))
    assert (learnt.categories, learnt.texts, learnt.held_out) == ([7, 8, 9], 210, 42)
    assert learnt.accuracy > 0.95
    for name, own in zip(WORDS, learnt.categories, strict=True):
        assert categories.suggested(learnt.weights, learnt.categories, text_of(name, 99)) == own
    assert categories.suggested(learnt.weights, learnt.categories, "路灯坏了") is None


def test_the_same_reports_give_the_same_weights():
    one, two = categories.learn(labelled(70)), categories.learn(labelled(70))
    packed = categories.packed(one.weights)
    assert packed == categories.packed(two.weights)
    assert (categories.unpacked(packed, 3) == one.weights).all()
    with pytest.raises(ValueError):
        categories.unpacked(packed, 4)


def test_accuracy_is_measured_on_texts_not_seen():
    """Labels that nothing in the texts tells are not learnt by heart."""
    rows = [(text, n * n // 3 % 3) for n, (text, _) in enumerate(labelled(80))]
    assert categories.learn(rows).accuracy < 0.7


TWO_CATEGORIES = [(text, n % 2) for n, (text, _) in enumerate(labelled(90))]
ONE_OF_TEN = [(text, min(n, 9)) for n, (text, _) in enumerate(labelled(90))]


@pytest.mark.parametrize("rows", [[], labelled(66), TWO_CATEGORIES, ONE_OF_TEN])
def test_without_enough_there_is_none(rows):
    assert categories.learn(rows) is None


def test_small_categories_are_left_out():
    rows = labelled(70) + [("很少的一类", 99)] * 9
    assert categories.learn(rows).categories == [7, 8, 9]


# Training and suggesting ------------------------------------------------------------------------


@pytest.fixture
def filed(cast):
    """70 reports in each of three categories; Category by name."""
    named = {name: make.category(committee=cast.city, name=name) for name in WORDS}
    author = cast.member_of("member")
    sample = make.opinion(author=author, sector=cast.education, status=S.RECEIVED)
    given = {
        "committee": cast.city, "status": S.RECEIVED, "waiting_since": sample.waiting_since,
        "created_by": author.user, "received_on": sample.received_on,
    }  # fmt: skip
    pairs = [(name, n) for n in range(70) for name in WORDS]
    rows = Opinion.objects.bulk_create(Opinion(category=named[name], **given) for name, _ in pairs)
    Manuscript.objects.bulk_create(
        Manuscript(
            opinion=row,
            kind="original",
            written_by=author.user,
            written_at=sample.waiting_since,
            situation=text_of(*pair),
        )
        for row, pair in zip(rows, pairs, strict=True)
    )
    return named


def test_training_from_what_is_filed(cast, filed, capsys):
    model = train_categories(cast.city)
    assert (model.texts, model.held_out, model.percent) == (210, 42, 100)
    assert model.categories == sorted(row.pk for row in filed.values())
    again = train_categories(cast.city)
    assert again.pk == model.pk and bytes(again.weights) == bytes(model.weights)
    call_command("train_categories", "city")
    assert "city: 210 reports, 100 %" in capsys.readouterr().out
    call_command("train_categories")
    assert "county: too few reports" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("train_categories", "nowhere")


def test_drafts_and_closed_categories_teach_nothing(cast, filed):
    closed = filed["环保"]
    closed.is_active = False
    closed.save()
    assert train_categories(cast.city) is None
    closed.is_active = True
    closed.save()
    Opinion.objects.filter(category=closed).update(status=S.DRAFT)
    assert train_categories(cast.city) is None


def test_a_model_goes_when_its_reports_are_gone(cast, filed):
    train_categories(cast.city)
    Opinion.objects.update(category=None)
    assert train_categories(cast.city) is None
    assert CategoryModel.objects.count() == 0


def test_the_clock(cast, filed, monkeypatch):
    sent = []
    monkeypatch.setattr(train_categories_of, "delay", lambda *args: sent.append(args))
    assert run_category_training() == 1
    assert sent == [(cast.city.pk,)]
    assert [train_categories_of(cast.city.pk), train_categories_of(cast.county.pk)] == [210, 0]


def test_suggesting_reads_the_weights_once(cast, filed):
    model = train_categories(cast.city)
    text = text_of("教育", 99)
    with costs(2):
        assert suggest_category(cast.city, text) == (filed["教育"].pk, model)
    with costs(1):
        assert suggest_category(cast.city, text) == (filed["教育"].pk, model)
    assert suggest_category(cast.city, "短") is None
    assert suggest_category(cast.county, text) is None
    newer = train_categories(cast.city)
    assert suggest_category(cast.city, text) == (filed["教育"].pk, newer)


# Pages --------------------------------------------------------------------------------------------

SIMILAR = "/city/opinions/similar/"


def test_the_writer_is_shown_and_decides(cast, client_of, filed):
    train_categories(cast.city)
    client = client_of("member")
    typed = {"title": "关于学位的建议", "situation": text_of("教育", 99)}
    page = client.post(SIMILAR, typed, headers={"hx-request": "true"}).content.decode()
    assert (
        "类别建议：教育" in page and f'data-value="{filed["教育"].pk}"' in page and "100%" in page
    )
    type(filed["教育"]).objects.filter(pk=filed["教育"].pk).update(is_active=False)
    cache.clear()
    page = client.post(SIMILAR, typed, headers={"hx-request": "true"}).content.decode()
    assert "类别建议" not in page


@pytest.fixture
def editing(cast, filed):
    return make.opinion(
        author=cast.member_of("member"),
        sector=cast.education,
        status=S.EDITING,
        situation=text_of("环保", 5),
    )


def test_the_office_sets_the_category(cast, client_of, filed, editing):
    train_categories(cast.city)
    place = f"/city/opinions/{editing.pk}/category/"
    client, part = client_of("editor"), {"hx-request": "true"}
    page = client.get(place).content.decode()
    assert "<html" in page and "类别建议：环保" in page
    editing.refresh_from_db()
    assert editing.category is None, "nothing is set by itself"
    saved = client.post(place, {"category": filed["环保"].pk}, headers=part)
    assert saved.status_code == 200 and "类别已保存" in saved.content.decode()
    editing.refresh_from_db()
    assert editing.category == filed["环保"]
    assert client.post(place, {"category": ""}).status_code == 302
    editing.refresh_from_db()
    assert editing.category is None
    for bad in ({"category": "x"}, {"category": "\0"}, {}):
        assert client.post(place, bad).status_code == 400
    Opinion.objects.filter(pk=editing.pk).update(status=S.WITHDRAWN)
    assert client.post(place, {"category": filed["环保"].pk}).status_code == 400


def test_only_the_office_sets_it(cast, filed, editing):
    with pytest.raises(PermissionDenied):
        categorise(editing, filed["环保"], by=cast.member)
    row = make.opinion(author=cast.member_of("member"), status=S.WITHDRAWN)
    with pytest.raises(ValidationError):
        categorise(row, filed["环保"], by=cast.editor)


def test_the_page_of_what_was_learnt(cast, client_of):
    place = "/city/opinions/categories/"
    assert "还不够" in client_of("clerk").get(place).content.decode()
    category_model(committee=cast.city)
    page = client_of("sysadmin").get(place).content.decode()
    assert "88%" in page and "240" in page
