"""Similar texts among 100,000: the twin is in the top ten, and finding it costs little more than
its SQL."""

import statistics
import time

import numpy
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opinions.duplicates import bands_of, codes_of
from opinions.finding_similar import similar_to
from opinions.models import Fingerprint, Manuscript, Opinion, Status
from opinions.models.similar import SHARING
from tests.budgets import costs
from tests.cast import assemble
from tests.scale.twins import Language

TEXTS, BLOCK = 100_000, 2_000
ASKED = 300  # twins of each kind, spread over the texts
RECALL = 0.98


def bands_in_bulk(texts, committee):
    """As `fingerprint` of each, in a few strokes; the texts hold Han signs and two marks only."""
    plain = [text.replace("，", "").replace("。", "") for text in texts]
    signs = numpy.frombuffer("".join(plain).encode("utf-32-le"), dtype=numpy.uint32)
    signs = signs.astype(numpy.uint64)
    pairs = (signs[:-1] << numpy.uint64(21)) | signs[1:]
    ends = numpy.cumsum([len(text) for text in plain])
    pairs[ends[:-1] - 1] = pairs[ends[:-1] - 2]  # a pair across two texts is none
    starts = numpy.concatenate([[0], ends[:-1]])
    return bands_of(codes_of(pairs), starts, committee)


@pytest.fixture(scope="module")
def language():
    return Language()


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, language):
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX fingerprint_bands")
            for first in range(0, TEXTS, BLOCK):
                _write(cast, [language.report(n) for n in range(first, first + BLOCK)])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no index over pending checks
            cursor.execute(
                "CREATE INDEX fingerprint_bands ON opinions_fingerprint USING gin (bands)"
            )
            cursor.execute("ANALYZE opinions_fingerprint, opinions_opinion, opinions_manuscript")
        with django_db_blocker.block():
            yield cast
        transaction.set_rollback(True)


def _write(cast, texts):
    now, city = timezone.now(), cast.city
    rows = Opinion.objects.bulk_create(
        Opinion(committee=city, status=Status.RECEIVED, waiting_since=now, created_by=cast.clerk)
        for _ in texts
    )
    Manuscript.objects.bulk_create(
        Manuscript(
            opinion=row, kind="original", written_by=cast.clerk, written_at=now, situation=text
        )
        for row, text in zip(rows, texts, strict=True)
    )
    bands = bands_in_bulk(texts, city.pk).tolist()
    Fingerprint.objects.bulk_create(
        Fingerprint(committee=city, opinion=row, bands=some, source="")
        for row, some in zip(rows, bands, strict=True)
    )


@pytest.fixture(autouse=True)
def database(db):
    cache.clear()


@pytest.fixture(scope="module")
def first(city, django_db_blocker):
    with django_db_blocker.unblock():
        return Opinion.objects.order_by("pk").values_list("pk", flat=True)[0]


def recall(city, first, language, kind):
    """The share of twins that are among the ten shown, and the seconds each lookup took."""
    actor, numbers = city.clerk, range(7, TEXTS, TEXTS // ASKED)
    found, seconds = 0, []
    for number in numbers:
        text = getattr(language, kind)(number)
        began = time.perf_counter()
        shown = similar_to(text, city.city, actor)
        seconds.append(time.perf_counter() - began)
        found += any(one.row.pk == first + number for one in shown)
    return found / len(numbers), seconds


def test_the_body_is_as_large_as_it_says(city):
    assert Fingerprint.objects.count() == Opinion.objects.count() == TEXTS


@pytest.mark.parametrize("kind", ["edited", "reordered"])
def test_the_twin_is_among_the_ten(city, first, language, kind):
    share, seconds = recall(city, first, language, kind)
    print(f"\n{kind}: recall {share:.4f}, median {statistics.median(seconds) * 1000:.1f} ms")
    assert share >= RECALL


def test_told_in_other_words(city, first, language):
    """Whatever it gets: other words are another text to a fingerprint."""
    share, seconds = recall(city, first, language, "retold")
    print(f"\nretold: recall {share:.4f}, median {statistics.median(seconds) * 1000:.1f} ms")
    assert 0 <= share <= 1


def test_a_lookup_beside_its_own_statements(city, language):
    """Printed, not asserted: the machine may be busy with something else."""
    actor = city.clerk
    assert actor.standing
    took, asked = [], []
    for number in range(11, TEXTS, TEXTS // 50):
        text = language.edited(number)
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            similar_to(text, city.city, actor)
            took.append(time.perf_counter() - began)
        asked.append(sum(float(query["time"]) for query in captured.captured_queries))
    ratio = statistics.median(took) / max(statistics.median(asked), 0.001)
    print(
        f"\nlookup {statistics.median(took) * 1000:.1f} ms,"
        f" its SQL {statistics.median(asked) * 1000:.1f} ms, ratio {ratio:.2f}"
    )
    with costs(2):
        similar_to(language.edited(11), city.city, actor)


def test_the_candidates_come_from_the_index(city, language):
    bands = Fingerprint.objects.order_by("pk").values_list("bands", flat=True)[0]
    with connection.cursor() as cursor:
        sql = "EXPLAIN " + SHARING.format(table="opinions_fingerprint")
        cursor.execute(sql, [bands, Fingerprint.objects.all().MOST])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "fingerprint_bands" in plan and "Seq Scan" not in plan, plan
