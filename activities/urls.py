"""Addresses below `/<slug>/activities/`."""

from django.http import Http404
from django.urls import path

app_name = "activities"


def soon(request, slug, **kw):  # replaced while this slice is being built
    raise Http404


urlpatterns = [path("", soon, name="list"), path("<int:pk>/", soon, name="detail")]
