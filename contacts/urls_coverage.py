"""Addresses below `/<slug>/coverage/`."""

from django.urls import path

from contacts.views import coverage

app_name = "coverage"

urlpatterns = [
    path("", coverage.board, name="board"),
    path("rows/", coverage.rows, name="rows"),
    path("offer/<int:pk>/", coverage.offer, name="offer"),
]
