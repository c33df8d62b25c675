"""`manage.py bench`: how many times its floor each page and each bulk job takes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaison_portal.bench import pages, reports, rosters, summaries, telling
from liaison_portal.bench.measuring import Figure, table
from liaison_portal.bench.throwaway import demo_committee

BULK = {
    "roster-import": rosters.measure_import,
    "roster-import-tables": rosters.measure_tables,
    "name-order": rosters.measure_order,
}
TELLING = "remind-30000"
NAMES = [*(page.name for page in pages.PAGES), *BULK, *summaries.BULK, *reports.SEARCHES, TELLING]


class Command(BaseCommand):
    help = "Measure speed as ratios to a floor, on a throw-away database; exit 1 above a limit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=30, help="default 30; at least 3")
        parser.add_argument("--reports", type=int, default=20_000, help="that are searched")
        parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME")
        parser.add_argument("--json", action="store_true", help="times in seconds, sizes in bytes")

    def handle(self, *args: Any, rounds: int, **options: Any) -> None:
        if rounds < 3:
            raise CommandError("A median wants at least 3 rounds.")
        with demo_committee(self._say) as city:
            works = {p.name: partial(pages.measure, p, city) for p in pages.PAGES} | BULK
            works |= {one: partial(work, city) for one, work in summaries.BULK.items()}
            works |= {one: partial(reports.measure, one, city) for one in reports.SEARCHES}
            works[TELLING] = partial(telling.measure, city)
            figures = []
            for name in (one for one in NAMES if one in (options["only"] or NAMES)):
                if name in reports.SEARCHES:
                    reports.write_once(city, options["reports"], say=self._say)
                self._say(name)
                figures.append(works[name](rounds=rounds))
        self._tell(figures, as_json=options["json"])

    def _tell(self, figures: list[Figure], *, as_json: bool) -> None:
        listing = [{**asdict(one), "ratio": one.ratio} for one in figures]
        self.stdout.write(json.dumps(listing, indent=1) if as_json else table(figures))
        over = [one.name for one in figures if one.is_over]
        if over:
            raise CommandError(f"Over the limit: {', '.join(over)}")

    def _say(self, line: str) -> None:
        """Progress, apart from the result."""
        self.stderr.write(f"  {line}", style_func=str)
