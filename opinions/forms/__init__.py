"""Forms, one aggregate a file; what they take in ends in the verbs of actions."""

from opinions.forms.reports import (
    PARTS,
    MoveForm,
    OpinionForm,
    TextsForm,
)

__all__ = [
    "PARTS",
    "MoveForm",
    "OpinionForm",
    "TextsForm",
]
