"""对口联系 and 领导联系 against the roster: what begins, what ends, and the errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from members.name_order import ranked_characters
from sectors.roster_import.complaints import Complaint, RowError
from sectors.roster_import.names import CommissionNames, SectorNames, split_known
from sectors.roster_import.roster import Roster
from sectors.roster_import.ties import Tie

if TYPE_CHECKING:
    from sectors.roster_import.plan import Entry

# Somebody: ("known", account id or member id), or ("entry", index) for who is new with this file.
Who = tuple[str, int]


@dataclass(slots=True)
class Begins:
    """A leader's contact that begins: `target` commissions, sectors or members.

    `named` is the leader's name as the file gives it.
    """

    leader: Who
    target: str
    key: Any  # a name, or Who
    named: str


@dataclass(slots=True)
class TiePlan:
    """`pairings` sector → its new commission; `ends` ids of leaders' contacts; `lines` to show."""

    pairings: dict[str, str] = field(default_factory=dict)
    begins: list[Begins] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class People:
    """Name → who it may mean: leaders first, then members who serve after the import."""

    def __init__(self, roster: Roster, entries: list[Entry], is_partial: bool) -> None:
        self.users: dict[str, dict[Who, None]] = defaultdict(dict)
        self.leaders: dict[str, dict[Who, None]] = defaultdict(dict)
        self.members: dict[str, dict[Who, None]] = defaultdict(dict)
        for leader, name in roster.ties.leaders if roster.ties else ():
            self.leaders[ranked_characters(name)]["known", leader] = None
        for at, one in enumerate(entries):
            name = ranked_characters(one.name)
            user = one.person.user_id if one.person else one.account.user_id
            self.users[name][("known", user) if user else ("entry", at)] = None
            self.members[name][("known", one.person.member_id) if one.person else ("entry", at)] = (
                None
            )
        for person in roster.people if is_partial or not entries else ():
            if person.is_serving:
                name = ranked_characters(person.name)
                self.users[name]["known", person.user_id] = None
                self.members[name]["known", person.member_id] = None

    def leader(self, name: str) -> list[Who]:
        plain = ranked_characters(name)
        return list(self.leaders.get(plain) or self.users.get(plain) or ())

    def member(self, name: str) -> list[Who]:
        return list(self.members.get(ranked_characters(name)) or ())


def plan_ties(
    ties: list[Tie],
    roster: Roster,
    entries: list[Entry],
    names: tuple[SectorNames, CommissionNames],
    *,
    is_partial: bool,
) -> TiePlan:
    """Return what the ties change; `names` have already seen the members' rows."""
    plan = TiePlan()
    if not ties or roster.ties is None:
        return plan
    sectors, commissions = names
    for tie in ties:
        if tie.kind == "pairings":
            _pair(tie, plan, sectors, commissions)
    _tell_pairings(plan, roster)
    people = People(roster, entries, is_partial)
    wanted: dict[Who, dict[tuple[str, Any], Tie]] = {}
    for tie in ties:
        if tie.kind == "leaders":
            _lead(tie, plan, people, names, wanted)
    _compare(wanted, plan, roster, is_partial)
    return plan


def _split(tie: Tie, known: Callable[[str], str | None], plan: TiePlan) -> list[str]:
    try:
        return split_known(tie.right, known)
    except Complaint as wrong:
        plan.errors.append(tie.row.error(tie.fieldname, wrong.code, str(wrong.sentence)))
        return []


def _pair(tie: Tie, plan: TiePlan, sectors: SectorNames, commissions: CommissionNames) -> None:
    (commission, *others) = commissions.find(tie.left)
    if others:
        sentence = _("每行只填一个专门委员会。")
        plan.errors.append(tie.row.error("commissions", "two_commissions", sentence))
        return
    for sector in _split(tie, sectors.known, plan):
        if plan.pairings.setdefault(sector, commission) != commission:
            sentence = _("界别“%s”已列在另一个专门委员会之下，请核对。") % sector
            plan.errors.append(tie.row.error(tie.fieldname, "sector_paired_twice", sentence))


def _tell_pairings(plan: TiePlan, roster: Roster) -> None:
    now = roster.ties.pairings if roster.ties else {}
    plan.pairings = {
        sector: commission
        for sector, commission in plan.pairings.items()
        if now.get(sector) != commission
    }
    for sector, commission in plan.pairings.items():
        plan.lines.append([_("对口联系"), sector, now.get(sector) or "", commission])


def _lead(
    tie: Tie,
    plan: TiePlan,
    people: People,
    names: tuple[SectorNames, CommissionNames],
    wanted: dict[Who, dict[tuple[str, Any], Tie]],
) -> None:
    leader = _one(tie, "leader", tie.left, people.leader(tie.left), plan)
    if tie.target == "members":
        member = _one(tie, tie.fieldname, tie.right, people.member(tie.right), plan)
        keys: list[Any] = [member] if member else []
    else:
        known = names[0].known if tie.target == "sectors" else names[1].known
        keys = list(_split(tie, known, plan))
    if leader:
        for key in keys:
            wanted.setdefault(leader, {}).setdefault((tie.target, key), tie)


def _one(tie: Tie, fieldname: str, name: str, found: list[Who], plan: TiePlan) -> Who | None:
    if len(found) == 1:
        return found[0]
    if found:
        sentence = _("有 %(count)d 人叫“%(name)s”，无法确认是哪一位，请在后台登记。") % {
            "count": len(found),
            "name": name,
        }
        plan.errors.append(tie.row.error(fieldname, "tie_namesakes", sentence))
    else:
        sentence = _("没有找到“%s”。领导须已登记为领导或是在任委员，委员须在名册中。") % name
        plan.errors.append(tie.row.error(fieldname, "tie_unknown", sentence))
    return None


def _compare(
    wanted: dict[Who, dict[tuple[str, Any], Tie]], plan: TiePlan, roster: Roster, is_partial: bool
) -> None:
    """A leader who is named is named with everything: what is not there any more ends."""
    assert roster.ties is not None
    now: dict[Who, dict[tuple[str, Any], int]] = defaultdict(dict)
    for pk, held_by, target, key in roster.ties.contacts:
        now["known", held_by][target, ("known", key) if target == "members" else key] = pk
    shown = {("known", one.member_id): one.name for one in roster.people}
    for leader, targets in wanted.items():
        held = now.get(leader, {})
        for (target, key), tie in targets.items():
            if (target, key) not in held:
                plan.begins.append(Begins(leader, target, key, tie.left))
                text = tie.right if target == "members" else str(key)
                plan.lines.append([_("领导联系安排"), tie.left, "", text])
        if is_partial:
            continue
        name = next(iter(targets.values())).left
        for (target, key), pk in held.items():
            if (target, key) not in targets:
                plan.ends.append(pk)
                text = shown.get(key, "") if target == "members" else str(key)
                plan.lines.append([_("领导联系安排"), name, text, ""])
