"""Addresses below `/<slug>/rules/`: 制度文件."""

from django.urls import path

from notices.views import rules as views

app_name = "rules"

urlpatterns = [
    path("", views.rules, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.rule, name="detail"),
    path("<int:pk>/versions/<int:number>/", views.rule, name="version"),
    path("<int:pk>/versions/<int:number>/file/", views.file, name="file"),
    path("<int:pk>/revise/", views.revise, name="revise"),
    path("<int:pk>/rename/", views.rename, name="rename"),
    path("<int:pk>/repeal/", views.repeal, name="repeal"),
]
