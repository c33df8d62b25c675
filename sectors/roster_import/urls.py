"""Addresses of the roster import, below `/<slug>/sectors/import/`; names in `sectors:`."""

from django.urls import path

from sectors.roster_import import views

urlpatterns = [
    path("", views.import_roster, name="import_roster"),
    path("<int:pk>/", views.import_preview, name="import_preview"),
    path("<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("<int:pk>/leavers/", views.import_leavers, name="import_leavers"),
    path("<int:pk>/run/", views.import_run, name="import_run"),
    path("<int:pk>/drop/", views.import_drop, name="import_drop"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("template/", views.import_template, name="import_template"),
    path("export/", views.roster_export, name="roster_export"),
]
