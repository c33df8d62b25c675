"""Every address of the portal: `/<slug>/…` for a committee, a few reserved words without one."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
]
