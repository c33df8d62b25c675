"""`manage.py up`: the whole portal on this machine, until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from liaison_portal.local.launch import Launch


class Command(BaseCommand):
    help = "Run database, broker, web, worker and beat on this machine until Ctrl-C."
    # Checks that ask the database run with the migrations, once there is one.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--empty",
            action="store_true",
            help="leave an empty database empty and print a code for the first-run page",
        )

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        Launch(leave_empty=empty).run()
