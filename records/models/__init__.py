"""What the deeds add up to."""

from records.models.daily_figures import DailyFigure
from records.models.summaries import BELOW, Every, MonthlySummary, Of

__all__ = ["BELOW", "DailyFigure", "Every", "MonthlySummary", "Of"]
