"""Addresses of the roster import, below `/<slug>/sectors/import/`; names in `sectors:`."""

from django.urls import path

from sectors.roster_import import views

urlpatterns = [
    path("", views.import_roster, name="import_roster"),
    path("<int:pk>/", views.import_preview, name="import_preview"),
    path("<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("<int:pk>/drop/", views.import_drop, name="import_drop"),
]
