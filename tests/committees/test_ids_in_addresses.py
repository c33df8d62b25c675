"""What can be no row's id, and text that no column can hold, in an address or a form."""

from __future__ import annotations

import pytest

HUGE = "9" * 5000


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("coverage/?sector=", 200),
        ("contacts/add/?member=", 302),
        ("sectors/postings/letters/?posting=", 200),
        ("slips/?person=", 200),
    ],
)
def test_an_id_too_long_to_be_one_is_none(cast, client_of, path, expected):
    assert client_of("clerk").get(f"/city/{path}{HUGE}").status_code == expected


def test_ticked_ids_too_long_to_be_any_are_left_out(cast, client_of):
    clerk = client_of("clerk")
    assert clerk.post("/city/contacts/batch/", {"picked": HUGE}).status_code == 200
    assert clerk.post("/city/slips/print/", {"person": HUGE}).status_code == 302


@pytest.mark.parametrize("rows", ["visits", "opinions", "members"])
def test_a_committee_with_a_nul_in_its_name_is_none(cast, client_of, rows):
    path = f"/api/v1/{rows}/"
    assert client_of("clerk").get(path, {"committee": "city"}).status_code == 200
    assert client_of("clerk").get(path, {"committee": "ci\x00ty"}).status_code == 404


def test_a_way_back_that_is_no_path_is_left_out(cast, client_of):
    clerk = client_of("clerk")
    assert clerk.post("/language/elder/", {"next": "nowhere"})["Location"] == "/"
    offer = f"/city/coverage/offer/{cast.member_of('member').pk}/"
    assert clerk.post(offer, {"next": "nowhere"})["Location"] == "/city/coverage/"
