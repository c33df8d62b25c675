"""What a person wishes, and what the office does when a message did not arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.audit import record
from committees.models import Committee, User
from notices import channels
from notices.actions.posting import wake
from notices.models import Channel, Delivery, Notice, Preference, Way
from notices.permissions import can_watch_delivery
from notices.topics import choices_of

AT_ONCE = 200  # rows of one form
LONGEST_REASON = 100


def set_wishes(
    *, by: User, when: Mapping[str, str], ways: Mapping[str, tuple[int, str | None]]
) -> None:
    """Keep when to be told about each topic and `{channel: (place, address)}` of the own channels.

    A place of 0 leaves a channel out; an address of None stays as it is. ValidationError where no
    channel would be left.
    """
    if any(choice not in choices_of(topic) for topic, choice in when.items()):
        raise ValidationError(_("这类事项不能选择这种接收时间。"), code="must_be_told")
    if ways and not any(place for place, _address in ways.values()):
        raise ValidationError(_("请至少保留一种接收方式。"), code="no_way_left")
    with transaction.atomic():
        Preference.objects.bulk_create(
            [Preference(user=by, topic=topic, when=choice) for topic, choice in when.items()],
            update_conflicts=True,
            unique_fields=["user", "topic"],
            update_fields=["when"],
        )
        known = {way.channel: way for way in Way.objects.select_for_update().filter(user=by)}
        rows = [_way(by, known.get(name), name, *given) for name, given in ways.items()]
        Way.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["user", "channel"],
            update_fields=["address", "place", "bounced_at"],
        )


def _way(by: User, known: Way | None, channel: str, place: int, address: str | None) -> Way:
    before = known.address if known else ""
    after = before if address is None else address
    bounced = known.bounced_at if known and after == before else None
    return Way(user=by, channel=channel, place=place, address=after, bounced_at=bounced)


def bind_wechat(openid: str, *, by: User) -> Way:
    """The service account knows this person from now on."""
    way, _is_new = Way.objects.update_or_create(
        user=by,
        channel=Channel.WECHAT,
        defaults={"address": openid, "bounced_at": None},
        create_defaults={"address": openid, "place": 1},
    )
    return way


def resend(pks: Iterable[int], *, committee: Committee, by: User) -> int:
    """Send failed ones anew, from the first channel on; how many. Of two at once one does it."""
    if not can_watch_delivery(by, committee):
        raise PermissionDenied
    wanted = _number(pks)
    now = timezone.now()
    with transaction.atomic():
        mine = Delivery.objects.visible_to(by).in_committee(committee).filter(pk__in=wanted)
        rows = mine.failed().filter(resent_at=None).select_for_update(of=["self"])
        notices = sorted(set(rows.values_list("notice_id", flat=True)))
        if not notices:
            raise ValidationError(_("没有可以重发的：已经重发过，或者没有勾选。"), code="nothing")
        again = Delivery.objects.filter(notice__in=notices)
        again.failed().filter(resent_at=None).update(resent_at=now)
        again.filter(state=Delivery.State.TO_CALL).delete()  # comes again if nothing arrives
        Notice.objects.filter(pk__in=notices).update(
            sent_at=None, claimed_at=None, hold_until=None, waits_for="", turn=F("turn") + 1
        )
        record("delivery.resend", by=by, committee=committee, about=committee, notices=notices)
        transaction.on_commit(lambda: wake("notices.tasks.deliver_all", notices), robust=True)
    return len(notices)


def tell_by_phone(
    pks: Iterable[int], *, committee: Committee, by: User, is_told: bool = True
) -> int:
    """Tick rows of the list of calls as told, or take the tick back; how many changed."""
    if not can_watch_delivery(by, committee):
        raise PermissionDenied
    wanted = _number(pks)
    before, after = Delivery.State.TO_CALL, Delivery.State.TOLD
    changed = {"state": after, "told_by": by, "told_at": timezone.now()}
    if not is_told:
        before, changed = after, {"state": before, "told_by": None, "told_at": None}
    with transaction.atomic():
        mine = Delivery.objects.visible_to(by).in_committee(committee).filter(pk__in=wanted)
        rows = mine.filter(channel=Channel.PHONE, state=before).select_for_update(of=["self"])
        found = sorted(rows.values_list("pk", flat=True))
        if not found:
            raise ValidationError(_("没有可以登记的：已由他人登记，或者没有勾选。"), code="nothing")
        Delivery.objects.filter(pk__in=found).update(**changed)
        verb = "delivery.tell" if is_told else "delivery.untell"
        record(verb, by=by, committee=committee, about=committee, deliveries=found)
    return len(found)


def reveal_call_list(committee: Committee, *, by: User, reason: str) -> None:
    """The numbers of who is to be called, for a reason that the trail keeps."""
    if not can_watch_delivery(by, committee):
        raise PermissionDenied
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("请填写查看事由，不超过%(most)s字。"), code="reason", params={"most": LONGEST_REASON}
        )
    record("call_list.reveal", by=by, committee=committee, about=committee, reason=reason)


def own_channels() -> list[str]:
    """What a person may put in order; files are nobody's choice."""
    return [name for name in channels.enabled() if name != Channel.FILE]


def _number(pks: Iterable[int]) -> list[int]:
    found = sorted(set(pks))
    if len(found) > AT_ONCE:
        raise ValidationError(_("一次最多%(most)s条。"), code="many", params={"most": AT_ONCE})
    return found
