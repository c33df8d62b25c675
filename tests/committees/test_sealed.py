import base64

import pytest
from django.core.exceptions import FieldError

from committees import sealed
from committees.models import User
from tests import make

OLD = "k1:" + base64.b64encode(b"o" * 32).decode()
NEW = "k2:" + base64.b64encode(b"n" * 32).decode()


def test_what_is_sealed_opens_and_never_looks_the_same_twice():
    box = sealed.AesGcm(OLD)
    first, second = box.seal("13900000001"), box.seal("13900000001")
    assert first != second
    assert [box.open(first), box.open(second)] == ["13900000001"] * 2
    assert "13900000001" not in first


def test_a_new_key_in_front_opens_old_boxes_and_keeps_twins():
    old, rotated = sealed.AesGcm(OLD), sealed.AesGcm(f"{NEW},{OLD}")
    assert rotated.open(old.seal("王明")) == "王明"
    assert rotated.seal("王明").startswith("k2.")
    assert rotated.twin("13900000001") == old.twin("13900000001")


@pytest.mark.parametrize("broken", ["k9.AAAA", "k1.AAAA", "k1.!!", ""])
def test_a_broken_seal_says_so(broken):
    with pytest.raises(sealed.SealBroken):
        sealed.AesGcm(OLD).open(broken)


@pytest.mark.parametrize(
    ("raw", "phone", "masked"),
    [
        ("139 0000 0001", "13900000001", "139****0001"),
        ("+86 139-0000-0001", "13900000001", "139****0001"),
        ("0575-88880001", "057588880001", "057****0001"),
        ("110", "110", "***"),
        ("", "", ""),
    ],
)
def test_phones_are_normalised_and_masked(raw, phone, masked):
    assert sealed.normal_phone(raw) == phone
    assert sealed.masked_phone(phone) == masked


def test_a_phone_lies_sealed_in_its_column_and_is_found_by_its_twin(db):
    user = make.user(phone="13900000001")
    raw = User.objects.filter(pk=user.pk).extra(select={"raw": "phone"}).values_list("raw").get()[0]
    assert "13900000001" not in raw
    assert User.objects.get(pk=user.pk).phone == "13900000001"
    assert list(User.objects.by_phone("139 0000 0001")) == [user]
    assert list(User.objects.by_phone("13900000002")) == []


def test_a_sealed_column_cannot_be_filtered(db):
    with pytest.raises(FieldError):
        list(User.objects.filter(phone="13900000001"))


def test_many_are_sealed_each_by_itself_and_blank_stays_blank():
    first, second, blank = sealed.seal_each(["13900000001", "13900000001", ""])
    assert (sealed.unseal(first), sealed.unseal(second), blank) == (
        "13900000001",
        "13900000001",
        "",
    )
    assert first != second
