"""Addresses below `/<slug>/workrooms/`."""

from django.urls import path

from workrooms import views

app_name = "workrooms"

urlpatterns = [
    path("", views.workrooms, name="list"),
    path("<int:pk>/", views.workroom, name="detail"),
]
