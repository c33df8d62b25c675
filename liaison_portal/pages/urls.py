"""Pages made of several apps, and the few addresses without a committee."""

from django.urls import path

from liaison_portal.pages import (
    calendar_feed,
    desk,
    drafts,
    entrance,
    first_run,
    home,
    me,
    preferences,
)

app_name = "pages"

urlpatterns = [
    path("", entrance.entrance, name="entrance"),
    path("cal/<str:token>.ics", calendar_feed.calendar_feed, name="calendar_feed"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("language/", preferences.language, name="language"),
    path("language/elder/", preferences.elder, name="elder"),
    path("<slug:slug>/", home.home, name="home"),
    path("<slug:slug>/desk/", desk.desk, name="desk"),
    path("<slug:slug>/me/", me.me, name="me"),
    path("<slug:slug>/drafts/", drafts.draft, name="draft"),
]
