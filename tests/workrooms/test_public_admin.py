"""The office's limits in the admin: numbers within reason, one row a measure, kept in the trail."""

import pytest

from committees.models import AuditEntry
from tests import make
from workrooms.models import PublicLimit
from workrooms.public_limits import limits_of

LIST = "/admin/workrooms/publiclimit/"


@pytest.fixture
def clerk(client_of):
    return client_of("clerk")


def test_a_limit_is_changed_and_counts_at_once(cast, clerk):
    row = make.public_limit(committee=cast.city, measure="room_hour", number=30)
    assert limits_of(cast.city)["room_hour"] == 30
    answer = clerk.post(f"{LIST}{row.pk}/change/", {"measure": "room_hour", "number": 50})
    assert answer.status_code == 302
    assert PublicLimit.objects.get().number == 50
    assert AuditEntry.objects.filter(action="publiclimit.amend").exists()


@pytest.mark.parametrize("number", [0, 7, 23, 99])
def test_work_that_no_phone_can_do_is_refused(cast, clerk, number):
    answer = clerk.post(f"{LIST}add/", {"measure": "proof_bits", "number": number})
    assert "请填写8至22。" in answer.content.decode()
    assert not PublicLimit.objects.exists()


def test_one_row_a_measure(cast, clerk):
    make.public_limit(committee=cast.city, measure="room_hour", number=30)
    answer = clerk.post(f"{LIST}add/", {"measure": "room_hour", "number": 50})
    assert "该限量项目已登记。" in answer.content.decode()
    assert PublicLimit.objects.count() == 1
