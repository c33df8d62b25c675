"""Who seconds a report, who asks to read it, and what the author answered; no words travel."""

from __future__ import annotations

from django.urls import reverse

from committees.models import User
from members.models import Member
from notices.actions import post_many
from opinions.models import Opinion, ReadRequest, Seconding
from opinions.notices.reports import authors


def seconded(seconding: Seconding) -> None:
    """To the authors, once a member, even if it is taken back and given again."""
    _tell("opinion_seconded", seconding.opinion, seconding.member, "secondings")


def read_asked(request: ReadRequest) -> None:
    _tell("opinion_read_asked", request.opinion, request.member, "secondings")


def read_answered(request: ReadRequest) -> None:
    """To the member who asked."""
    opinion = request.opinion
    told = [request.member.user]
    _tell("opinion_read_answered", opinion, request.member, "peer", to=told)


def _tell(
    kind: str, opinion: Opinion, member: Member, page: str, *, to: list[User] | None = None
) -> None:
    people = authors(opinion) if to is None else to
    post_many(
        kind,
        to=[person for person in people if person.is_active],
        key=f"opinions.opinion:{opinion.pk}:{kind}:{member.pk}",
        about=opinion,
        committee=opinion.committee,
        path=reverse(f"opinions:{page}", args=[opinion.committee.slug, opinion.pk]),
    )
