"""Settling who checks and signs reports of each kind, and handing one to another editor."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import Committee, Role, User
from opinions import notices, workflow
from opinions.actions.writing import lock, record_deed
from opinions.models import DeskDuty, Opinion, Status
from opinions.permissions import can_keep_duties, is_editor

Cell = tuple[str, str]  # kind, task
Task = DeskDuty.Task


def holders(committee: Committee) -> dict[str, list[User]]:
    """By task those who may be named for it: today's checkers, and today's signers."""
    by_role = {role: _with_role(committee, role) for role in (Role.CHECKER, Role.SIGNER)}
    return {task: by_role[Role.SIGNER if task == Task.SIGN else Role.CHECKER] for task in Task}


def _with_role(committee: Committee, *roles: str) -> list[User]:
    held = committee.appointments.today().filter(role__in=roles)  # type: ignore[attr-defined]
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("name", "id"))


def set_duties(committee: Committee, chosen: Mapping[Cell, Set[int]], *, by: User) -> None:
    """Settle the cells given; an empty one names nobody, and everybody appointed may.

    ValidationError `not_appointed` for a person who does not hold the office, `same_hand` where
    the one who checks is the only one named to check again.
    """
    if not can_keep_duties(by, committee):
        raise PermissionDenied
    allowed = {task: {person.pk for person in rows} for task, rows in holders(committee).items()}
    for (_kind, task), people in chosen.items():
        if people - allowed[task]:
            raise ValidationError(_("请在现任核稿人、签发人中选择。"), code="not_appointed")
    _different_hands(chosen)
    with rules_told(), transaction.atomic():
        Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
        kept = {
            (row.kind, row.task, row.user_id): row
            for row in DeskDuty.objects.in_committee(committee)
            if (row.kind, row.task) in chosen
        }
        wanted = {(*cell, person) for cell, people in chosen.items() for person in people}
        gone = [row.pk for key, row in kept.items() if key not in wanted]
        DeskDuty.objects.filter(pk__in=gone).delete()
        DeskDuty.objects.bulk_create(
            DeskDuty(committee=committee, kind=kind, task=task, user_id=person)
            for kind, task, person in sorted(wanted - set(kept))
        )
        named: list[Any] = sorted(wanted)
        record("desk_duty.set", by=by, committee=committee, about=committee, named=named)


def _different_hands(chosen: Mapping[Cell, Set[int]]) -> None:
    for (kind, task), people in chosen.items():
        checkers = chosen.get((kind, Task.CHECK), frozenset())
        if task == Task.RECHECK and len(people) == 1 and checkers == people:
            words = _("%(kind)s：复核须由核稿人以外的人办理。") % {
                "kind": DeskDuty.Kind(kind).label
            }
            raise ValidationError(words, code="same_hand")


def editors(committee: Committee) -> list[User]:
    return _with_role(committee, Role.CLERK, Role.EDITOR)


def assign_editor(opinion: Opinion, editor: User, *, by: User) -> Opinion:
    """Hand a report that is being edited to another editor, who is told.

    ValidationError `moved` where it is edited no longer, `not_appointed` for somebody who edits
    nothing here.
    """
    with transaction.atomic():
        lock(opinion)
        if not is_editor(by, opinion):
            raise PermissionDenied
        if opinion.status != Status.EDITING:
            raise workflow.moved(opinion)
        if editor.pk not in {person.pk for person in editors(opinion.committee)}:
            raise ValidationError({"editor": _("请选择机关工作人员或编辑。")}, code="not_appointed")
        if opinion.editor_id == editor.pk:
            return opinion
        opinion.editor = editor
        opinion.save(update_fields=["editor"])
        record_deed("opinion.assign_editor", opinion, by=by, editor=editor.pk)
        if editor.pk != by.pk:
            notices.handed_to(opinion, editor)
    return opinion
