"""Every address of the portal: `/<slug>/…` for a committee, a few reserved words without one."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from liaison_portal.pages import health

# While the first release is being built: an app without pages yet has no urls module.
APPS = ["members", "sectors", "contacts", "workrooms", "opinions", "activities"]
PATHS = {"records": "summaries/", "notices": ""}
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before the admin: its own sign-in pages lead to the one door.
    path("", include("committees.urls")),
    path("admin/", admin.site.urls),
]
for app in [*APPS, *PATHS]:
    if find_spec(f"{app}.urls"):
        urlpatterns.append(
            path(f"<slug:slug>/{PATHS.get(app, app + '/')}", include(f"{app}.urls"))
        )
if find_spec("liaison_portal.pages.urls"):
    urlpatterns.append(path("", include("liaison_portal.pages.urls")))
