"""Addresses below `/<slug>/reminders/`: the reminders of a committee (定时提醒)."""

from django.urls import path

from notices.views import reminders as views

app_name = "reminders"

urlpatterns = [
    path("", views.reminders, name="list"),
    path("<slug:name>/", views.rehearsal, name="rehearsal"),
    path("<slug:name>/run/", views.run, name="run"),
    path("<slug:name>/switch/", views.toggle, name="switch"),
]
