"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import files, moving, reading, submitters, writing

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

own_files = [
    path("<int:pk>/files/", files.add, name="file_add"),
    path("<int:pk>/files/<int:file>/", files.file, name="file"),
    path("<int:pk>/files/<int:file>/remove/", files.remove, name="file_remove"),
]

submitted_by = [
    path("register/", submitters.register, name="register"),
    path("hints/", writing.hints, name="hints"),
    path("<int:pk>/authors/", submitters.authors, name="authors"),
    path("<int:pk>/authors/answer/", submitters.answer, name="answer"),
]

urlpatterns = [*reports, *own_files, *submitted_by]
