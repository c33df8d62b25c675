"""Pages made of several apps, and the few addresses without a committee."""

from django.urls import path

from liaison_portal.pages import preferences

app_name = "pages"

urlpatterns = [
    path("language/", preferences.language, name="language"),
    path("language/elder/", preferences.elder, name="elder"),
]
