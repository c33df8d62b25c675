"""Addresses below `/<slug>/evaluations/`."""

from django.urls import path

from opinions.views import evaluations

app_name = "evaluations"

urlpatterns = [
    path("", evaluations.evaluations, name="list"),
    path("<int:pk>/", evaluations.choose, name="decide"),
    path("referrals/<int:pk>/conclude/", evaluations.conclude_referral, name="conclude"),
]
