"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import desk, moving, reading, ticked, writing

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

urlpatterns = [*reports, *desk_pages]
