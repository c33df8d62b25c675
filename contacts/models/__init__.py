"""The members' contacts among the public, and the visits that keep in touch with them."""

from contacts.models.contacts import Contact
from contacts.models.dictionaries import Channel, Occasion
from contacts.models.targets import HelpOffer, Measure, Target
from contacts.models.visits import Visit, VisitMember

__all__ = [
    "Channel",
    "Contact",
    "HelpOffer",
    "Measure",
    "Occasion",
    "Target",
    "Visit",
    "VisitMember",
]
