"""Addresses below `/<slug>/referrals/`."""

from django.urls import path

from opinions.views import referrals

app_name = "referrals"

urlpatterns = [
    path("", referrals.referrals, name="list"),
    path("new/", referrals.new, name="new"),
    path("<int:pk>/", referrals.referral, name="detail"),
    path("<int:pk>/order/", referrals.order, name="order"),
    path("<int:pk>/urgings/<int:urging>/", referrals.urging_letter, name="urging_letter"),
    path("<int:pk>/<slug:name>/", referrals.deed, name="deed"),
]
