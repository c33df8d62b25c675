"""Addresses below `/<slug>/workrooms/`, one list an aggregate."""

from django.urls import path

from workrooms.views import plates as plate_views
from workrooms.views import receipts as receipt_views
from workrooms.views import receptions as reception_views
from workrooms.views import rooms as room_views

app_name = "workrooms"

rooms = [
    path("", room_views.workrooms, name="list"),
    path("<int:pk>/", room_views.workroom, name="detail"),
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
