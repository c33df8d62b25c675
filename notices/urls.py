"""Addresses below `/<slug>/`: the inbox (消息) and 意见反馈."""

from django.urls import path

from notices.views import delivery as views_delivery
from notices.views import inbox as views

app_name = "notices"

urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.open_notice, name="open"),
    path("notices/wishes/", views_delivery.wishes, name="wishes"),
    path("notices/wechat/", views_delivery.wechat, name="wechat"),
    path("notices/deliveries/", views_delivery.deliveries, name="deliveries"),
    path("notices/deliveries/resend/", views_delivery.resend, name="resend"),
    path("notices/calls/", views_delivery.calls, name="calls"),
    path("notices/calls/told/", views_delivery.told, name="told"),
    path("notices/calls/reveal/", views_delivery.reveal, name="reveal_calls"),
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<int:pk>/", views.answer, name="answer"),
]
