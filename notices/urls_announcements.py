"""Addresses below `/<slug>/announcements/`: 通知公告 and its 回执."""

from django.urls import path

from notices.views import announcements as views
from notices.views import answers

app_name = "announcements"

urlpatterns = [
    path("", views.announcements, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.announcement, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/files/<int:file>/", views.file, name="file"),
    path("<int:pk>/files/<int:file>/remove/", views.file_remove, name="file_remove"),
    path("<int:pk>/answer/", answers.answer, name="answer"),
    path("<int:pk>/answers/", answers.answers, name="answers"),
    path("<int:pk>/remind/", answers.remind, name="remind"),
    path("<int:pk>/export/", answers.export, name="export"),
]
