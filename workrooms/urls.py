"""Addresses below `/<slug>/workrooms/`, one list per aggregate."""

from django.urls import path

from workrooms.views import handling as handling_pages
from workrooms.views import paper_book as paper_pages
from workrooms.views import plates as plate_pages
from workrooms.views import receipts as receipt_pages
from workrooms.views import receptions as reception_pages
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
    path("receptions/", reception_pages.receptions, name="receptions"),
    path("<int:pk>/receptions/", reception_pages.book, name="book"),
    path("<int:pk>/receptions/new/", reception_pages.reception_new, name="reception_new"),
    path("<int:pk>/receptions/paper/", paper_pages.paper_book, name="paper_book"),
    path("receptions/<int:pk>/", reception_pages.reception, name="reception"),
    path("receptions/<int:pk>/edit/", reception_pages.reception_edit, name="reception_edit"),
    path("receptions/<int:pk>/reveal/", handling_pages.reveal, name="reception_reveal"),
    path("receptions/<int:pk>/receipt/", receipt_pages.receipt, name="reception_receipt"),
    path("receptions/<int:pk>/letter/", receipt_pages.letter, name="reception_letter"),
    path("receptions/<int:pk>/photos/<int:photo>/", receipt_pages.photo, name="reception_photo"),
    path("receptions/<int:pk>/<slug:name>/", handling_pages.deed, name="reception_deed"),
]
plates = [
    path("codes/", plate_pages.codes, name="codes"),
    path("codes/give/", plate_pages.codes_give, name="codes_give"),
    path("codes/<int:pk>/replace/", plate_pages.code_replace, name="code_replace"),
    path("plates/", plate_pages.plate_papers, name="plates"),
]

urlpatterns = [*rooms, *receptions, *plates]
