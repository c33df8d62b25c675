"""The new term taken back and everything as it was, while nothing depends on the new one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import CASCADE
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import User
from sectors.handover.images import Images, changed_since, ids_made, named, put_back
from sectors.models import Handover, RosterImport, Transfer
from sectors.roster_import.tracing import ACCOUNTS, TABLES, relations_of, table_of

NAMED = 3  # people named in a sentence


def take_back(handover: Handover) -> None:
    """Delete what the opening made and restore what it changed; in the caller's transaction.

    ValidationError `depends` where something was handed over, entered or changed since, or an
    entrant has signed in: it says what.
    """
    if Transfer.objects.filter(handover=handover).live().exists():
        words = _("已有事项办理移交，请先撤销交接，再撤销换届。")
        raise ValidationError(words, code="depends")
    images = handover.before.get("images")
    if images is None:
        words = _("该换届没有保留撤销所需的记录，不能撤销。")
        raise ValidationError(words, code="no_trace")
    _check_signed_in(ids_made(images, ACCOUNTS))
    if counted := changed_since(images):
        words = _("新一届的名册、席位或上一届末的任职已有变动（%(what)s），不能撤销换届。")
        raise ValidationError(words % {"what": named(counted)}, code="depends")
    handover.new_term = None
    handover.save(update_fields=["new_term"])
    _check_uses(images)
    put_back(images, (ACCOUNTS, *TABLES))
    if done := handover.before.get("roster_import"):
        RosterImport.objects.filter(pk=done).update(
            state=RosterImport.State.UNDONE, undone_at=timezone.now()
        )


def _check_signed_in(accounts: list[int]) -> None:
    rows = User.objects.filter(pk__in=accounts, last_login__isnull=False).order_by("pk")
    if names := list(rows.values_list("name", flat=True)[: NAMED + 1]):
        told = {"names": "、".join(names[:NAMED]), "more": _("等") if len(names) > NAMED else ""}
        words = _("新任委员%(names)s%(more)s已经登录，不能撤销换届。") % told
        raise ValidationError(words, code="depends")


def _check_uses(images: Images) -> None:
    """Nothing else points at what would go; what stands beside an unused account goes along."""
    along, others = _uses(images)
    if others:
        words = _("新一届已有%(what)s登记，不能撤销换届。") % {"what": named(others)}
        raise ValidationError(words, code="depends")
    for label, column in along:
        rows: Any = apps.get_model(label)._base_manager
        rows.filter(**{f"{column}__in": ids_made(images, ACCOUNTS)}).delete()


def _uses(images: Images) -> tuple[list[tuple[str, str]], Counter[str]]:
    """What refers to a row that was made and was not made too: `(along with accounts, others)`."""
    parts: list[str] = []
    values: Any = []
    known: list[tuple[Any, bool]] = []
    for label in images:
        made = ids_made(images, label)
        for relation in relations_of(label) if made else ():
            meta, field = relation.related_model._meta, relation.field
            parts.append(
                f"SELECT {len(known)}, count(*) FROM {table_of(meta.label_lower)} AS r "
                f"WHERE r.{connection.ops.quote_name(field.column)} = ANY(%s) "
                f"AND NOT r.{connection.ops.quote_name(meta.pk.column)}::text = ANY(%s)"
            )
            values += [made, [str(pk) for pk in ids_made(images, meta.label_lower)]]
            known.append((relation, label == ACCOUNTS and relation.on_delete is CASCADE))
    if not parts:
        return [], Counter()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        counts = {place: count for place, count in cursor.fetchall() if count}
    along, others = [], Counter[str]()
    for place, count in counts.items():
        relation, goes_along = known[place]
        label = relation.related_model._meta.label_lower
        if goes_along:
            along.append((label, relation.field.name))
        else:
            others[label] = max(others[label], count)  # a row may point at several
    return along, others
