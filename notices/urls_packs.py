"""Addresses below `/<slug>/packs/`: 宣讲资料."""

from django.urls import path

from notices.views import packs as views

app_name = "packs"

urlpatterns = [
    path("", views.packs, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.pack, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/take-down/", views.take_down, name="take_down"),
    path("<int:pk>/items/new/", views.item_new, name="item_new"),
    path("<int:pk>/items/<int:item>/", views.item_edit, name="item_edit"),
    path("<int:pk>/items/<int:item>/remove/", views.item_remove, name="item_remove"),
    path("<int:pk>/items/<int:item>/file/", views.item_file, name="item_file"),
]
