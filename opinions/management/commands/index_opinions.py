"""`manage.py index_opinions`: what reports are found by, written anew from their texts.

Needed after the way of reading texts (committees/bigrams.py) has changed, or where rows were
written past Django. Goes on where it was stopped: rows that are right already are left alone.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from committees.bigrams import plain_text, vector_of
from opinions.models import Manuscript
from opinions.models.manuscripts import TEXTS

CHUNK = 500


class Command(BaseCommand):
    help = "Write what reports are found by, in chunks; may be stopped and started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="rows that have it already, too")

    def handle(self, *args: Any, **options: Any) -> None:
        done, last = 0, 0
        rows = Manuscript.objects.order_by("pk").select_for_update()
        if not options["all"]:
            rows = rows.filter(vector=None)
        while True:
            with transaction.atomic():
                chunk = list(rows.filter(pk__gt=last)[:CHUNK])
                for row in chunk:
                    texts = [getattr(row, name) for name in TEXTS]
                    row.vector, row.plain = vector_of(*texts), plain_text(*texts)
                Manuscript.objects.bulk_update(chunk, ["vector", "plain"])
            if not chunk:
                break
            done, last = done + len(chunk), chunk[-1].pk
        self.stdout.write(f"{done}")
