"""Addresses below `/<slug>/members/`."""

from django.urls import path

from members import views_names

app_name = "members"
urlpatterns = [
    path("order-names/", views_names.order_names, name="order_names"),
]
