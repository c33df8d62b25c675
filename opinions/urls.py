"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import evaluations, handling, moving, reading, writing

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

following = [
    path("<int:pk>/handling/", handling.handling, name="handling"),
    path("<int:pk>/handling/files/<int:file>/", handling.reply_file, name="reply_file"),
    path("<int:pk>/evaluate/", evaluations.evaluate_report, name="evaluate"),
]

urlpatterns = [*reports, *following]
