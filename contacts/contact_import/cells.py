"""One cell → one value of a field, or a Complaint. What is ambiguous is reported, never guessed."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from contacts.models import Contact
from sectors.roster_import.cells import text_of
from sectors.roster_import.complaints import Complaint

LONGEST = {"name": 60, "place": 60, "area": 60, "member": 60, "number": 30, "sector": 60}
KINDS = {
    "个人": Contact.Kind.PERSON, "群众": Contact.Kind.PERSON, "自然人": Contact.Kind.PERSON,
    "单位": Contact.Kind.ORGANISATION, "组织": Contact.Kind.ORGANISATION,
    "机构": Contact.Kind.ORGANISATION, "企业": Contact.Kind.ORGANISATION,
    "团体": Contact.Kind.ORGANISATION, "社会组织": Contact.Kind.ORGANISATION,
}  # fmt: skip
DAY = re.compile(r"(\d{4})[.\-/年](\d{1,2})[.\-/月](\d{1,2})日?(?: ?0{1,2}:00(?::00)?)?")


def read_line(fieldname: str) -> Callable[[Any], str | None]:
    def read(cell: Any) -> str | None:
        text = text_of(cell)
        if len(text) > LONGEST[fieldname]:
            raise Complaint("too_long", _("内容超过 %d 个字。") % LONGEST[fieldname])
        return text or None

    return read


def read_kind(cell: Any) -> str | None:
    text = text_of(cell)
    if not text:
        return None
    if text not in KINDS:
        raise Complaint("kind_unknown", _("类型“%s”无法识别，请填个人或单位。") % text[:20])
    return KINDS[text].value


def read_phone(cell: Any) -> str | None:
    """Return the digits of a mobile, or of a fixed line with its area code (0571-88000000)."""
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    if re.search(r"\d[eE]\+?\d", text):
        raise Complaint("phone_scientific", _("号码被显示为科学计数，末位已丢失，请重新填写。"))
    if len(re.findall(r"1[3-9]\d{9}", re.sub(r"[ \-]", "", text))) > 1:
        raise Complaint("phone_several", _("一格中有多个号码，请只填一个。"))
    digits = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", re.sub(r"[ \-()]", "", text))
    if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}|400\d{7}", digits):
        return digits
    raise Complaint("phone_invalid", _("联系电话不是手机号码或固定电话，请核对。"))


def read_day(cell: Any) -> str | None:
    """Return the day in ISO form; a mere 是 is no date."""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    found = DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> str:
    raise Complaint("day_unreadable", _("日期“%s”无法识别，请写成 2026-03-01 的形式。") % text[:20])


READERS: dict[str, Callable[[Any], Any]] = {
    "name": read_line("name"),
    "kind": read_kind,
    "phone": read_phone,
    "place": read_line("place"),
    "area": read_line("area"),
    "member": read_line("member"),
    "number": read_line("number"),
    "sector": read_line("sector"),
    "consented_on": read_day,
}
