"""Addresses below `/<slug>/activities/`."""

from django.urls import path

from activities import views

app_name = "activities"

urlpatterns = [
    path("", views.activities, name="list"),
    path("<int:pk>/", views.activity, name="detail"),
]
