"""Verbs on rules (制度文件) and policy packs (宣讲资料): issued, repealed, put together."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.broken_rules import rules_told
from committees.classification import refuse_marked
from committees.files import store_file
from committees.models import Attachment, Committee, Theme, User
from notices.models import PackItem, PolicyPack, Rule, RuleCategory, RuleVersion
from notices.permissions import can_keep_documents

MOST_ITEMS = 30
VERSION_FOREIGN = ["rule", "attachment", "issued_by"]


def issue_rule(
    committee: Committee,
    *,
    by: User,
    category: RuleCategory,
    title: str,
    upload: UploadedFile | None = None,
    **particulars: Any,
) -> Rule:
    """A new rule with its first version. `particulars`: paper_number, text, effective_from, note.

    Raises ValidationError: a rule of that name is there, nothing is said, a classification mark.
    """
    _keeper_only(by, committee)
    rule = Rule(committee=committee, category=category, title=title.strip(), created_by=by)
    _same_committee(committee, category)
    rule.clean_fields(exclude=["committee", "category", "created_by"])
    refuse_marked(rule.title)
    with rules_told(), transaction.atomic():
        rule.save(force_insert=True)
        version = _version(rule, 1, particulars, upload, by)
        record("rule.issue", by=by, committee=committee, about=rule, version=version.number)
    return rule


def revise_rule(
    rule: Rule, *, by: User, after: int, upload: UploadedFile | None = None, **particulars: Any
) -> RuleVersion:
    """The next version. `after` is the number of the version the page showed as the latest.

    It begins after the one it replaces, so that one version is in force on every day. Raises
    ValidationError: somebody issued one meanwhile (`moved`), repealed, not after the last.
    """
    with rules_told(), transaction.atomic():
        locked = _locked_rule(rule, by)
        last = locked.versions.order_by("-number").first()
        number = last.number if last else 0
        if number != after:
            raise ValidationError(_("该版本刚刚已由他人发布，请核对后再试。"), code="moved")
        version = _version(locked, number + 1, particulars, upload, by, last)
        about, place = locked, locked.committee
        record("rule.revise", by=by, committee=place, about=about, version=version.number)
    return version


def rename_rule(rule: Rule, *, by: User, title: str, category: RuleCategory) -> Rule:
    """Correct its name or where it is filed; the versions stay as they are."""
    with rules_told(), transaction.atomic():
        locked = _locked_rule(rule, by)
        _same_committee(locked.committee, category)
        locked.title, locked.category = title.strip(), category
        locked.clean_fields(exclude=["committee", "category", "created_by"])
        refuse_marked(locked.title)
        locked.save(update_fields=["title", "category"])
        record("rule.rename", by=by, committee=locked.committee, about=locked)
    return locked


def repeal_rule(rule: Rule, *, by: User, on: datetime.date) -> Rule:
    """废止: from that day on it is no longer in force; its history stays."""
    with transaction.atomic():
        locked = _locked_rule(rule, by)
        locked.repealed_on = on
        locked.save(update_fields=["repealed_on"])
        record("rule.repeal", by=by, committee=locked.committee, about=locked)
    return locked


def _locked_rule(rule: Rule, by: User) -> Rule:
    _keeper_only(by, rule.committee)
    rows = Rule.objects.select_for_update(of=("self",)).select_related("committee")
    locked = rows.get(pk=rule.pk)
    if locked.repealed_on:
        raise ValidationError(_("该制度已废止。"), code="moved")
    return locked


def _version(
    rule: Rule,
    number: int,
    particulars: dict[str, Any],
    upload: UploadedFile | None,
    by: User,
    last: RuleVersion | None = None,
) -> RuleVersion:
    version = RuleVersion(rule=rule, number=number, issued_by=by, **particulars)
    version.clean_fields(exclude=VERSION_FOREIGN)
    if last is not None and version.effective_from <= last.effective_from:
        raise ValidationError(
            {
                "effective_from": _("施行日期应晚于上一版（%(day)s）。")
                % {"day": last.effective_from}
            }
        )
    refuse_marked(version.text, version.note, version.paper_number)
    version.attachment = _stored(rule.committee, upload, by)
    if not version.text and version.attachment is None:
        raise ValidationError({"text": _("请填写正文或上传文件。")})
    version.save(force_insert=True)
    return version


def start_pack(
    committee: Committee,
    *,
    by: User,
    title: str,
    theme: Theme | None = None,
    about: str = "",
    valid_until: datetime.date | None = None,
) -> PolicyPack:
    """An empty pack, not published yet."""
    _keeper_only(by, committee)
    pack = PolicyPack(committee=committee, created_by=by)
    with transaction.atomic():
        _set_pack(pack, title, theme, about, valid_until)
        pack.save(force_insert=True)
        record("pack.start", by=by, committee=committee, about=pack)
    return pack


def amend_pack(
    pack: PolicyPack,
    *,
    by: User,
    title: str,
    theme: Theme | None = None,
    about: str = "",
    valid_until: datetime.date | None = None,
) -> PolicyPack:
    with transaction.atomic():
        locked = _locked_pack(pack, by)
        _set_pack(locked, title, theme, about, valid_until)
        locked.save(update_fields=["title", "theme", "about", "valid_until"])
        record("pack.amend", by=by, committee=locked.committee, about=locked)
    return locked


def publish_pack(pack: PolicyPack, *, by: User) -> PolicyPack:
    """Members find it from now on; one taken down comes back. Raises ValidationError: empty."""
    with transaction.atomic():
        locked = _locked_pack(pack, by)
        if locked.published_at and locked.taken_down_at is None:
            raise ValidationError(_("该宣讲资料已发布。"), code="moved")
        if not locked.items.exists():
            raise ValidationError(_("还没有材料，请先添加。"), code="empty")
        locked.published_at, locked.taken_down_at = timezone.now(), None
        locked.save(update_fields=["published_at", "taken_down_at"])
        record("pack.publish", by=by, committee=locked.committee, about=locked)
    return locked


def take_down_pack(pack: PolicyPack, *, by: User) -> PolicyPack:
    with transaction.atomic():
        locked = _locked_pack(pack, by)
        if locked.published_at is None or locked.taken_down_at:
            raise ValidationError(_("该宣讲资料没有在用。"), code="moved")
        locked.taken_down_at = timezone.now()
        locked.save(update_fields=["taken_down_at"])
        record("pack.take_down", by=by, committee=locked.committee, about=locked)
    return locked


def add_item(
    pack: PolicyPack, *, by: User, title: str, text: str = "", upload: UploadedFile | None = None
) -> PackItem:
    """A material at the end of the pack. Raises ValidationError: too many, nothing in it."""
    with rules_told(), transaction.atomic():
        locked = _locked_pack(pack, by)
        if locked.items.count() >= MOST_ITEMS:
            raise ValidationError(
                _("每份宣讲资料最多 %(most)s 份材料。"),
                params={"most": MOST_ITEMS},
                code="too_many",
            )
        last = locked.items.aggregate(last=Max("position"))["last"] or 0
        item = PackItem(pack=locked, position=last + 1)
        _set_item(item, locked, title, text, upload, by)
        item.save(force_insert=True)
        record("pack.add_item", by=by, committee=locked.committee, about=locked)
    return item


def amend_item(
    item: PackItem, *, by: User, title: str, text: str = "", upload: UploadedFile | None = None
) -> PackItem:
    """Change the words; a new file takes the place of the old one."""
    with rules_told(), transaction.atomic():
        locked = _locked_pack(item.pack, by)
        row = locked.items.filter(pk=item.pk).first()
        if row is None:
            raise ValidationError(_("该材料已移除。"), code="moved")
        _set_item(row, locked, title, text, upload, by)
        row.save(update_fields=["title", "text", "attachment"])
        record("pack.amend_item", by=by, committee=locked.committee, about=locked)
    return row


def remove_item(item: PackItem, *, by: User) -> None:
    """Its file goes with the next night's sweep."""
    with transaction.atomic():
        locked = _locked_pack(item.pack, by)
        record("pack.remove_item", by=by, committee=locked.committee, about=locked)
        locked.items.filter(pk=item.pk).delete()


def _locked_pack(pack: PolicyPack, by: User) -> PolicyPack:
    _keeper_only(by, pack.committee)
    rows = PolicyPack.objects.select_for_update(of=("self",)).select_related("committee")
    return rows.get(pk=pack.pk)


def _set_pack(
    pack: PolicyPack,
    title: str,
    theme: Theme | None,
    about: str,
    valid_until: datetime.date | None,
) -> None:
    if theme is not None:
        _same_committee(pack.committee, theme)
    pack.title, pack.theme, pack.about = title.strip(), theme, about.strip()
    pack.valid_until = valid_until
    pack.clean_fields(exclude=["committee", "theme", "created_by"])
    refuse_marked(pack.title, pack.about)


def _set_item(
    item: PackItem,
    pack: PolicyPack,
    title: str,
    text: str,
    upload: UploadedFile | None,
    by: User,
) -> None:
    item.title, item.text = title.strip(), text.strip()
    item.clean_fields(exclude=["pack", "attachment"])
    refuse_marked(item.title, item.text)
    item.attachment = _stored(pack.committee, upload, by) or item.attachment
    if not item.text and item.attachment is None:
        raise ValidationError({"text": _("请填写内容或上传文件。")})


def _stored(committee: Committee, upload: UploadedFile | None, by: User) -> Attachment | None:
    if upload is None:
        return None
    try:
        return store_file(committee, upload, by=by)
    except ValidationError as error:
        raise ValidationError({"upload": error}) from error


def _keeper_only(by: User, committee: Committee) -> None:
    if not can_keep_documents(by, committee):
        raise PermissionDenied


def _same_committee(committee: Committee, row: Any) -> None:
    if row.committee_id != committee.pk:
        raise ValidationError(_("所选项不属于本级政协。"), code="other_committee")
