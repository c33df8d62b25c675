"""Addresses below `/<slug>/workrooms/`, one list per aggregate."""

from django.urls import path

from workrooms.views import rooms as rooms_pages

app_name = "workrooms"

rooms = [
    path("", rooms_pages.workrooms, name="list"),
    path("<int:pk>/", rooms_pages.workroom, name="detail"),
]

urlpatterns = [*rooms]
