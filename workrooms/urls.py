"""Addresses below `/<slug>/workrooms/`, one list an aggregate."""

from django.urls import path

from workrooms.views import plates as plate_views
from workrooms.views import receipts as receipt_views
from workrooms.views import receptions as reception_views
from workrooms.views import room_batches, room_pages, standards
from workrooms.views import rooms as rooms_pages

app_name = "workrooms"

rooms = [
    path("", rooms_pages.workrooms, name="list"),
    path("map/", rooms_pages.on_map, name="map"),
    path("export/", rooms_pages.export, name="export"),
    path("together/", room_batches.together, name="together"),
    path("together/undo/", room_batches.put_back, name="put_back"),
    path("<int:pk>/", rooms_pages.workroom, name="detail"),
    path("<int:pk>/edit/", room_pages.edit, name="edit"),
    path("<int:pk>/photos/", room_pages.photos, name="photos"),
    path("<int:pk>/photos/<int:photo>/", room_pages.photo, name="photo"),
    path("<int:pk>/photos/<int:photo>/amend/", room_pages.photo_amend, name="photo_amend"),
    path("<int:pk>/standards/", standards.standards, name="standards"),
    path("<int:pk>/standards/confirm/", standards.confirm, name="confirm"),
    path("<int:pk>/standards/<int:standard>/", standards.evidence, name="evidence"),
    path(
        "<int:pk>/standards/<int:standard>/photo/",
        standards.evidence_photo,
        name="evidence_photo",
    ),
    path("<int:pk>/standards/<int:standard>/<slug:deed>/", standards.decide, name="decide"),
]
receptions = [
    path("receptions/<int:pk>/", reception_views.reception, name="reception"),
]
plates = [
    path("codes/", plate_views.codes, name="codes"),
    path("codes/give/", plate_views.codes_give, name="codes_give"),
    path("codes/<int:pk>/replace/", plate_views.code_replace, name="code_replace"),
    path("plates/", plate_views.plate_papers, name="plates"),
    path("receptions/<int:pk>/slip/", receipt_views.slip, name="receipt_slip"),
]
urlpatterns = [*rooms, *receptions, *plates]
