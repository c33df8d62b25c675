"""System checks about the machine; those of the database run with `migrate` and `check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections


@register(Tags.database)
def database_knows_chinese_letters(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """With ctype C, trigrams and case functions silently skip everything but ASCII."""
    return [
        Warning(
            "这个数据库的字符分类（ctype）不识别汉字，检索会漏掉中文。 "
            "The database's ctype does not know Chinese letters; searching will miss them.",
            hint="Make the database with LC_CTYPE 'C.UTF-8' (encoding UTF8).",
            obj=alias,
            id="liaison_portal.W001",
        )
        for alias in databases or ()
        if not _knows_chinese_letters(alias)
    ]


def _knows_chinese_letters(alias: str) -> bool:
    """Asked of the functions themselves: a name of a locale says little about what it does."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT '界' ~ '[[:alpha:]]' AND upper('é') = 'É'")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT to_regproc('show_trgm') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT cardinality(show_trgm('界别')) > 0")
        return bool(cursor.fetchone()[0])
