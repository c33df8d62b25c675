"""Addresses below `/<slug>/contacts/`."""

from django.urls import include, path

from contacts.views import areas, batches, contacts, exports, people, photos, visits

app_name = "contacts"

of_contacts = [
    path("", contacts.contacts, name="contacts"),
    path("add/", contacts.contact_add, name="contact_add"),
    path("<int:pk>/", contacts.contact, name="contact"),
    path("<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("<int:pk>/judge/", contacts.contact_judge, name="contact_judge"),
    path("<int:pk>/retire/", contacts.contact_retire, name="contact_retire"),
    path("<int:pk>/reveal/", contacts.contact_reveal, name="contact_reveal"),
    path("batch/", batches.batch, name="batch"),
    path("batch/<int:pk>/", batches.batch_done, name="batch_done"),
    path("batch/<int:pk>/undo/", batches.batch_undo, name="batch_undo"),
    path("export/", exports.contacts_export, name="contacts_export"),
    path("import/", include("contacts.contact_import.urls")),
    path("people/", people.people, name="people"),
]
of_areas = [
    path("areas/", areas.areas, name="areas"),
    path("areas/add/", areas.area_add, name="area_add"),
    path("areas/<int:pk>/", areas.area, name="area"),
    path("areas/<int:pk>/edit/", areas.area_edit, name="area_edit"),
    path("areas/<int:pk>/assign/", areas.area_assign, name="area_assign"),
    path("areas/<int:pk>/grids/", areas.grids_add, name="grids_add"),
    path("areas/members/<int:pk>/release/", areas.area_release, name="area_release"),
    path("areas/grids/<int:pk>/edit/", areas.grid_edit, name="grid_edit"),
    path("areas/grids/<int:pk>/remove/", areas.grid_remove, name="grid_remove"),
    path("areas/grids/<int:pk>/reveal/", areas.grid_reveal, name="grid_reveal"),
]
of_visits = [
    path("visits/", visits.visits, name="visits"),
    path("visits/write/", visits.visit_write, name="visit_write"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    path("visits/<int:pk>/follow-up/", visits.follow_up, name="follow_up"),
    path("visits/<int:pk>/photos/", photos.photo_add, name="photo_add"),
    path("visits/<int:pk>/photos/<int:photo>/", photos.photo, name="photo"),
    path("visits/<int:pk>/photos/<int:photo>/remove/", photos.photo_remove, name="photo_remove"),
]
urlpatterns = [*of_contacts, *of_areas, *of_visits]
