"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import archive, exporting, moving, reading, saved_filters, writing

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

searching = [
    path("export/", exporting.export, name="export"),
    path("archive/", archive.archive, name="archive"),
    path("filters/", saved_filters.saved_filters, name="saved_filters"),
    path("filters/<int:pk>/", saved_filters.rename, name="rename_filter"),
    path("filters/<int:pk>/delete/", saved_filters.delete, name="delete_filter"),
]

urlpatterns = [*reports, *searching]
