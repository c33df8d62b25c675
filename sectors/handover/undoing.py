"""The new term taken back and the old one as it was, while nothing depends on the new one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext as _

from committees.models import Term, User
from members.models import Member, Membership
from sectors.handover.turning import ENDING, OF_LEAVERS
from sectors.models import Handover, Transfer

CHILDREN = ("convenorship", "seat", "position", "commission_seat", "street_seat")


def made_rows(term: Term) -> dict[str, list[int]]:
    """The ids of all rows of a term by kind, sorted."""
    found = {name: _of_term(name, term).order_by("pk") for name in ENDING}
    return {name: list(rows.values_list("pk", flat=True)) for name, rows in found.items()}


def take_back(handover: Handover) -> None:
    """Delete what the opening made and restore what it ended; in the caller's transaction.

    ValidationError `depends` where something was handed over, entered or changed since.
    """
    term, before = handover.new_term, handover.before
    assert term is not None
    if Transfer.objects.filter(handover=handover).exists():
        raise ValidationError(_("已有事项办理移交，不能撤销换届。"), code="depends")
    _check_unchanged(handover, term)
    old = handover.old_term
    old.closed_from = None
    old.save(update_fields=["closed_from"])
    members = list(Membership.objects.filter(term=term).values_list("member_id", flat=True))
    handover.new_term = None
    handover.save(update_fields=["new_term"])
    for name in (*CHILDREN, "membership"):
        _refuse_dependent(ENDING[name], before["made"][name])
        ENDING[name]._default_manager.filter(pk__in=before["made"][name]).delete()
    _forget_entrants([pk for pk in members if pk not in set(before["known"])])
    _refuse_dependent(Term, [term.pk])
    term.delete()
    for name, model in {**ENDING, **OF_LEAVERS, "term": Term}.items():
        _restore(model, before[name])
    Membership.objects.filter(pk__in=before["membership"]).update(leaving="", leaving_meeting="")
    for pk, columns in before.get("particulars", {}).items():
        Member.objects.filter(pk=int(pk)).update(**columns)


def _of_term(name: str, term: Term) -> Any:
    path = {"membership": "term", "convenorship": "seat__membership__term"}
    rows = ENDING[name]._default_manager
    return rows.filter(**{path.get(name, "membership__term"): term})


def _check_unchanged(handover: Handover, term: Term) -> None:
    """What the opening made and ended stands as it left it."""
    on, changed = handover.on_date, made_rows(term) != handover.before["made"]
    for name, model in ENDING.items():
        made = _of_term(name, term)
        changed = changed or made.exclude(span__startswith=on, span__upper_inf=True).exists()
        late = [pk for pk, until in handover.before[name].items() if _beyond(until, on)]
        ended = model._default_manager.filter(pk__in=late)
        changed = changed or ended.filter(span__endswith=on).count() != len(late)
    if changed:
        words = _("新一届的名册、席位或上一届末的任职已有变动，不能撤销换届。")
        raise ValidationError(words, code="depends")


def _beyond(until: str | None, on: Any) -> bool:
    return until is None or until > on.isoformat()


def _refuse_dependent(model: Any, ids: list[int]) -> None:
    if names := dependents(model, ids):
        words = _("新一届已有%(what)s登记，不能撤销换届。") % {"what": "、".join(names)}
        raise ValidationError(words, code="depends")


def dependents(model: Any, ids: list[int]) -> list[str]:
    """The kinds of rows that point at these, by their label; one statement."""
    if not ids:
        return []
    parts = [
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        .order_by()
        .values_list(Value(place, output_field=models.IntegerField()))
        for place, relation in enumerate(model._meta.related_objects)
    ]
    found = {place for (place,) in parts[0].union(*parts[1:])}
    relations = model._meta.related_objects
    return sorted({str(relations[place].related_model._meta.verbose_name) for place in found})


def _forget_entrants(members: list[int]) -> None:
    """Who entered with the new term goes, and the account that nobody else uses."""
    _refuse_dependent(Member, members)
    users = list(Member.objects.filter(pk__in=members).values_list("user_id", flat=True))
    Member.objects.filter(pk__in=members).delete()
    used = [pk for pk in users if dependents(User, [pk])] if dependents(User, users) else []
    User.objects.filter(pk__in=set(users) - set(used), last_login=None).delete()


def _restore(model: Any, uppers: dict[str, str | None]) -> None:
    """Give spans their former ends back, a statement for each end there was."""
    by_end: dict[str | None, list[int]] = {}
    for pk, until in uppers.items():
        by_end.setdefault(until, []).append(int(pk))
    lower = Func("span", function="lower", output_field=models.DateField())
    names = {one.name for one in model._meta.concrete_fields}
    blank = {"ending_meeting": ""} if "ending_meeting" in names else {}
    for until, ids in by_end.items():
        end = Value(until, output_field=models.DateField())
        field: Any = model._meta.get_field("span")
        span = Func(lower, end, Value("[)"), function="daterange", output_field=type(field)())
        model._default_manager.filter(pk__in=ids).update(span=span, **blank)
