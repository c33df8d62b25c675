"""Two people at once: one wins, the other is told, nothing is lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from opinions import actions
from opinions.bodies import Body
from opinions.models import BodyKind, Issue, Manuscript, Opinion, Status, Step
from opinions.texts import Texts
from tests import make
from tests.cast import assemble
from tests.make import submitters

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run the deeds side by side, each on a connection of its own; what each gave or raised."""
    gate = threading.Barrier(len(deeds))
    results = [None] * len(deeds)

    def run(place, deed):
        try:
            gate.wait(timeout=10)
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def split(results):
    won = [result for result in results if not isinstance(result, Exception)]
    lost = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, ValidationError) for error in lost), lost
    return won, lost


def view_of(row):
    return Opinion.objects.for_moves().get(pk=row.pk)


def test_two_convenors():
    cast = assemble()
    second = make.convenor(sector=cast.education).seat.membership.member.user
    row = make.opinion(
        author=cast.member_of("member"), sector=cast.education, status=Status.WITH_CONVENOR
    )
    mine, theirs = view_of(row), view_of(row)
    won, lost = split(
        at_once(
            lambda: actions.move(mine, "suggest", by=cast.convenor, note="请补充数据。"),
            lambda: actions.move(theirs, "recommend", by=second),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"]
    step = Step.objects.get(opinion=row)
    row.refresh_from_db()
    assert row.status == step.target == won[0].status
    assert step.by_user.name in lost[0].messages[0]


def test_two_editors_of_one_text():
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), status=Status.EDITING)
    texts = {person: Texts("题", f"{person}写的。") for person in ("editor", "clerk")}
    mine, theirs = view_of(row), view_of(row)
    won, lost = split(
        at_once(
            lambda: actions.edit(mine, texts["editor"], by=cast.editor, version=1),
            lambda: actions.edit(theirs, texts["clerk"], by=cast.clerk, version=1),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["stale"]
    kept = Manuscript.objects.filter(opinion=row, kind="edited").order_by("version")
    assert [text.version for text in kept] == [1, 2]
    winner = "editor" if kept[1].written_by == cast.editor else "clerk"
    assert Texts.of(kept[1]) == texts[winner]
    assert cast[winner].name in lost[0].messages[0]
    loser = "clerk" if winner == "editor" else "editor"
    actions.edit(view_of(row), texts[loser], by=cast[loser], version=2)
    assert Texts.of(kept.all()[2]) == texts[loser]


def test_two_signers_make_one_issue():
    cast = assemble()
    second = make.officer("signer", cast.city)
    row = make.opinion(author=cast.member_of("member"), status=Status.SIGNING)
    mine, theirs = view_of(row), view_of(row)
    won, lost = split(
        at_once(
            lambda: actions.move(mine, "sign", by=cast.signer),
            lambda: actions.move(theirs, "sign", by=second),
        )
    )
    assert len(won) == len(lost) == 1 and lost[0].code == "moved"
    assert Issue.objects.get().number == 1 and Step.objects.filter(opinion=row).count() == 1


def test_twenty_racing_reviewers_of_one_report():
    """One wins, nineteen read who was first; what each had typed is still theirs."""
    cast = assemble()
    reviewers = [make.officer("editor", cast.city) for _ in range(20)]
    row = make.opinion(author=cast.member_of("member"), status=Status.RECEIVED)
    views = [view_of(row) for _ in reviewers]
    moves = ["take_up", "shelve", "send_back"]
    deeds = [
        lambda view=view, who=who, n=n: actions.move(view, moves[n % 3], by=who, note=f"第{n}位")
        for n, (view, who) in enumerate(zip(views, reviewers, strict=True))
    ]
    won, lost = split(at_once(*deeds))
    assert len(won) == 1 and [error.code for error in lost] == ["moved"] * 19
    step = Step.objects.get(opinion=row)
    row.refresh_from_db()
    assert row.status == step.target == won[0].status
    assert all(step.by_user.name in error.messages[0] for error in lost)
    assert Manuscript.objects.filter(opinion=row).count() == 1


def test_twenty_editors_save_one_text():
    """One version is added; every other text can be saved after it, none is lost."""
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), status=Status.EDITING)
    people = [make.officer("editor", cast.city) for _ in range(20)]
    texts = [Texts("题", f"第{n}位写的。") for n in range(20)]
    views = [view_of(row) for _ in people]
    deeds = [
        lambda view=view, who=who, text=text: actions.edit(view, text, by=who, version=1)
        for view, who, text in zip(views, people, texts, strict=True)
    ]
    results = at_once(*deeds)
    won, lost = split(results)
    assert len(won) == 1 and [error.code for error in lost] == ["stale"] * 19
    version = 2
    for who, text, result in zip(people, texts, results, strict=True):
        if isinstance(result, Exception):
            actions.edit(view_of(row), text, by=who, version=version)
            version += 1
    kept = Manuscript.objects.filter(opinion=row, kind="edited", version__gt=1)
    assert {text.situation for text in kept} == {text.situation for text in texts}


def test_twenty_racing_double_submits():
    """Each of twenty reports is sent twice at once: twenty numbers, no gap, none twice."""
    cast = assemble()
    author = cast.member_of("member")
    rows = [make.opinion(author=author, sector=cast.education) for _ in range(20)]
    views = [view_of(row) for row in rows for _ in range(2)]
    deeds = [
        lambda view=view: actions.move(view, "submit_straight", by=cast.member) for view in views
    ]
    won, lost = split(at_once(*deeds))
    assert len(won) == 20 and [error.code for error in lost] == ["moved"] * 20
    assert sorted(row.number for row in won) == list(range(1, 21))
    assert Step.objects.filter(opinion__in=rows).count() == 20


def test_twenty_submits_of_one_report():
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), sector=cast.education)
    views = [view_of(row) for _ in range(20)]
    deeds = [
        lambda view=view: actions.move(view, "submit_straight", by=cast.member) for view in views
    ]
    won, lost = split(at_once(*deeds))
    assert len(won) == 1 and len(lost) == 19
    later = view_of(make.opinion(author=cast.member_of("member"), sector=cast.education))
    assert actions.move(later, "submit_straight", by=cast.member).number == 2


# Merging -------------------------------------------------------------------


def received(cast, name="member"):
    return view_of(make.opinion(author=cast.member_of(name), status=Status.RECEIVED))


def consistent():
    """Every part is merged, and every whole counts its parts."""
    for whole in Opinion.objects.filter(part_count__gt=0) | Opinion.objects.filter(
        is_composed=True
    ):
        assert whole.part_count == whole.parts.count()
    assert set(Opinion.objects.exclude(merged_into=None).values_list("status", flat=True)) <= {
        Status.MERGED
    }


def test_the_same_compose_twice():
    cast = assemble()
    parts = [received(cast), received(cast, "member2"), received(cast)]
    mine, theirs = [view_of(row) for row in parts], [view_of(row) for row in reversed(parts)]
    won, lost = split(
        at_once(
            lambda: actions.compose(mine, by=cast.editor),
            lambda: actions.compose(theirs, by=cast.clerk),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["moved"]
    assert Opinion.objects.filter(is_composed=True).count() == 1
    assert received(cast).number == won[0].number + 1
    consistent()


def test_two_editors_merge_into_each_other():
    cast = assemble()
    one, other = received(cast), received(cast, "member2")
    won, lost = split(
        at_once(
            lambda: actions.move(view_of(one), "merge", by=cast.editor, into=view_of(other)),
            lambda: actions.move(view_of(other), "merge", by=cast.clerk, into=view_of(one)),
        )
    )
    assert len(won) == len(lost) == 1
    assert sorted(row.status for row in Opinion.objects.all()) == ["merged", "received"]
    consistent()


def test_no_chain_arises():
    cast = assemble()
    first, second, third = received(cast), received(cast), received(cast)
    split(
        at_once(
            lambda: actions.move(view_of(first), "merge", by=cast.editor, into=view_of(second)),
            lambda: actions.move(view_of(second), "merge", by=cast.clerk, into=view_of(third)),
        )
    )
    assert not Opinion.objects.filter(merged_into__merged_into__isnull=False).exists()
    consistent()


def test_merging_while_the_author_withdraws():
    cast = assemble()
    part, whole = received(cast), received(cast, "member2")
    views = [view_of(part), view_of(part), view_of(whole)]
    won, lost = split(
        at_once(
            lambda: actions.move(views[0], "merge", by=cast.editor, into=view_of(whole)),
            lambda: actions.move(views[1], "withdraw", by=cast.member),
            lambda: actions.move(views[2], "withdraw", by=cast.member2),
        )
    )
    assert won and lost
    statuses = {row.pk: row.status for row in Opinion.objects.all()}
    if statuses[part.pk] == Status.MERGED:
        assert statuses[whole.pk] == Status.RECEIVED
    consistent()


def test_unmerging_while_it_is_signed():
    cast = assemble()
    whole = actions.compose([received(cast), received(cast, "member2")], by=cast.editor)
    actions.move(view_of(whole), "send_to_check", by=cast.editor)
    actions.move(view_of(whole), "checked", by=cast.checker)
    part, signing = view_of(whole.parts.first()), view_of(whole)
    won, lost = split(
        at_once(
            lambda: actions.move(signing, "sign", by=cast.signer),
            lambda: actions.move(part, "unmerge", by=cast.editor),
        )
    )
    assert won and all(error.code == "issued_already" for error in lost)
    consistent()


def test_all_parts_leave_at_once():
    cast = assemble()
    parts = [received(cast), received(cast, "member2"), received(cast)]
    whole = actions.compose(parts, by=cast.editor)
    views = [view_of(row) for row in parts]
    deeds = [lambda view=view: actions.move(view, "unmerge", by=cast.editor) for view in views]
    dissolving = view_of(whole)
    split(at_once(*deeds, lambda: actions.move(dissolving, "dissolve", by=cast.clerk)))
    whole.refresh_from_db()
    assert whole.status == Status.WITHDRAWN and not whole.parts.exists()
    assert {row.status for row in Opinion.objects.exclude(pk=whole.pk)} == {Status.RECEIVED}
    consistent()


def test_numbers_are_given_once_and_without_a_gap():
    cast = assemble()
    author = cast.member_of("member")
    rows = [view_of(make.opinion(author=author, sector=cast.education)) for _ in range(6)]
    results = at_once(
        *(lambda row=row: actions.move(row, "submit_straight", by=cast.member) for row in rows)
    )
    assert sorted(row.number for row in results) == [1, 2, 3, 4, 5, 6]


def test_issues_are_numbered_once_and_without_a_gap():
    cast = assemble()
    rows = [
        view_of(make.opinion(author=cast.member_of("member"), status=Status.SIGNING))
        for _ in range(4)
    ]
    results = at_once(*(lambda row=row: actions.move(row, "sign", by=cast.signer) for row in rows))
    assert sorted(row.issue.number for row in results) == [1, 2, 3, 4]
    assert sorted(row.issue.total_number for row in results) == [1, 2, 3, 4]


def test_a_co_author_and_a_delegate_answer_at_once():
    cast = assemble()
    row = make.opinion(author=cast.member_of("member2"), sector=cast.business)
    member = cast.member_of("member")
    submitters.authorship(row, member)
    mine, theirs = view_of(row), view_of(row)
    won, lost = split(
        at_once(
            lambda: actions.answer(mine, member, confirm=True, by=cast.member),
            lambda: actions.answer(theirs, member, confirm=False, by=cast.delegate),
        )
    )
    assert len(won) == 1 and [error.code for error in lost] == ["answered"]
    part = row.authorships.get(member=member)
    assert bool(part.confirmed_at) != bool(part.declined_at)


def test_the_same_files_and_names_sent_twice_at_once(settings, tmp_path):
    submitters.on_disk(settings, tmp_path)
    cast = assemble()
    row = make.opinion(author=cast.member_of("member"), sector=cast.education)
    friend, uploads = cast.member_of("member2"), [submitters.pdf(b"1"), submitters.pdf(b"2")]
    content = [upload.read() for upload in uploads]

    def send():
        files = [submitters.pdf(one.removeprefix(b"%PDF-1.7\n")) for one in content]
        own = view_of(row)
        actions.add_files(own, files, by=cast.member)
        return actions.change_authors(own, by=cast.member, add=[friend])

    won, lost = split(at_once(send, send, send))
    assert (len(won), lost) == (3, [])
    assert (row.files.count(), row.authorships.count()) == (2, 2)
    assert sorted(len(asked) for asked in won) == [0, 0, 1]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_papers_with_files_and_reports_come_in_side_by_side(settings, tmp_path):
    """Each takes the number before the trail, though files go into the trail too."""
    settings.MEDIA_ROOT = tmp_path
    cast = assemble()
    author = cast.member_of("member")
    body = Body(BodyKind.INFORMANT, "特邀信息员某某")
    texts = Texts("关于路灯的建议", "路灯不亮。")
    drafts = [make.opinion(author=author, is_direct=True, status=Status.DRAFT) for _ in range(4)]
    straight = [view_of(row) for row in drafts]
    papers = [f"来稿{place}.pdf" for place in range(4)]
    deeds = [
        lambda name=name: actions.register(
            cast.city, body, texts, by=cast.clerk, uploads=[given_file(name)]
        )
        for name in papers
    ]
    deeds += [lambda row=row: actions.move(row, "submit", by=cast.member) for row in straight]
    won, lost = split(at_once(*deeds))
    assert (len(won), lost) == (8, [])
    assert set(Opinion.objects.values_list("number", flat=True)) == set(range(1, 9))


def given_file(name):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n" + name.encode(), "application/pdf")
