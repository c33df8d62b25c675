"""Keeping, renaming and forgetting one's own filters of a list."""

from __future__ import annotations

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.broken_rules import rules_told
from committees.models import Committee, User
from opinions.models.saved_filters import SavedFilter, cache_key

MOST = 20


def save_filter(
    name: str,
    query: str,
    *,
    by: User,
    committee: Committee,
    kind: str = SavedFilter.Kind.OPINIONS,
) -> SavedFilter:
    """Keep `query`, the known parameters of an address, under a name of one's own.

    ValidationError `nothing_asked` for no condition, `too_many` beyond MOST, and for a name twice.
    """
    if not by.standing.belongs_to(committee):
        raise PermissionDenied
    if not query:
        raise ValidationError(_("请先设定筛选条件，再保存。"), code="nothing_asked")
    row = SavedFilter(committee=committee, user=by, kind=kind, name=name, query=query)
    row.clean_fields(exclude=["committee", "user"])
    with rules_told(), transaction.atomic():
        # Two tabs at once: the second waits here, and counts the first one's row.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        mine = SavedFilter.objects.filter(committee=committee, user=by, kind=kind)
        if mine.count() >= MOST:
            words = _("常用筛选最多保存 %(most)s 个，请先删除不用的。")
            raise ValidationError(words, code="too_many", params={"most": MOST})
        row.save(force_insert=True)
        _forget_later(row)
    return row


def rename_filter(row: SavedFilter, name: str, *, by: User) -> SavedFilter:
    _own(row, by)
    row.name = name
    row.clean_fields(exclude=["committee", "user"])
    with rules_told(), transaction.atomic():
        SavedFilter.objects.filter(pk=row.pk).update(name=name)  # nothing, where it is gone
        _forget_later(row)
    return row


def delete_filter(row: SavedFilter, *, by: User) -> None:
    """Twice is once."""
    _own(row, by)
    with transaction.atomic():
        SavedFilter.objects.filter(pk=row.pk).delete()
        _forget_later(row)


def _own(row: SavedFilter, by: User) -> None:
    if row.user_id != by.pk:
        raise PermissionDenied


def _forget_later(row: SavedFilter) -> None:
    key = cache_key(row.user_id, row.committee_id, row.kind)
    transaction.on_commit(lambda: cache.delete(key))
