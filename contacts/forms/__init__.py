"""Forms on visits, contacts and areas; what they take in ends in the verbs of actions."""

from contacts.forms.areas import AreaForm, AssignForm, GridForm, GridsForm
from contacts.forms.contacts import BatchForm, ContactForm, RevealForm, SendBackForm
from contacts.forms.fields import Picker, RowField, RowsField
from contacts.forms.visits import FollowUpForm, VisitForm

__all__ = [
    "AreaForm",
    "AssignForm",
    "BatchForm",
    "ContactForm",
    "FollowUpForm",
    "GridForm",
    "GridsForm",
    "Picker",
    "RevealForm",
    "RowField",
    "RowsField",
    "SendBackForm",
    "VisitForm",
]
