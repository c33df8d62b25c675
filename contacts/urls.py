"""Addresses below `/<slug>/contacts/`."""

from django.urls import path

from contacts.views import contacts, visits

app_name = "contacts"

urlpatterns = [
    path("", contacts.contacts, name="contacts"),
    path("add/", contacts.contact_add, name="contact_add"),
    path("<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("<int:pk>/retire/", contacts.contact_retire, name="contact_retire"),
    path("<int:pk>/reveal/", contacts.contact_reveal, name="contact_reveal"),
    path("visits/", visits.visits, name="visits"),
    path("visits/write/", visits.visit_write, name="visit_write"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    path("visits/<int:pk>/follow-up/", visits.follow_up, name="follow_up"),
]
