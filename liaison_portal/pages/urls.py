"""Pages made of several apps, and the few addresses without a committee."""

from django.urls import path

from liaison_portal.pages import (
    calendar,
    calendar_feed,
    desk,
    drafts,
    entrance,
    first_run,
    home,
    ledger,
    me,
    preferences,
    printing,
    themes,
)
from liaison_portal.pages import rhythm as rhythm_page

app_name = "pages"

urlpatterns = [
    path("", entrance.entrance, name="entrance"),
    path("cal/<str:token>.ics", calendar_feed.calendar_feed, name="calendar_feed"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("language/", preferences.language, name="language"),
    path("language/elder/", preferences.elder, name="elder"),
    path("<slug:slug>/", home.home, name="home"),
    path("<slug:slug>/desk/", desk.desk, name="desk"),
    path("<slug:slug>/calendar/", calendar.calendar, name="calendar"),
    path("<slug:slug>/rhythm/", rhythm_page.rhythm, name="rhythm"),
    path("<slug:slug>/workrooms/<int:pk>/ledger/", ledger.ledger, name="ledger"),
    path("<slug:slug>/me/", me.me, name="me"),
    path("<slug:slug>/drafts/", drafts.draft, name="draft"),
    path("<slug:slug>/printing/", printing.printing, name="printing"),
    path("<slug:slug>/themes/", themes.themes, name="themes"),
    path("<slug:slug>/themes/<int:pk>/", themes.theme, name="theme"),
]
