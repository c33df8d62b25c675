"""Rows ↔ accounts: a known phone belongs to its owner, and an import never takes it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from committees.models import Committee, User
from members.models import Member
from sectors.roster_import.complaints import RowError
from sectors.roster_import.matching import same_name
from sectors.roster_import.readings import Row
from sectors.roster_import.roster import Person


@dataclass(frozen=True, slots=True)
class Account:
    """What becomes of a row's account: `user_id` of an existing one, `phone` to be set on it."""

    user_id: int | None
    phone: str | None = None
    takes_name: bool = False


def _held_elsewhere(users: list[int], committee: Committee) -> set[int]:
    """Return those of `users` who hold an appointment or are members of another committee."""
    others = Member.objects.exclude(committee=committee).filter(user__in=users)
    elsewhere = Q(appointments__isnull=False) | Q(pk__in=others.values("user"))
    return set(User.objects.filter(elsewhere, pk__in=users).values_list("pk", flat=True))


class Accounts:
    """The accounts that a file's phones already belong to, in at most two statements."""

    def __init__(
        self, committee: Committee, pairs: Iterable[tuple[Row, Person | None]], people: list[Person]
    ) -> None:
        pairs = list(pairs)
        self.members = {one.user_id for one in people}
        twins = [row.phone_twin for row, _person in pairs if row.phone_twin]
        owners = User.objects.filter(phone_twin__in=twins).values_list("phone_twin", "id", "name")
        self.owners = {phone: (pk, name) for phone, pk, name in owners}
        touched = [one.user_id for row, one in pairs if one and self._touches(row, one)]
        self.shared = _held_elsewhere(touched, committee) if touched else set()

    @staticmethod
    def _touches(row: Row, person: Person) -> bool:
        name = row.get("name")
        new_phone = row.phone_twin and row.phone_twin != person.phone_twin
        return bool(new_phone or (name and not same_name(name, person.name)))

    def of(self, row: Row, person: Person | None) -> tuple[Account, RowError | None]:
        """Return the account of a row's person and, if its phone cannot be taken, why."""
        phone = row.get("phone")
        owner = self.owners.get(row.phone_twin) if phone else None
        if person is None:
            return self._of_new(row, owner)
        is_shared = person.user_id in self.shared
        kept = Account(person.user_id, takes_name=not is_shared)
        if phone is None or row.phone_twin == person.phone_twin:
            return kept, None
        if owner is not None:
            return kept, self._taken(row)
        if is_shared:
            sentence = _("该委员的账号另有任职，手机号码须由本人更改。请改回原号码或留空。")
            return kept, row.error("phone", "phone_shared", sentence)
        return Account(person.user_id, phone, takes_name=True), None

    def _of_new(self, row: Row, owner: tuple[int, str] | None) -> tuple[Account, RowError | None]:
        if owner is None:
            return Account(None, row.get("phone")), None
        if owner[0] in self.members or not same_name(owner[1], row.get("name") or ""):
            return Account(None), self._taken(row)
        return Account(owner[0]), None

    @staticmethod
    def _taken(row: Row) -> RowError:
        # Whose it is stays untold: the owner may be in another committee.
        return row.error("phone", "phone_other_person", _("该手机号码已属于另一个人，请核对。"))
