"""What a member is asked for stands on the home page; what the own report waits for does not."""

import re

from django.utils import timezone

from opinions.models import ProposalKind, ProposalStatus, Status
from tests import make
from tests.budgets import costs
from tests.make import handling
from tests.make import proposals as made

S = ProposalStatus


def todo(client):
    page = client.get("/city/").content.decode()
    card = next(part for part in page.split("<section")[1:] if "<h2>今日待办</h2>" in part)
    found = re.findall(r'class="task" href="([^"]*)".*?<span class="t">([^<]*)<', card, re.DOTALL)
    return [(path, title) for path, title in found if "/workrooms/" not in path]


def test_evaluations_asked_of_a_member_and_of_the_one_served(cast, client_of):
    member = cast.member_of("member")
    issued = make.opinion(author=member, sector=cast.education, status=Status.ISSUED)
    said = handling.reply(referral=handling.referral(opinion=issued, unit=cast.unit, title="一"))
    handling.evaluation(reply=said)
    filed = made.proposal(author=member, status=S.FILED)
    asked = handling.referral(proposal=filed, unit=cast.unit, title="二")
    other = handling.evaluation(reply=handling.reply(referral=asked), member=member)
    expected = [
        (f"/city/opinions/{issued.pk}/evaluate/", "一"),
        (f"/city/proposals/{filed.pk}/evaluate/", "二"),
    ]
    assert todo(client_of("member")) == todo(client_of("delegate")) == expected
    assert todo(client_of("member2")) == []
    other.given_at = timezone.now()
    other.save()
    issued.status = Status.OFFLINE
    issued.save()
    assert todo(client_of("member")) == []


def test_co_authors_signers_and_signatories(cast, client_of):
    member, other = cast.member_of("member"), cast.member_of("member2")
    joint = make.opinion(author=member, title="联名一件")
    joint.authorships.create(member=other, place=2)
    proposal = made.proposal(authors=[member, other], kind=ProposalKind.JOINT, title="联名提案")
    proposal.signers.filter(place=2).update(confirmed_at=None)
    made.proposal(author=member, kind=ProposalKind.SECTOR, title="界别提案")
    assert {title for _path, title in todo(client_of("member2"))} == {"联名一件", "联名提案"}
    assert [title for _path, title in todo(client_of("convenor"))] == ["界别提案"]
    assert todo(client_of("member")) == []


def test_a_convenor_does_not_review_the_own_report(cast, client_of):
    over = {"sector": cast.education, "status": Status.WITH_CONVENOR}
    make.opinion(author=cast.member_of("convenor"), title="自己的", **over)
    asked = make.opinion(author=cast.member_of("member"), title="请我联名的", **over)
    asked.authorships.create(member=cast.member_of("convenor"), place=2)
    make.opinion(author=cast.member_of("member"), title="别人的", **over)
    titles = [title for _path, title in todo(client_of("convenor"))]
    assert titles == ["别人的", "请我联名的"]  # the second as a request to be a co-author


def test_home_costs_what_it_did(cast, client_of):
    member, client = cast.member_of("member"), client_of("member")
    for _ in range(8):
        issued = make.opinion(author=member, sector=cast.education, status=Status.ISSUED)
        asked = handling.referral(opinion=issued, unit=cast.unit)
        handling.evaluation(reply=handling.reply(referral=asked))
    client.get("/city/")
    with costs(6):
        client.get("/city/")
    assert len(todo(client)) == 5
