"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import (
    categories,
    desk,
    moving,
    peers,
    reading,
    similar,
    ticked,
    unit_links,
    writing,
)
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

desk_pages = [
    path("review/batch/", ticked.batch, name="batch"),
    path("review/compose/", ticked.compose, name="compose"),
    path("review/duties/", desk.duties, name="duties"),
    path("<int:pk>/parts/", desk.parts, name="parts"),
    path("<int:pk>/editor/", desk.editor, name="editor"),
]

alike = [
    path("similar/", similar.similar_to_text, name="similar_to_text"),
    path("categories/", categories.categories, name="categories"),
    path("<int:pk>/similar/", similar.similar, name="similar"),
    path("<int:pk>/category/", categories.category, name="category"),
    path("<int:pk>/peer/", peers.peer, name="peer"),
    path("<int:pk>/peer/ask/", peers.ask, name="ask_to_read"),
    path("<int:pk>/second/", peers.second_report, name="second"),
    path("<int:pk>/second/withdraw/", peers.unsecond_report, name="unsecond"),
    path("<int:pk>/secondings/", peers.secondings, name="secondings"),
    path("<int:pk>/secondings/open/", peers.let_read, name="let_read"),
    path("<int:pk>/secondings/readers/<int:reader>/", peers.answer, name="answer_reader"),
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

urlpatterns = [*reports, *desk_pages, *alike, *links, *replies]
