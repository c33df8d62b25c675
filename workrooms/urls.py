"""Addresses below `/<slug>/workrooms/`, one list per aggregate."""

from django.urls import path

from workrooms.views import plates as plates_pages
from workrooms.views import receipts as receipts_pages
from workrooms.views import rooms as rooms_pages

app_name = "workrooms"

rooms = [
    path("", rooms_pages.workrooms, name="list"),
    path("<int:pk>/", rooms_pages.workroom, name="detail"),
]

plates = [
    path("codes/", plates_pages.codes, name="codes"),
    path("codes/give/", plates_pages.codes_give, name="codes_give"),
    path("codes/<int:pk>/replace/", plates_pages.code_replace, name="code_replace"),
    path("plates/", plates_pages.plate_papers, name="plates"),
    path("receptions/<int:pk>/slip/", receipts_pages.slip, name="receipt_slip"),
]

urlpatterns = [*rooms, *plates]
