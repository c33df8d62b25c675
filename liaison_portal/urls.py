"""Every address of the portal: `/<slug>/…` for a committee, a few reserved words without one."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from liaison_portal import api
from liaison_portal.pages import health

of_a_committee = [
    path("members/", include("members.urls")),
    path("members/", include("sectors.changes.urls")),
    path("sectors/", include("sectors.urls")),
    path("contacts/", include("contacts.urls")),
    path("coverage/", include("contacts.urls_coverage")),
    path("workrooms/", include("workrooms.urls")),
    path("liaison/", include("workrooms.urls_liaison")),
    path("opinions/", include("opinions.urls")),
    path("referrals/", include("opinions.urls_referrals")),
    path("promises/", include("opinions.urls_promises")),
    path("evaluations/", include("opinions.urls_evaluations")),
    path("unit/", include("opinions.urls_unit")),
    path("proposals/", include("opinions.urls_proposals")),
    path("activities/", include("activities.urls")),
    path("responsibilities/", include("activities.urls_responsibilities")),
    path("summaries/", include("records.urls")),
    path("announcements/", include("notices.urls_announcements")),
    path("rules/", include("notices.urls_rules")),
    path("packs/", include("notices.urls_packs")),
    path("reminders/", include("notices.urls_reminders")),
    path("", include("notices.urls")),
]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before the accounts: a room's code and a sign-in slip's share `/q/<code>`.
    path("", include("workrooms.urls_public")),
    path("u/", include("opinions.urls_unit_link")),
    path("", include("opinions.urls_public")),
    path("", include("notices.urls_public")),
    # Before the admin: its own sign-in pages lead to the one door.
    path("", include("committees.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api.resources.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("<slug:slug>/", include(of_a_committee)),
    path("", include("liaison_portal.pages.urls")),
]
