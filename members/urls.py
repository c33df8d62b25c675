"""Addresses below `/<slug>/members/`."""

from django.urls import path

from members import views, views_names

app_name = "members"

urlpatterns = [
    path("", views.members, name="list"),
    path("<int:pk>/", views.member, name="detail"),
    path("order-names/", views_names.order_names, name="order_names"),
]
