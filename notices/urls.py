"""Addresses below `/<slug>/`: the inbox (消息) and 意见反馈."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<int:pk>/", views.answer, name="answer"),
]
