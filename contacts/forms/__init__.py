"""Forms on visits and contacts; what they take in ends in the verbs of actions."""

from contacts.forms.contacts import ContactForm, RevealForm
from contacts.forms.fields import DayInput, Picker, RowField, RowsField
from contacts.forms.visits import FollowUpForm, VisitForm

__all__ = [
    "ContactForm",
    "DayInput",
    "FollowUpForm",
    "Picker",
    "RevealForm",
    "RowField",
    "RowsField",
    "VisitForm",
]
