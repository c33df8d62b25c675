"""Addresses of what stays of activities, of consultations and of outcomes."""

from django.urls import path

from activities.views import aftermath, consultations, consulting, outcomes, resolutions

aftermath_pages = [
    path("<int:pk>/materials/", aftermath.materials, name="materials"),
    path("<int:pk>/minutes/", aftermath.minutes, name="minutes"),
    path("<int:pk>/photos/", aftermath.photos, name="photos"),
    path("<int:pk>/photos/<int:photo>/", aftermath.photo, name="photo"),
    path("<int:pk>/photos/<int:photo>/remove/", aftermath.photo_remove, name="photo_remove"),
    path("<int:pk>/follow-ups/", aftermath.follow_ups, name="follow_ups"),
    path(
        "<int:pk>/follow-ups/<int:follow_up>/<slug:deed>/",
        aftermath.follow_up_deed,
        name="follow_up_deed",
    ),
    path("<int:pk>/write-up/", aftermath.write_up, name="write_up"),
    path("<int:pk>/files/<int:file>/", aftermath.file, name="file"),
    path("<int:pk>/files/<int:file>/remove/", aftermath.file_remove, name="file_remove"),
    path("<int:pk>/files/add/<slug:kind>/", aftermath.file_add, name="file_add"),
]

consultation_pages = [
    path("consult/", consulting.consult, name="consult"),
    path("<int:pk>/consultation/", consultations.consultation, name="consultation"),
    path("<int:pk>/consultation/items/", consultations.item_add, name="item_add"),
    path(
        "<int:pk>/consultation/items/<int:item>/remove/",
        consultations.item_remove,
        name="item_remove",
    ),
    path(
        "<int:pk>/consultation/participants/",
        consultations.participant_add,
        name="participant_add",
    ),
    path(
        "<int:pk>/consultation/participants/<int:participant>/remove/",
        consultations.participant_remove,
        name="participant_remove",
    ),
    path("<int:pk>/consultation/resolutions/", consultations.resolution_add, name="resolution_add"),
    path("<int:pk>/consultation/paper/", consultations.paper, name="consultation_paper"),
    path("<int:pk>/consultation/word/", consultations.word, name="consultation_word"),
    path("resolutions/", resolutions.resolutions_list, name="resolutions"),
    path("resolutions/<int:pk>/", resolutions.resolution, name="resolution"),
    path("resolutions/<int:pk>/<slug:deed>/", resolutions.resolution_deed, name="resolution_deed"),
]

outcome_pages = [
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/write/", outcomes.write, name="outcome_write"),
    path("outcomes/export/", outcomes.export, name="outcomes_export"),
    path("outcomes/<int:pk>/", outcomes.outcome, name="outcome"),
    path("outcomes/<int:pk>/edit/", outcomes.edit, name="outcome_edit"),
    path("outcomes/<int:pk>/files/<int:file>/", outcomes.outcome_file, name="outcome_file"),
    path(
        "outcomes/<int:pk>/files/<int:file>/remove/",
        outcomes.outcome_file_remove,
        name="outcome_file_remove",
    ),
    path("outcomes/<int:pk>/<slug:deed>/", outcomes.outcome_deed, name="outcome_deed"),
]
