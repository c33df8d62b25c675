"""Addresses below `/<slug>/sectors/`."""

from django.urls import include, path

app_name = "sectors"
urlpatterns = [
    path("import/", include("sectors.roster_import.urls")),
]
