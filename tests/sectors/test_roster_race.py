"""Two clerks confirm at once: one roster is written whole, the other must be previewed again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from committees.models import Role
from members.models import Membership
from sectors.models import RosterImport
from sectors.roster_import.actions import confirm_import, preview_import
from tests import make
from tests.sectors.rosters import person, table


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_wins():
    committee = make.committee()
    clerks = [make.officer(Role.CLERK, committee) for _ in range(2)]
    files = [table(person("王伟"), person("李强")), table(person("赵敏"))]
    previews = [
        preview_import(
            content, name="名册.csv", committee=committee, on=timezone.localdate(),
            meeting="", is_partial=False, by=clerk,
        )
        for content, clerk in zip(files, clerks, strict=True)
    ]  # fmt: skip
    start = Barrier(2)

    def confirm(at: int) -> str:
        start.wait(timeout=10)
        try:
            confirm_import(previews[at], by=clerks[at])
        except ValidationError as refused:
            return refused.code
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(confirm, range(2)))
    assert sorted(outcomes) == ["roster_changed", "written"]
    names = [["王伟", "李强"], ["赵敏"]][outcomes.index("written")]
    serving = Membership.objects.filter(committee=committee).values_list("member__name", flat=True)
    assert sorted(serving) == sorted(names)
    states = [RosterImport.objects.get(pk=one.pk).state for one in previews]
    assert sorted(states) == ["confirmed", "previewed"]
