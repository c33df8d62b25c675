"""Addresses below `/<slug>/summaries/`."""

from django.urls import path, register_converter

from records import views
from records.months import MonthConverter

app_name = "records"
register_converter(MonthConverter, "month")

urlpatterns = [
    path("", views.summaries, name="summaries"),
    path("draft/", views.draft, name="draft"),
    path("<month:month>/", views.summary, name="summary"),
    path("<month:month>/words/", views.words, name="words"),
    path("<month:month>/approve/", views.approval, name="approve"),
    path("<month:month>/<slug:key>/", views.rows, name="rows"),
]
