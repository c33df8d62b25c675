"""Addresses of the contact import, below `/<slug>/contacts/import/`; names in `contacts:`."""

from django.urls import path

from contacts.contact_import import views

urlpatterns = [
    path("", views.import_contacts, name="import_contacts"),
    path("template/", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_preview, name="import_preview"),
    path("<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("<int:pk>/drop/", views.import_drop, name="import_drop"),
]
