"""Undoing the last import: what it created goes, what it changed is as before."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.models import User
from sectors.models import RosterImport, RosterTrace
from sectors.roster_import.actions import check_clerk
from sectors.roster_import.dependence import Use, lay_out, reasons, uses
from sectors.roster_import.previewed import held, lock
from sectors.roster_import.tracing import ACCOUNTS, TABLES, model_of, table_of


def undo_import(done: RosterImport, *, by: User) -> RosterImport:
    """Take a confirmed import back, all or nothing.

    Raises ValidationError that says what stands on it: a later import, a change by hand, a row
    of a member who entered, an account that has signed in; `not_confirmed` when it is undone.
    """
    committee = done.committee
    check_clerk(by, committee)
    with rules_told(), transaction.atomic():
        lock(committee)
        done = held(done)
        if done.state != RosterImport.State.CONFIRMED:
            raise ValidationError(_("该导入已撤销或尚未导入，不能撤销。"), code="not_confirmed")
        if done.settled_at is not None:
            sentence = _("该导入已过撤销期限，或者其中有委员已经登录，不能撤销。")
            raise ValidationError(sentence, code="settled")
        traces = list(done.traces.all())
        if not traces and any(done.report.get(one) for one in ("new", "changed", "leaves")):
            raise ValidationError(_("该导入没有保留撤销所需的记录，不能撤销。"), code="no_trace")
        _hold(traces)
        lay_out(traces)
        found = uses(traces)
        if why := reasons(done, traces, found):
            raise ValidationError(_("不能撤销：%s。") % "；".join(why), code="depended_on")
        _put_back(traces, found)
        connection.check_constraints()  # a row that came meanwhile breaks here, not at the commit
        done.traces.all().delete()
        done.state = RosterImport.State.UNDONE
        done.undone_at = timezone.now()
        done.save(update_fields=["state", "undone_at"])
        record("roster_import.undo", by=by, committee=committee, about=done)
    return done


def _hold(traces: list[RosterTrace]) -> None:
    """Lock what will go, so that nobody refers to it between the question and the deed."""
    for one in traces:
        if one.created:
            ids = [pk for pk, _digest in one.created]
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM (SELECT FROM {table_of(one.label)} "
                    "WHERE id = ANY(%s) ORDER BY id FOR UPDATE) AS held",
                    [ids],
                )


def _put_back(traces: list[RosterTrace], found: list[Use]) -> None:
    for label, field, _count, goes_along in found:
        if goes_along:
            ids = next(one.created for one in traces if one.label == ACCOUNTS)
            rows: Any = model_of(label)._base_manager
            rows.filter(**{f"{field}__in": [pk for pk, _digest in ids]}).delete()
    by_label = {one.label: one for one in traces}
    for label in (*reversed(TABLES), ACCOUNTS):
        if label in by_label and by_label[label].created:
            ids = [pk for pk, _digest in by_label[label].created]
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table_of(label)} WHERE id = ANY(%s)", [ids])
    for one in traces:
        if one.changed:
            _restore(one)


def _restore(one: RosterTrace) -> None:
    """Give every changed column its old value; what the import left alone is not touched."""
    columns = sorted(
        {
            name
            for _pk, before, after in one.changed
            for name in after
            if before[name] != after[name]
        }
    )
    quoted = [connection.ops.quote_name(name) for name in columns]
    table = table_of(one.label)
    with connection.cursor() as cursor:
        old = json.dumps([before for _pk, before, _after in one.changed])
        texts = ", ".join(f"{name} = was.{name}" for name in quoted)
        cursor.execute(
            f"UPDATE {table} AS t SET {texts} FROM "
            f"jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS was WHERE was.id = t.id",
            [old],
        )
