"""Forms, one aggregate a file; what they take in ends in the verbs of actions."""

from opinions.forms.reports import (
    PARTS,
    MoveForm,
    OpinionForm,
    TextsForm,
)
from opinions.forms.submitters import AuthorsForm, RegisterForm

__all__ = [
    "PARTS",
    "AuthorsForm",
    "MoveForm",
    "OpinionForm",
    "RegisterForm",
    "TextsForm",
]
