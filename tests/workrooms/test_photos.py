"""Photos of a room: shown in order with words and consent, served to those who see the room."""

import io
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from committees.files import unlinked
from committees.models import Attachment, AuditEntry, Role
from tests import make
from tests.budgets import costs
from workrooms import actions
from workrooms.models import RoomPhoto, Workroom

WORDS = {"caption": "接待室", "consent": "nobody"}


def picture(shade=0, name="门口.png"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, shade)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture
def room(cast):
    return cast.room


def page(room, more=""):
    return f"/city/workrooms/{room.pk}/photos/{more}"


def shown(room):
    return list(room.photos.order_by("position", "id").values_list("caption", flat=True))


def test_photos_are_added_described_moved_and_removed(cast, room):
    first, second, third = (
        actions.add_photo(room, picture(n), caption=f"第{n}", consent="nobody", by=cast.keeper)
        for n in range(3)
    )
    assert shown(room) == ["第0", "第1", "第2"]
    actions.move_photo(third, towards=-1, by=cast.keeper)
    assert shown(room) == ["第0", "第2", "第1"]
    actions.move_photo(first, towards=-1, by=cast.keeper)
    actions.move_photo(second, towards=1, by=cast.keeper)
    assert shown(room) == ["第0", "第2", "第1"]
    actions.amend_photo(second, caption="说明", consent="given", by=cast.clerk)
    actions.remove_photo(first, by=cast.keeper)
    assert shown(room) == ["第2", "说明"]
    assert set(unlinked(Attachment.objects.all())) == {first.attachment}
    verbs = AuditEntry.objects.filter(committee=cast.city, action__startswith="room_photo")
    assert list(verbs.order_by("sequence").values_list("action", flat=True)) == [
        *["room_photo.add"] * 3, *["room_photo.move"] * 3, "room_photo.amend", "room_photo.remove",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"consent": ""}, "不能为空|必填|This field|该字段"),
        ({"consent": "maybe"}, "maybe"),
        ({"caption": "机密"}, "机密"),
        ({"caption": "长" * 61}, "60"),
    ],
)
def test_words_of_a_photo_are_checked(cast, room, over, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.add_photo(room, picture(), by=cast.keeper, **WORDS | over)
    photo = make.room_photo(workroom=room)
    with pytest.raises(ValidationError, match=sentence):
        actions.amend_photo(photo, by=cast.keeper, **WORDS | over)
    assert RoomPhoto.objects.count() == 1


def test_the_same_photo_twice_is_two_files_rows_of_one_file(cast, room):
    actions.add_photo(room, picture(), by=cast.keeper, **WORDS)
    actions.add_photo(room, picture(), by=cast.keeper, **WORDS)
    assert room.photos.values("attachment__sha256").distinct().count() == 1


def test_only_keepers_of_the_room_and_clerks(cast, room):
    photo = make.room_photo(workroom=room)
    for person in (cast.member, cast.editor, cast.leader, cast.stranger_clerk):
        for deed in (
            lambda by: actions.add_photo(room, picture(), by=by, **WORDS),
            lambda by: actions.amend_photo(photo, by=by, **WORDS),
            lambda by: actions.move_photo(photo, towards=1, by=by),
            lambda by: actions.remove_photo(photo, by=by),
        ):
            with pytest.raises(PermissionDenied):
                deed(cast.again(person.sign_in_name))
    assert room.photos.count() == 1


def test_at_most_twelve(cast, room, monkeypatch):
    monkeypatch.setattr("workrooms.actions.photos.MOST_PHOTOS", 2)
    make.room_photo(workroom=room)
    actions.add_photo(room, picture(), by=cast.keeper, **WORDS)
    with pytest.raises(ValidationError, match="最多 2 张"):
        actions.add_photo(room, picture(), by=cast.keeper, **WORDS)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit(monkeypatch):
    monkeypatch.setattr("workrooms.actions.photos.MOST_PHOTOS", 1)
    committee = make.committee()
    clerk, room = make.officer(Role.CLERK, committee), make.workroom(committee=committee)
    refused, barrier = [], threading.Barrier(4)

    def add(shade):
        barrier.wait()
        try:
            actions.add_photo(Workroom.objects.get(pk=room.pk), picture(shade), by=clerk, **WORDS)
        except ValidationError as error:
            refused.append(error.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=add, args=[n]) for n in range(4)]
    [hand.start() for hand in hands]
    [hand.join() for hand in hands]
    assert (room.photos.count(), refused) == (1, ["too_many_photos"] * 3)


# Pages -------------------------------------------------------------------------------------------


def test_a_keeper_uploads_on_the_page(cast, room, client_of):
    client = client_of("keeper")
    answer = client.post(page(room), {"photo": picture(), **WORDS})
    assert (answer.status_code, answer["Location"]) == (302, page(room))
    photo = RoomPhoto.objects.get()
    file = client_of("member2").get(page(room, f"{photo.pk}/"))
    assert file.status_code == 200 and file["Content-Type"] == "image/jpeg"
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    shown_page = client_of("member2").get(f"/city/workrooms/{room.pk}/").content.decode()
    assert page(room, f"{photo.pk}/") in shown_page and "接待室" in shown_page


def test_what_is_no_photo_is_told_beside_the_field(cast, room, client_of):
    client = client_of("keeper")
    bad = SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")
    answer = client.post(page(room), {"photo": bad, "caption": "写过的字", "consent": "given"})
    assert answer.status_code == 422
    shown_page = answer.content.decode()
    assert "写过的字" in shown_page
    assert answer.context["form"].errors == {"photo": ["只能上传 JPG、PNG 或 WebP 照片。"]}
    assert client.post(page(room), WORDS).status_code == 422
    assert RoomPhoto.objects.count() == 0


def test_a_photo_is_amended_moved_and_removed_on_the_page(cast, room, client_of):
    first, second = (make.room_photo(workroom=room, position=n, caption=f"第{n}") for n in (1, 2))
    client = client_of("keeper")

    def post(photo, data=None, query=""):
        return client.post(page(room, f"{photo.pk}/amend/{query}"), data or {}).status_code

    words = {f"p{first.pk}-caption": "新说明", f"p{first.pk}-consent": "given"}
    assert post(first, words) == 302
    assert post(second, {"deed": "earlier"}) == 302
    assert shown(room) == ["第2", "新说明"]
    assert post(first, words | {f"p{first.pk}-caption": "长" * 61}) == 422
    assert post(first, words | {f"p{first.pk}-caption": "机密"}) == 422
    assert post(first, {"deed": "burn"}) == 404
    assert post(second, query="?deed=remove") == 302
    assert shown(room) == ["新说明"]


def test_a_photo_is_served_at_its_own_rooms_address_only(cast, room, client_of):
    photo = actions.add_photo(room, picture(), by=cast.keeper, **WORDS)
    other = make.workroom(committee=cast.city)
    strange = make.workroom(committee=cast.stranger)
    stranger_photo = actions.add_photo(strange, picture(), by=cast.again("stranger_clerk"), **WORDS)
    client = client_of("clerk")
    assert client.get(page(room, f"{photo.pk}/")).status_code == 200
    assert client.get(page(other, f"{photo.pk}/")).status_code == 404
    assert client.get(page(strange, f"{stranger_photo.pk}/")).status_code == 404
    assert client.get(page(room, f"{stranger_photo.pk}/")).status_code == 404
    assert client_of("stranger_clerk").get(page(room, f"{photo.pk}/")).status_code == 404
    assert client_of("nobody").get(page(room, f"{photo.pk}/")).status_code == 404


@pytest.mark.parametrize("number", [3, 10])
def test_budgets(cast, room, client_of, number):
    for position in range(number):
        make.room_photo(workroom=room, position=position)
    client = client_of("keeper")
    client.get(page(room))
    with costs(7):
        client.get(page(room))
    photo = room.photos.first()
    words = {f"p{photo.pk}-caption": "新", f"p{photo.pk}-consent": "given"}
    with costs(9):
        client.post(page(room, f"{photo.pk}/amend/"), words)
    with costs(10):
        client.post(page(room, f"{photo.pk}/amend/"), {"deed": "later"})
    with costs(12):
        client.post(page(room), {"photo": picture(), **WORDS})
