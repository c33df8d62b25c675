"""Addresses below `/<slug>/workrooms/`, one list an aggregate."""

from django.urls import path

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
urlpatterns = [*rooms, *receptions]
