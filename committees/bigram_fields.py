"""Columns by which a row's texts are found: written with the texts, in the same statement.

Like `auto_now` they fill themselves as the row is saved, one by one or in bulk, so no action can
forget them and nothing is left of them when the row is deleted. They are never read into Python:
the model's manager defers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from committees.bigrams import plain_text, vector_of


class OfTexts(models.Field):
    """`of` are the names of the text columns of the same row."""

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **{"editable": False} | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        return self.made_of([getattr(model_instance, name) for name in self.of])

    def made_of(self, texts: Sequence[str]) -> str:
        raise NotImplementedError


class BigramVectorField(OfTexts, SearchVectorField):
    """A tsvector of `committees.bigrams`, without positions."""

    def made_of(self, texts: Sequence[str]) -> str:
        return vector_of(*texts)


class PlainTextField(OfTexts, models.TextField):
    """The texts as `committees.bigrams.plain_text` writes them, for phrases of three signs on."""

    def made_of(self, texts: Sequence[str]) -> str:
        return plain_text(*texts)
