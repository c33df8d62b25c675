"""The inbox and 意见反馈 as pages."""

import pytest
from django.test import Client

from committees.models import Role
from notices.models import Feedback, Notice
from tests import make
from tests.budgets import costs


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def member(db):
    return make.member()


def inbox(member, query=""):
    return f"/{member.committee.slug}/notices/{query}"


def told(member, **over):
    return make.notice(recipient=member.user, committee=member.committee, **over)


def test_inbox_shows_own_notices_newest_first(member):
    first, second = told(member, body="<p>内容</p>"), told(member)
    make.notice(committee=member.committee, title="别人的")
    make.notice(recipient=member.user, title="另一政协的")
    response = signed_in(member.user).get(inbox(member))
    assert response.context["page"].rows == [second, first]
    assert "<p>内容</p>" in response.content.decode()


def test_unread_filter_and_empty_states(member):
    client = signed_in(member.user)
    assert "还没有消息" in client.get(inbox(member)).content.decode()
    read = told(member)
    Notice.objects.update(read_at=read.created_at)
    assert "没有未读消息" in client.get(inbox(member, "?unread=1")).content.decode()
    unread = told(member)
    assert client.get(inbox(member, "?unread=1")).context["page"].rows == [unread]
    assert client.get(inbox(member)).context["page"].rows == [unread, read]


def test_pages_walk_all_rows_once(member):
    rows = [told(member).pk for _ in range(45)]
    client, seen, query = signed_in(member.user), [], ""
    while True:
        page = client.get(inbox(member, query)).context["page"]
        seen += [notice.pk for notice in page.rows]
        if not page.next_cursor:
            break
        query = f"?after={page.next_cursor}"
    assert seen == rows[::-1]


def test_open_marks_read_and_leads_on(member):
    client = signed_in(member.user)
    notice = told(member, path="/somewhere/")
    response = client.get(f"/{member.committee.slug}/notices/{notice.pk}/")
    assert (response.status_code, response["Location"]) == (302, "/somewhere/")
    assert Notice.objects.get().read_at
    bare = told(member)
    response = client.get(f"/{member.committee.slug}/notices/{bare.pk}/")
    assert response["Location"] == inbox(member)


def test_other_peoples_notices_are_not_there(member):
    notice = make.notice(committee=member.committee)
    elsewhere = make.notice(recipient=member.user)
    for row in (notice, elsewhere):
        address = f"/{member.committee.slug}/notices/{row.pk}/"
        assert signed_in(member.user).get(address).status_code == 404
    assert Notice.objects.unread().count() == 2


def test_read_all(member):
    told(member), told(member)
    client = signed_in(member.user)
    assert client.get(inbox(member, "read/")).status_code == 405
    response = client.post(inbox(member, "read/"), follow=True)
    assert "2 条" in response.content.decode()
    assert not Notice.objects.unread().exists()
    assert inbox(member, "read/") not in response.content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_inbox_budget(member, number):
    for _ in range(number):
        told(member)
    client = signed_in(member.user)
    client.get(inbox(member))
    with costs(6):
        client.get(inbox(member))


# 意见反馈 ----------------------------------------------------------------------------------------


def feedback(member, query=""):
    return f"/{member.committee.slug}/feedback/{query}"


def test_page_is_prefilled_and_the_foot_leads_here(member):
    client = signed_in(member.user)
    link = f"{feedback(member)}?page={inbox(member).replace('/', '%2F')}"
    assert link in client.get(inbox(member)).content.decode()
    form = client.get(link).context["form"]
    assert form["page"].value() == inbox(member)


def test_giving_feedback(member):
    client = signed_in(member.user)
    response = client.post(feedback(member), {"text": "字太小", "page": "/x/"}, follow=True)
    assert response.redirect_chain == [(feedback(member), 302)]
    assert list(Feedback.objects.values_list("text", "page", "author")) == [
        ("字太小", "/x/", member.user.pk)
    ]
    assert response.context["page"].rows == [Feedback.objects.get()]


@pytest.mark.parametrize("text", ["", "【机密】某事", "长" * 1001])
def test_words_are_kept_on_error(member, text):
    response = signed_in(member.user).post(feedback(member), {"text": text, "page": "/x/"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["form"]["text"].value() == text
    assert not Feedback.objects.exists()


def test_members_see_their_own_and_clerks_all(member):
    mine = make.feedback(author=member.user, committee=member.committee)
    other = make.feedback(committee=member.committee, answer="好", answered_at=mine.created_at)
    make.feedback(text="外地")
    assert signed_in(member.user).get(feedback(member)).context["page"].rows == [mine]
    clerk = signed_in(make.officer(Role.CLERK, member.committee))
    assert clerk.get(feedback(member)).context["page"].rows == [other, mine]
    assert clerk.get(feedback(member, "?open=1")).context["page"].rows == [mine]
    # The filter is the clerk's; a member's list stays whole.
    Feedback.objects.filter(pk=mine.pk).update(answered_at=mine.created_at)
    assert signed_in(member.user).get(feedback(member, "?open=1")).context["page"].rows == [mine]
    assert "没有待答复" in clerk.get(feedback(member, "?open=1")).content.decode()


def test_clerk_answers(member):
    row = make.feedback(author=member.user, committee=member.committee)
    clerk = make.officer(Role.CLERK, member.committee)
    client, address = signed_in(clerk), feedback(member, f"{row.pk}/")
    assert "答复" in client.get(address).content.decode()
    empty = client.post(address, {"answer": " "})
    assert empty.status_code == 200 and empty.context["form"].errors
    marked = client.post(address, {"answer": "【绝密】"})
    assert marked.context["form"]["answer"].value() == "【绝密】"
    done = client.post(address, {"answer": "已放大"}, follow=True)
    assert done.redirect_chain == [(feedback(member), 302)]
    assert Feedback.objects.get().answer == "已放大"
    again = client.post(address, {"answer": "又答"})
    assert again.status_code == 200 and again.context["form"] is None
    assert Feedback.objects.get().answer == "已放大"


def test_writer_reads_the_answer_and_nobody_else(member):
    row = make.feedback(author=member.user, committee=member.committee)
    address = feedback(member, f"{row.pk}/")
    assert "还没有答复" in signed_in(member.user).get(address).content.decode()
    assert signed_in(member.user).post(address, {"answer": "自答"}).status_code == 403
    colleague = make.member(committee=member.committee)
    assert signed_in(colleague.user).get(address).status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_feedback_budgets(member, number):
    for _ in range(number):
        make.feedback(author=make.user(), committee=member.committee)
    for _ in range(number):
        make.officer(Role.CLERK, member.committee)
    clerk = signed_in(make.officer(Role.CLERK, member.committee))
    clerk.get(feedback(member))
    with costs(6):
        clerk.get(feedback(member))
    row = Feedback.objects.first()
    with costs(6):
        clerk.get(feedback(member, f"{row.pk}/"))
    with costs(10):
        clerk.post(feedback(member, f"{row.pk}/"), {"answer": "好"})
    with costs(9):
        clerk.post(feedback(member), {"text": "好", "page": ""})
