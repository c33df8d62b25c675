"""A name for a filter, and the filter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FilterNameForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=20)


class SavedFilterForm(FilterNameForm):
    """`query` is the address of the list after its question mark."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=4000, required=False)
