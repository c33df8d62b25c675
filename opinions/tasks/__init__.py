"""The clock, one aggregate a file."""

from opinions.tasks import following
from opinions.tasks.reports import close_finished_of, run_daily, run_daily_for
from opinions.tasks.similar import (
    run_category_training,
    run_fingerprints,
    sweep_fingerprints_of,
    train_categories_of,
)

__all__ = [
    "close_finished_of",
    "following",
    "run_category_training",
    "run_daily",
    "run_daily_for",
    "run_fingerprints",
    "sweep_fingerprints_of",
    "train_categories_of",
]
