"""Telling many the same: rendered once, and yet everybody's own letter."""

import pytest

from notices import letters
from notices.actions import posting as actions
from notices.actions import post_many
from notices.models import Notice
from tests import make
from tests.budgets import costs

KIND = "feedback_answered"
FIELDS = ("recipient_id", "title", "body", "sms", "mail", "path", "kind", "key", "attempts")


@pytest.fixture
def people(db):
    names = ["王伟", "<b>&\"'王'", "欧阳明月"]
    return [make.user(name=names[n % 3]) for n in range(24)]


def tell(people, key, about, **over):
    given = {"to": people, "key": key, "about": about, "committee": about.committee}
    return post_many(KIND, **given | {"path": "/city/"} | over)


def stored(key):
    return [
        row[:6] for row in Notice.objects.filter(key=key).order_by("recipient").values_list(*FIELDS)
    ]


def test_many_read_what_each_would_have_read(people, monkeypatch, db):
    about = make.feedback(answer="已改。", text="字太小。")
    with costs(1):
        told = tell(people, "many", about)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "MANY", 1000)
        single = tell(people, "single", about)
    assert stored("many") == stored("single")
    assert [row.recipient for row in told] == [row.recipient for row in single]
    found = {row.pk: row for row in Notice.objects.filter(key="many")}
    for row in told:
        for field in (*FIELDS, "created_at"):
            assert getattr(row, field) == getattr(found[row.pk], field), field
    assert "王伟" in told[0].mail and letters.MARK not in told[0].mail


def test_many_are_told_once(people, django_capture_on_commit_callbacks, sent_tasks):
    about = make.feedback(answer="已改。")
    first = tell(people[:20], "once", about)
    with django_capture_on_commit_callbacks(execute=True):
        rest = tell(people, "once", about)
    assert [len(first), len(rest)] == [20, 4]
    assert sent_tasks == [("notices.tasks.deliver_all", ([row.pk for row in rest],), {})]
    assert tell(people, "once", about) == []


def test_a_name_in_the_page_is_escaped(people, monkeypatch):
    about = make.feedback(answer="已改。")
    texts = letters.for_all(KIND, {"about": about, "committee": about.committee, "path": "/"})
    monkeypatch.setattr(
        letters, "texts_of", lambda *_args: texts | {"body": f"<p>{letters.MARK}</p>"}
    )
    tell(people, "escaped", about)
    row = Notice.objects.get(key="escaped", recipient=people[1])
    assert row.body == "<p>&lt;b&gt;&amp;&quot;&#x27;王&#x27;</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "{{ to.name }}：{% blocktranslate with to=to.name %}{{ to }}{% endblocktranslate %}",
            True,
        ),
        ("{{ about.to }}nothing of the person", True),
        ("{{ to.name|name }}", False),
        ("{{ to.phone }}", False),
        ("{{ to|upper }}", False),
        ("{% include 'notices/_notice.html' %}{{ to.name }}", False),
    ],
)
def test_which_texts_can_be_rendered_once(monkeypatch, source, expected):
    class Templates:
        def get_template(self, _name):
            return type("T", (), {"source": source})

    monkeypatch.setattr(letters.Engine, "get_default", lambda: Templates())
    letters._asks_for_the_name_only.cache_clear()
    assert letters._asks_for_the_name_only("any") is expected
    letters._asks_for_the_name_only.cache_clear()


def test_a_name_in_a_line_that_is_cut_is_rendered_for_each(monkeypatch):
    texts = {"title": letters.MARK, "sms": "", "mail": "", "body": ""}
    monkeypatch.setattr(letters, "texts_of", lambda *_args: texts)
    assert letters.for_all(KIND, {}) is None
