"""Addresses below `/<slug>/sectors/`."""

from django.urls import include, path

from sectors import views

app_name = "sectors"

urlpatterns = [
    path("", views.sectors, name="list"),
    path("<int:pk>/", views.sector, name="detail"),
    path("import/", include("sectors.roster_import.urls")),
]
