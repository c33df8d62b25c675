"""Addresses below `/<slug>/activities/`."""

from django.urls import path

from activities.urls_aftermath import aftermath_pages, consultation_pages, outcome_pages
from activities.views import reading

app_name = "activities"

reading_pages = [
    path("", reading.activities, name="list"),
    path("<int:pk>/", reading.activity, name="detail"),
]

urlpatterns = [*reading_pages, *aftermath_pages, *consultation_pages, *outcome_pages]
