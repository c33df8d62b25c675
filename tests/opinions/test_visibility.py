"""Who reads which report, and nothing of the others: a canary word in each sector and committee."""

import pytest

from committees.actors import CLOCK, Guest
from opinions.models import Adoption, Issue, Opinion, Status
from tests import make

S = Status
OFFICE = ["clerk", "editor", "checker", "signer"]


@pytest.fixture
def reports(cast):
    """Names like `education_received`; `direct` went straight to the office."""
    made = {}
    for sector, author in (("education", "member"), ("business", "member2")):
        for status in S:
            made[f"{sector}_{status.value}"] = make.opinion(
                author=cast.member_of(author),
                sector=getattr(cast, sector),
                status=status,
                title=f"{sector}-{status.value}-canary",
            )
    straight = {"sector": cast.education, "status": S.RECEIVED, "is_direct": True}
    made["direct"] = make.opinion(
        author=cast.member_of("member"), title="direct-canary", **straight
    )
    for name, author in (("county", "countymember"), ("stranger", "stranger_member")):
        made[name] = make.opinion(
            author=cast.member_of(author), status=S.ISSUED, title=f"{name}-canary"
        )
    return made


def expected(who, reports):
    own = {"member": "education", "delegate": "education", "member2": "business"}
    convened = {"convenor": "education", "convenor2": "business", "commission": "education"}
    city = {name for name in reports if name not in ("county", "stranger")}
    sent = {name for name in city if not name.endswith("_draft")}
    if who in OFFICE:
        return sent
    if who == "leader":
        return {name for name in sent if name.endswith(("_issued", "_closed"))}
    if who in own:
        mine = {name for name in city if name.startswith(own[who])}
        return mine | ({"direct"} if own[who] == "education" else set())
    if who in convened:
        return {name for name in sent if name.startswith(convened[who])}
    return {"countyclerk": {"county"}, "countymember": {"county"}}.get(
        who, {"stranger"} if who.startswith("stranger") else set()
    )


def test_everybody_sees_exactly_these(cast, reports):
    names = {row.pk: name for name, row in reports.items()}
    for who, person in cast.people.items():
        seen = {names[pk] for pk in Opinion.objects.visible_to(person).values_list("pk", flat=True)}
        assert seen == expected(who, reports), who
    for guest in (CLOCK, Guest("unit_link", "1"), Guest("receipt", "1")):
        assert not Opinion.objects.visible_to(guest).exists()


def test_issues_and_adoptions(cast, reports):
    for who, person in cast.people.items():
        committees = {"countyclerk": cast.county, "stranger_clerk": cast.stranger}
        where = cast.city if who in [*OFFICE, "leader"] else committees.get(who)
        issues = Issue.objects.visible_to(person)
        assert set(issues) == (set(Issue.objects.in_committee(where)) if where else set()), who
        own = {"member": "education", "delegate": "education", "member2": "business"}
        adoptions = set(Adoption.objects.visible_to(person))
        if who in own:
            mine = [reports[f"{own[who]}_{status}"] for status in ("issued", "closed")]
            assert adoptions == set(Adoption.objects.filter(opinion__in=mine)), who
        elif where:
            assert adoptions == set(Adoption.objects.in_committee(where)), who


PAGES = ["", "?of=all", "?of=mine", "?of=sector", "review/", "issues/"]
PAGES += [f"review/?queue={status.value}" for status in S]


@pytest.mark.crawl
@pytest.mark.parametrize(
    "who", ["member", "member2", "delegate", "convenor", "convenor2", *OFFICE, "leader"]
)
def test_no_page_names_what_its_reader_may_not_see(cast, reports, client_of, who):
    client = client_of(who)
    forbidden = set(reports) - expected(who, reports)
    titles = {reports[name].title for name in forbidden}
    for page in PAGES:
        for _ in range(4):  # through all its pages
            answer = client.get(f"/city/opinions/{page}")
            text = answer.content.decode()
            assert [title for title in titles if title in text] == [], page
            if answer.status_code != 200 or not answer.context["page"].next_cursor:
                break
            page += ("&" if "?" in page else "?") + f"after={answer.context['page'].next_cursor}"
    for name in forbidden:
        committee = reports[name].committee.slug
        for path in ("", "write/", "edit/", "moves/withdraw/"):
            assert client.get(f"/{committee}/opinions/{reports[name].pk}/{path}").status_code == 404
            elsewhere = client.get(f"/city/opinions/{reports[name].pk}/{path}")
            assert elsewhere.status_code == 404


def test_a_draft_is_the_authors_alone_and_the_edited_text_the_offices(cast, client_of):
    row = make.opinion(author=cast.member_of("member"), sector=cast.education, status=S.EDITING)
    row.manuscripts.filter(kind="edited").update(suggestion="编辑稿里的暗语")
    make.step(opinion=row, move="hand_back", source=S.CHECKING, target=S.EDITING, note="内部意见")
    shown = {
        who: client_of(who).get(f"/city/opinions/{row.pk}/").content.decode()
        for who in ("member", "delegate", "convenor", *OFFICE)
    }
    inside = {who for who, text in shown.items() if "编辑稿里的暗语" in text}
    told = {who for who, text in shown.items() if "内部意见" in text or "退回编辑" in text}
    assert inside == told == set(OFFICE)
    assert {who for who, text in shown.items() if cast.editor.name in text} <= set(OFFICE)
