"""Addresses below `/u/desk/promises/`, for a unit's link."""

from django.urls import path

from opinions.views import unit_promises

app_name = "link_promises"

urlpatterns = [
    path("", unit_promises.link_list, name="list"),
    path("<int:pk>/", unit_promises.link_promise, name="detail"),
    path("<int:pk>/files/<int:report>/", unit_promises.link_file, name="file"),
]
