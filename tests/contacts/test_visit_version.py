"""Two people amend one visit: the second is told, sees what is there now, and loses nothing."""

import re
import threading

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection

from committees.models import AuditEntry, Draft
from contacts import actions
from contacts.models import Visit
from tests import make
from tests.budgets import costs
from tests.cast import assemble


@pytest.fixture
def visit(cast):
    cache.clear()
    make.occasion(committee=cast.city)
    channel = make.channel(committee=cast.city, name="走访座谈")
    contact = make.contact(member=cast.member_of("member"), name="李建国", place="新华社区")
    return make.visit(
        member=cast.member_of("member"), channel=channel, contacts=[contact], said="原话"
    )


def path_of(visit):
    return f"/city/contacts/visits/{visit.pk}/edit/"


def as_shown(client, visit):
    """What the form of this visit holds for this person, as a browser would send it back."""
    form = client.get(path_of(visit)).context["form"]
    values = {bound.name: bound.value() for bound in form}
    values["happened_on"] = str(values["happened_on"])
    return {name: value for name, value in values.items() if value not in (None, "")}


def page_of(response):
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def test_the_second_is_told_who_was_first_and_what_is_there_now(cast, client_of, visit):
    member, clerk = client_of("member"), client_of("clerk")
    mine, theirs = as_shown(member, visit), as_shown(clerk, visit)
    assert clerk.post(path_of(visit), theirs | {"place": "机关补的地点"}).status_code == 302
    refused = member.post(path_of(visit), mine | {"said": "我改的话"})
    page = page_of(refused)
    assert refused.status_code == 409
    assert f"{cast.clerk.name}已于" in page and "修改了这条记录" in page
    told = {str(label): now for label, now in refused.context["theirs"]}
    assert told == {"地点": "机关补的地点", "群众反映的情况": "原话"}
    assert "我改的话" in refused.content.decode()
    kept = Visit.objects.get()
    assert (kept.said, kept.place, kept.version) == ("原话", "机关补的地点", 2)
    # Sent again knowingly, what was typed is what counts.
    again = {bound.name: bound.value() for bound in refused.context["form"]}
    again = {name: value for name, value in again.items() if value not in (None, "")}
    again["happened_on"] = mine["happened_on"]
    assert member.post(path_of(visit), again).status_code == 302
    kept.refresh_from_db()
    assert (kept.said, kept.place, kept.version) == ("我改的话", "某社区", 3)
    assert [row.detail for row in AuditEntry.objects.filter(action="visit.amend")] == [
        {"fields": ["place", "said"]},
        {"fields": ["place"]},
    ]


def test_other_people_are_a_conflict_too(cast, client_of, visit):
    member, clerk = client_of("member"), client_of("clerk")
    mine, theirs = as_shown(member, visit), as_shown(clerk, visit)
    clerk.post(path_of(visit), theirs | {"names": cast.convenor.members.get().name})
    refused = member.post(path_of(visit), mine)
    assert refused.status_code == 409
    assert [str(label) for label, _now in refused.context["theirs"]] == ["一同走访的本界别委员"]
    assert set(Visit.objects.get().members.all()) == {
        cast.member_of("member"),
        cast.member_of("convenor"),
    }


def test_the_same_sent_twice_is_no_conflict(client_of, visit):
    member = client_of("member")
    mine = as_shown(member, visit) | {"said": "改一次"}
    for _tap in "ab":
        assert member.post(path_of(visit), mine).status_code == 302
    assert Visit.objects.get().said == "改一次"


def test_what_was_kept_while_typing_remembers_what_it_began_from(cast, client_of, visit):
    """A draft that came back after a day away is no newer for that."""
    content = as_shown(client_of("member"), visit) | {"said": "昨天写的"}
    Draft.objects.create(
        user=cast.member, committee=cast.city, form=f"contacts.visit:{visit.pk}", content=content
    )
    actions.amend_visit(visit, by=cast.clerk, place="机关补的地点")
    shown = as_shown(client_of("member"), visit)
    assert (shown["said"], str(shown["version"])) == ("昨天写的", "1")
    assert client_of("member").post(path_of(visit), shown).status_code == 409


def test_following_up_meets_no_conflict_and_undoes_nothing(cast, visit):
    old = Visit.objects.get()
    actions.amend_visit(visit, by=cast.clerk, place="机关补的地点")
    actions.plan_follow_up(old, on=visit.happened_on, by=cast.member)
    kept = Visit.objects.get()
    assert (kept.place, kept.follow_up_on) == ("机关补的地点", visit.happened_on)


def test_nonsense_for_a_version_is_a_sentence(client_of, visit):
    member = client_of("member")
    mine = as_shown(member, visit)
    assert member.post(path_of(visit), mine | {"version": "x"}).status_code == 422
    del mine["version"]
    assert member.post(path_of(visit), mine).status_code == 302


def test_amending_stays_within_its_budget(client_of, visit):
    member = client_of("member")
    mine = as_shown(member, visit)
    with costs(14):
        assert member.post(path_of(visit), mine | {"said": "改"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins():
    cast = assemble()
    row = make.visit(member=cast.member_of("member"), said="原话")
    gate, results = threading.Barrier(2), {}

    def amend(person, said):
        try:
            mine = Visit.objects.get(pk=row.pk)
            gate.wait(timeout=10)
            actions.amend_visit(mine, by=person, version=1, said=said)
            results[said] = "won"
        except ValidationError as refused:
            results[said] = refused.code
        finally:
            connection.close()

    pairs = [(cast.member, "甲"), (cast.clerk, "乙")]
    threads = [threading.Thread(target=amend, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results.values()) == ["stale", "won"]
    assert results[Visit.objects.get().said] == "won"
