"""The members' contacts among the public, their areas, visits and targets."""

from contacts.models.areas import Area, AreaMember, Grid
from contacts.models.batches import ContactBatch
from contacts.models.contacts import Contact
from contacts.models.dictionaries import Channel, Occasion
from contacts.models.imports import ContactImport
from contacts.models.reveals import Reveal
from contacts.models.targets import HelpOffer, Measure, Target
from contacts.models.visits import Visit, VisitMember, VisitPhoto

__all__ = [
    "Area",
    "AreaMember",
    "Channel",
    "Contact",
    "ContactBatch",
    "ContactImport",
    "Grid",
    "HelpOffer",
    "Measure",
    "Occasion",
    "Reveal",
    "Target",
    "Visit",
    "VisitMember",
    "VisitPhoto",
]
