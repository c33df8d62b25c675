"""A broken database rule becomes a sentence: one place for pages, API and admin.

Unique, check and exclusion constraints are left to PostgreSQL. `as_validation_error` finds the
model's constraint by the name PostgreSQL gives and returns its `violation_error_message`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FOREIGN_KEY_VIOLATION = "23503"
# Rules that triggers keep, by the name they raise with; their migrations say which rows.
OF_TRIGGERS = {
    "old_term_is_closed": gettext_lazy("该届已换届封存，任职、席位和年度文稿不能再改。"),
}


def as_validation_error(error: IntegrityError) -> ValidationError:
    """Of a constraint we named: its own sentence. Of any other: a general one, with the code."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in OF_TRIGGERS:
        return ValidationError(OF_TRIGGERS[name], code=name)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return ValidationError(constraint.get_violation_error_message(), code=name)
        for field in model._meta.local_fields:
            if field.unique and name.startswith(f"{model._meta.db_table}_{field.column}_"):
                return ValidationError(field.error_messages["unique"], code=name)
    return ValidationError(_("数据与已有记录冲突，未保存。请刷新后重试。"), code=name or "conflict")


@contextmanager
def rules_told() -> Iterator[None]:
    """`with rules_told(), transaction.atomic(): …` raises ValidationError for a broken rule."""
    try:
        yield
    except IntegrityError as error:
        raise as_validation_error(error) from error


@contextmanager
def refused_where_referred(told: ValidationError) -> Iterator[None]:
    """A savepoint whose foreign keys are checked at its end: a row left pointing at one that went
    raises `told`. The database is asked, not a list of what we know."""
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != FOREIGN_KEY_VIOLATION:
            raise
        raise told from error
