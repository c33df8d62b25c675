"""Addresses of the daily changes below `/<slug>/members/`."""

from django.urls import path

from sectors.changes import views

app_name = "changes"

urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("changes/", views.recent, name="recent"),
    path("<int:pk>/changes/", views.changes, name="member"),
    path("<int:pk>/changes/<int:change>/undo/", views.undo, name="undo"),
    path("<int:pk>/changes/<slug:kind>/", views.change, name="change"),
]
