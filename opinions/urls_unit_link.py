"""The unit's desk without an account, below `/u/`: the door, then pages without the token."""

from django.urls import include, path

from opinions.urls_unit import addresses
from opinions.views import unit_door
from opinions.views.unit_place import of_link

app_name = "unit_link"

urlpatterns = [
    path("desk/", include(addresses(of_link))),
    path("leave/", unit_door.leave, name="leave"),
    path("<str:token>", unit_door.door, name="door"),
]
