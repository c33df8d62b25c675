"""Addresses for everybody: below `/<slug>/public/`, and the reserved `/q/<code>` and `/r/`."""

from django.urls import path, register_converter

from workrooms.codes import RoomCodeConverter
from workrooms.views import public, public_receipts, reporting

app_name = "public"

register_converter(RoomCodeConverter, "room_code")

urlpatterns = [
    path("q/<room_code:code>", reporting.door, name="door"),
    path("q/<room_code:code>/tell", reporting.tell, name="tell"),
    path("r/", public_receipts.receipt, name="receipt"),
    path("r/picture", public_receipts.picture, name="receipt_picture"),
    path("<slug:slug>/public/", public.rooms, name="rooms"),
    path("<slug:slug>/public/members/", public.members, name="members"),
    path("<slug:slug>/public/rooms/<int:pk>/", public.room, name="room"),
    path("<slug:slug>/public/rooms/<int:pk>/photos/<int:photo>/", public.photo, name="photo"),
]
