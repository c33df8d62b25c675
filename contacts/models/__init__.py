"""The members' contacts among the public, their areas, and the visits that keep in touch."""

from contacts.models.areas import Area, AreaMember, Grid
from contacts.models.batches import ContactBatch
from contacts.models.contacts import Contact
from contacts.models.dictionaries import Channel, Occasion
from contacts.models.imports import ContactImport
from contacts.models.reveals import Reveal
from contacts.models.visits import Visit, VisitMember, VisitPhoto

__all__ = [
    "Area",
    "AreaMember",
    "Channel",
    "Contact",
    "ContactBatch",
    "ContactImport",
    "Grid",
    "Occasion",
    "Reveal",
    "Visit",
    "VisitMember",
    "VisitPhoto",
]
