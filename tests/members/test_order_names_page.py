import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from committees.models import Role
from tests import make
from tests.budgets import cost_of


@pytest.fixture
def page(client, db):
    committee = make.committee()
    client.force_login(make.officer(Role.EDITOR, committee))
    address = reverse("members:order_names", kwargs={"slug": committee.slug})
    return lambda **data: client.post(address, data) if data else client.get(address)


def test_a_pasted_list_comes_out_one_name_a_line(page):
    assert "粘贴姓名" in page().content.decode()
    response = page(names="马丽（女，回族）、丁　宁\n于波，王𠮷")
    assert response.context["ordered"] == "丁　宁\n于波\n马丽（女，回族）\n王𠮷"
    assert response.context["unknown"] == ["𠮷"]
    assert "请人工核对：𠮷" in response.content.decode()


def test_nothing_and_blanks(page):
    assert page(names=" ").status_code == 422
    assert page(names="、、").context["count"] == 0


def test_text_is_shown_as_text(page):
    assert (
        "<script>" not in page(names="<script>alert(1)</script>").content.decode().split("main")[1]
    )


def test_the_page_costs_no_statement_per_name(page):
    page()
    assert cost_of(page, names="王伟") == cost_of(page, names="王伟、李强" * 30)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_command(tmp_path, encoding, capsys):
    file = tmp_path / "names.txt"
    file.write_bytes("王伟、丁宁\n于波".encode(encoding))
    call_command("order_names", str(file))
    assert capsys.readouterr().out.split() == ["丁宁", "于波", "王伟"]


def test_the_command_names_unknown_characters(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("王𠮷\n丁宁")
    out, err = io.StringIO(), io.StringIO()
    call_command("order_names", str(file), stdout=out, stderr=err)
    assert out.getvalue() == "丁宁\n王𠮷\n"
    assert "𠮷" in err.getvalue()


def test_the_command_without_a_file():
    with pytest.raises(CommandError):
        call_command("order_names", "gone.txt")
