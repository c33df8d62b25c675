"""Addresses below `/<slug>/unit/promises/`, for a unit's accounts."""

from django.urls import path

from opinions.views import unit_promises

app_name = "unit_promises"

urlpatterns = [
    path("", unit_promises.account_list, name="list"),
    path("<int:pk>/", unit_promises.account_promise, name="detail"),
    path("<int:pk>/files/<int:report>/", unit_promises.account_file, name="file"),
]
