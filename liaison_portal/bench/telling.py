"""Reminders to 30,000 members: one notice each, and workers woken for all of them."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import redis
from celery import Celery
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from committees.models import Committee, User
from liaison_portal.bench.measuring import Figure, in_turns
from liaison_portal.local.programs import find_broker
from notices.actions import posting as actions
from notices.models import Notice

PEOPLE, MOST_ROUNDS, LIMIT = 30_000, 5, 2.5
KIND = "feedback_answered"  # its letter calls each person by name


@contextmanager
def broker() -> Iterator[str]:
    """The address of a broker of our own, in a folder that goes again."""
    with TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "broker.sock"
        command = [str(find_broker()), "--port", "0", "--unixsocket", str(path), "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder) as server:
            try:
                for _ in range(100):
                    if path.exists():
                        break
                    time.sleep(0.05)
                yield str(path)
            finally:
                server.terminate()


def invented_people(count: int) -> list[User]:
    """Accounts with a name and nothing else."""
    names = [f"测{chr(0x4E00 + n % 3000)}{'试' * (n % 2)}" for n in range(count)]
    rows = [User(name=name, sign_in_name=f"bench{n}", password="!") for n, name in enumerate(names)]
    return User.objects.bulk_create(rows, batch_size=2000)


def measure(committee: Committee, *, rounds: int) -> Figure:
    """`post_many` to all of them beside one INSERT … SELECT of such rows and a pipelined push."""
    people, turns = invented_people(PEOPLE), itertools.count()
    with broker() as path, closing(redis.Redis(unix_socket_path=path)) as link:
        portal = Celery("bench", broker=f"redis+socket://{path}")

        def push(task: str, args: tuple[object, ...]) -> None:
            portal.send_task(task, args=args, ignore_result=True)

        def floor() -> None:
            _plainly(committee, f"bench:floor:{next(turns)}", link)

        def work() -> None:
            told = actions.post_many(
                KIND,
                to=people,
                key=f"bench:work:{next(turns)}",
                about=None,
                committee=committee,
            )
            if len(told) != PEOPLE:
                raise CommandError(f"{len(told)} of {PEOPLE} were told")

        with mock.patch.object(actions, "_send_task", push):
            times = in_turns(floor, work, rounds=min(rounds, MOST_ROUNDS))
    return Figure("remind-30000", *times, LIMIT)


def _plainly(committee: Committee, key: str, link: redis.Redis) -> None:
    """The floor: the same rows with the same letter, and the same wake-ups in one pipeline."""
    table, users = Notice._meta.db_table, User._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (recipient_id, committee_id, kind, key, path, title, body, sms,"
            " mail, created_at, attempts)"
            " SELECT id, %s, %s, %s, '', %s, %s, %s, name || %s, %s, 0"
            f" FROM {users} WHERE sign_in_name LIKE 'bench%%' ORDER BY id"
            " ON CONFLICT (recipient_id, key) DO NOTHING RETURNING id",
            [
                *(committee.pk, KIND, key, "标题" * 8, "内容" * 30, "短信" * 20, "：正文" * 40),
                timezone.now(),
            ],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    with link.pipeline(transaction=False) as pipe:
        for start in range(0, len(ids), actions.CHUNK):
            pipe.lpush("bench", str(ids[start : start + actions.CHUNK]))
        pipe.execute()
