"""`manage.py train_categories [slug …]`: learn from filed reports which category a text is of."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from committees.models import Committee
from opinions.actions.categorising import train_categories


class Command(BaseCommand):
    help = "Train the category suggestion of the committees named, or of all; prints the accuracy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="slug")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        rows = Committee.objects.order_by("pk")
        if slugs:
            rows = rows.filter(slug__in=slugs)
            if unknown := set(slugs) - {row.slug for row in rows}:
                raise CommandError(f"No committee {', '.join(sorted(unknown))}")
        for committee in rows:
            model = train_categories(committee)
            said = f"{model.texts} reports, {model.percent} %" if model else "too few reports"
            self.stdout.write(f"{committee.slug}: {said}")
