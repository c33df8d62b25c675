"""Addresses below `/<slug>/promises/`."""

from django.urls import path

from opinions.views import promises

app_name = "promises"

urlpatterns = [
    path("", promises.promises, name="list"),
    path("export/", promises.export, name="export"),
    path("<int:pk>/", promises.promise, name="detail"),
    path("<int:pk>/files/<int:report>/", promises.file, name="file"),
    path("<int:pk>/<slug:name>/", promises.deed, name="deed"),
]
