"""Opinion reports (社情民意信息): internal paper, from draft to issue and adoption."""

from opinions.models.manuscripts import Manuscript
from opinions.models.opinion import Authorship, Opinion, Status, Step
from opinions.models.outcome import Adoption, Issue

__all__ = ["Adoption", "Authorship", "Issue", "Manuscript", "Opinion", "Status", "Step"]
