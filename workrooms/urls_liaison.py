"""Addresses below `/<slug>/liaison/`, for the people of a liaison group."""

from django.urls import path

from workrooms.views import liaison as liaison_pages

app_name = "liaison"

urlpatterns = [
    path("", liaison_pages.liaison, name="list"),
    path("<int:pk>/new/", liaison_pages.liaison_new, name="new"),
]
