"""转线下办理, proved by a dump: no table and no file keeps a word of the report."""

import io

import pytest
from django.db import connection

from committees.actions import save_draft
from notices.models import Notice
from opinions import actions
from opinions.models import Opinion, Status
from opinions.texts import Texts
from tests import make
from tests.cast import assemble
from tests.make import submitters as given

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "金丝雀线下"


def dump():
    """Every table as text, as COPY writes it."""
    kept = io.StringIO()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', kept)
    return kept.getvalue()


def lines_with(word):
    return [line for line in dump().splitlines() if word in line]


def files_with(folder, word):
    return [
        path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    ]


def test_a_report_taken_offline_leaves_nothing(settings, tmp_path):
    given.on_disk(settings, tmp_path)
    cast = assemble()
    texts = Texts(*(f"{CANARY}{part}" for part in ("题", "情况", "原因", "建议")))
    upload = given.pdf(CANARY.encode(), name=f"{CANARY}附件.pdf")
    row = actions.start_with(
        cast.member_of("member"),
        texts,
        by=cast.member,
        uploads=[upload, given.docx(CANARY, name=f"{CANARY}.docx")],
        add=[cast.member_of("member2")],
    )
    for form in ("write", "edit"):
        typed = {"situation": f"{CANARY}草稿"}
        save_draft(f"opinions.{form}:{row.pk}", typed, by=cast.member, committee=cast.city)
    row = Opinion.objects.for_moves().get(pk=row.pk)
    actions.move(row, "submit", by=cast.member)
    actions.move(row, "note", by=cast.convenor, note=f"{CANARY}初核意见")
    actions.move(row, "recommend", by=cast.convenor, note=f"{CANARY}推荐意见")
    actions.move(row, "take_up", by=cast.editor)
    actions.edit(row, texts, by=cast.editor, version=0)
    actions.add_files(row, [given.pdf(f"{CANARY}数据".encode())], by=cast.editor)
    other = make.opinion(author=cast.member_of("member"), situation="别的事")
    assert len(lines_with(CANARY)) > 8 and len(files_with(tmp_path, CANARY)) == 2
    assert Notice.objects.filter(kind="opinion_coauthor_asked").count() == 1

    actions.move(row, "go_offline", by=cast.clerk)

    assert lines_with(CANARY) == [] and files_with(tmp_path, CANARY) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    row.refresh_from_db()
    assert (row.status, row.number) == (Status.OFFLINE, 1)
    assert "附件 3 个" in row.steps.last().note
    assert lines_with("别的事") and other.pk
