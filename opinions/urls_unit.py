"""The unit's desk for handlers, below `/<slug>/unit/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from opinions.views import unit_desk, unit_promises, unit_verbs
from opinions.views.unit_place import of_handler

app_name = "unit"


def addresses(of: Callable[[Any], Any]) -> list[URLPattern]:
    """The desk's pages; `of` tells each whose desk it is (views/unit_place.py)."""
    return [
        path("", of(unit_desk.desk), name="desk"),
        path("papers.zip", of(unit_desk.papers), name="papers"),
        path("promises/", of(unit_promises.promises), name="promises"),
        path("promises/<int:pk>/", of(unit_promises.promise), name="promise"),
        path("promises/<int:pk>/files/<int:report>/", of(unit_promises.file), name="promise_file"),
        path("<int:pk>/", of(unit_desk.item), name="item"),
        path("<int:pk>/papers/<slug:name>/", of(unit_desk.paper), name="paper"),
        path("<int:pk>/files/<int:file>/", of(unit_desk.file), name="file"),
        path("<int:pk>/files/<int:file>/remove/", of(unit_verbs.file_remove), name="file_remove"),
        path("<int:pk>/<slug:name>/", of(unit_verbs.verb), name="verb"),
    ]


urlpatterns = addresses(of_handler)
