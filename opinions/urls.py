"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import moving, reading, unit_links, writing
from opinions.views import replies as reply_pages

app_name = "opinions"

reports = [
    path("", reading.opinions, name="list"),
    path("review/", reading.review, name="review"),
    path("issues/", reading.issues, name="issues"),
    path("write/", writing.write, name="write"),
    path("<int:pk>/", reading.opinion, name="detail"),
    path("<int:pk>/write/", writing.rewrite, name="rewrite"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/moves/<slug:name>/", moving.move, name="move"),
]

links = [
    path("unit-links/", unit_links.unit_links, name="unit_links"),
    path("unit-links/units/<int:pk>/make/", unit_links.make, name="unit_link_make"),
    path("unit-links/<int:pk>/extend/", unit_links.extend, name="unit_link_extend"),
    path("unit-links/<int:pk>/revoke/", unit_links.revoke, name="unit_link_revoke"),
]
replies = [
    path("replies/scan/", reply_pages.scan, name="reply_scan"),
    path("replies/files/<int:pk>/", reply_pages.file, name="reply_file"),
    path("referrals/<int:pk>/replies/", reply_pages.replies, name="replies"),
    path("referrals/<int:pk>/replies/enter/", reply_pages.enter, name="reply_enter"),
]

urlpatterns = [*reports, *links, *replies]
