"""`manage.py add_committee SLUG NAME --level city`: one more committee on this portal."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from committees.models import Committee, Level
from committees.slips import CONSOLE, in_groups
from liaison_portal.founding import BEGINNERS, Beginner, found


class Command(BaseCommand):
    help = (
        "Add a committee with its samples. Name its first people by sign-in name, e.g. "
        "--secadmin zhangsan; an account that does not exist yet is made, and its one-time "
        "code for /q/ is printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the first part of its addresses; never changes")
        parser.add_argument("name", help="e.g. 政协云川市委员会")
        parser.add_argument("--level", required=True, choices=Level.values)
        parser.add_argument("--parent", default="", metavar="SLUG", help="the guiding committee")
        parser.add_argument("--full-name", default="", help="e.g. 中国人民政治协商会议…委员会")
        parser.add_argument("--short-name", default="", help="e.g. 市政协")
        parser.add_argument("--office-name", default="", help="as letters are signed")
        parser.add_argument("--term", type=int, metavar="N", help="the term (届) now serving")
        parser.add_argument(
            "--from",
            dest="begins_on",
            type=datetime.date.fromisoformat,
            metavar="DATE",
            help="first day of that term, YYYY-MM-DD (default today)",
        )
        for role in BEGINNERS:
            parser.add_argument(f"--{role}", default="", metavar="SIGN_IN_NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["begins_on"] and not options["term"]:
            raise CommandError("--from needs --term: which term begins on that day?")
        names = {
            key: options[key]
            for key in ("slug", "name", "level", "full_name", "short_name", "office_name")
        }
        beginners = [
            Beginner(role, name=options[role], sign_in_name=options[role])
            for role in BEGINNERS
            if options[role]
        ]
        try:
            founded = found(
                names | {"parent": self._parent(options["parent"])},
                by=CONSOLE,
                ordinal=options["term"],
                begins_on=options["begins_on"],
                beginners=beginners,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._tell(founded)

    def _parent(self, slug: str) -> Committee | None:
        if not slug:
            return None
        parent = Committee.objects.filter(slug=slug).first()
        if parent is None:
            raise CommandError(f"没有网址标识为“{slug}”的政协委员会。")
        return parent

    def _tell(self, founded: Any) -> None:
        committee = founded.committee
        self.stdout.write(f"已建立 {committee.name}（{committee.full_name}） /{committee.slug}/")
        for slip, code in founded.slips:
            self.stdout.write(f"  {slip.user.sign_in_name}  /q/  {in_groups(code)}  7天内有效")
        missing = [role for role in BEGINNERS if role not in founded.people]
        if missing:
            self.stdout.write(f"  尚未指定：{'、'.join(str(role.label) for role in missing)}")
