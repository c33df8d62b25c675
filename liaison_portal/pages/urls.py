"""Pages made of several apps, and the few addresses without a committee."""

from django.urls import path

from liaison_portal.pages import desk, drafts, entrance, first_run, home, me, preferences, themes

app_name = "pages"

urlpatterns = [
    path("", entrance.entrance, name="entrance"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("language/", preferences.language, name="language"),
    path("language/elder/", preferences.elder, name="elder"),
    path("<slug:slug>/", home.home, name="home"),
    path("<slug:slug>/desk/", desk.desk, name="desk"),
    path("<slug:slug>/me/", me.me, name="me"),
    path("<slug:slug>/drafts/", drafts.draft, name="draft"),
    path("<slug:slug>/themes/", themes.themes, name="themes"),
    path("<slug:slug>/themes/<int:pk>/", themes.theme, name="theme"),
]
