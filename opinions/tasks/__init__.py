"""The clock, one aggregate a file."""

from opinions.tasks import following
from opinions.tasks.referrals import watch_referrals, watch_referrals_of
from opinions.tasks.reports import close_finished_of, run_daily, run_daily_for

__all__ = [
    "close_finished_of",
    "following",
    "run_daily",
    "run_daily_for",
    "watch_referrals",
    "watch_referrals_of",
]
