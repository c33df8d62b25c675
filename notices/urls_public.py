"""What everybody may read of the announcements, without signing in."""

from django.urls import path

from notices.views import public as views

app_name = "public_announcements"

urlpatterns = [
    path("<slug:slug>/public/announcements/", views.announcements, name="list"),
    path("<slug:slug>/public/announcements/<int:pk>/", views.announcement, name="detail"),
    path("<slug:slug>/public/announcements/<int:pk>/files/<int:file>/", views.file, name="file"),
]
