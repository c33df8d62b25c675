"""Shapes in the API, one aggregate a file."""

from opinions.serializers.reports import (
    ManuscriptShape,
    Moment,
    MoveShape,
    NewOpinion,
    OpinionDetail,
    OpinionRow,
)

__all__ = [
    "ManuscriptShape",
    "Moment",
    "MoveShape",
    "NewOpinion",
    "OpinionDetail",
    "OpinionRow",
]
