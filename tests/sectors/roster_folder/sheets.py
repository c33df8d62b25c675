"""Several sheets in one file: members, commissions, 对口联系, 领导联系, street groups."""

import random
from dataclasses import replace

from tests.sectors.roster_folder import grids as g
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.cases import Case, expects, seed
from tests.sectors.roster_folder.people import COMMISSIONS, Person, invented, key, truth
from tests.sectors.roster_folder.writers import Grid

LEADERS = ("郑主席", "冯副主席")
WITHOUT = [one for one in g.HEADER if one != "所属专委会"]
STREETS = ["城东街道委员组", "城西街道委员组"]


def members(people: list[Person], rng: random.Random) -> Grid:
    return Grid("委员名册", [list(WITHOUT), *g.lines(people, rng, WITHOUT)])


def commissions_by_line(people: list[Person]) -> tuple[Grid, dict[str, dict[str, str]]]:
    """One name a line, the commission merged down, the duty beside it."""
    words = {"head": "主任", "deputy": "副主任", "member": "委员"}
    rows: list[list[object]] = [["政协××市委员会专门委员会组成人员名单"]]
    rows += [["序号", "专委会名称", "职务", "姓名", "工作单位"]]
    merges, sits = [(1, 1, 1, 5)], {}
    for number, name in enumerate(COMMISSIONS):
        top = len(rows) + 1
        for at, one in enumerate(people[number::3]):
            duty = ["head", "deputy", "member"][min(at, 2)]
            sits[one.name] = {name: duty}
            rows.append(
                [at + 1, "" if at else name, words[duty], g.blank_inside(one, seed("x")), one.work]
            )
        if len(rows) > top:
            merges.append((top, 2, len(rows), 2))
    return Grid("专委会", rows, merges), sits


def commissions_by_cell(people: list[Person]) -> tuple[Grid, dict[str, dict[str, str]]]:
    """One line a commission, the names joined in the cells of their duties."""
    rows: list[list[object]] = [["专门委员会", "主任", "副主任", "委员"]]
    sits = {}
    for number, name in enumerate(COMMISSIONS):
        held = people[number::3]
        sits |= {one.name: {name: "member"} for one in held[2:]}
        sits |= {one.name: {name: "deputy"} for one in held[1:2]}
        sits |= {one.name: {name: "head"} for one in held[:1]}
        cells = ["、".join(one.name for one in part) for part in (held[:1], held[1:2], held[2:])]
        rows.append([name, *cells])
    return Grid("专委会", rows), sits


def pairings() -> tuple[Grid, dict[str, str]]:
    rows: list[list[object]] = [
        ["专委会", "对口联系界别"],
        ["提案委", "中共、民革界"],
        ["经济委员会", "民盟"],
        ["文化文史和学习委员会", "教育界别"],
    ]
    paired = dict(
        zip(("中共", "民革", "民盟", "教育"), [COMMISSIONS[0], *COMMISSIONS], strict=True)
    )
    return Grid("对口联系", rows), paired


def leaders(people: list[Person]) -> tuple[Grid, list[list[str]]]:
    rows: list[list[object]] = [
        ["市政协领导联系安排"],
        ["领导姓名", "职务", "联系专委会", "联系界别", "联系委员"],
        [
            "郑主席",
            "主席",
            "提案委员会、经济委员会",
            "中共",
            "、".join(one.name for one in people[:2]),
        ],
        ["冯副主席", "副主席", "", "民革 民盟", f"{people[2].name}\n{people[3].name}（女）"],
    ]
    told = [
        ["郑主席", name] for name in (*COMMISSIONS[:2], "中共", *(one.name for one in people[:2]))
    ]
    told += [["冯副主席", name] for name in ("民革", "民盟", people[2].name, people[3].name)]
    return Grid("领导联系", rows, [(1, 1, 1, 5)]), sorted(told)


def streets(people: list[Person]) -> tuple[Grid, dict[str, list[object]]]:
    rows: list[list[object]] = [["街道（乡镇）委员组", "组内职务", "姓名", "手机号码"]]
    sits: dict[str, list[object]] = {}
    for number, group in enumerate(STREETS):
        for at, one in enumerate(people[number::2]):
            rows.append([group, "" if at else "组长", one.name, float(one.phone)])
            sits[one.name] = [group, at == 0]
    return Grid("街道委员组", rows), sits


def settled(people: list[Person], sits: dict, groups: dict) -> dict[str, object]:
    return {
        key(one): truth(one)
        | {"commissions": sits.get(one.name, {}), "street": groups.get(one.name)}
        for one in people
    }


def everything(name: str, by_line: bool, write: object, file_name: str) -> Case:
    """All five sheets, in an order of their own, with a page of notes and a hidden old roster."""
    rng = seed(name)
    people = invented(rng, 16)
    first = {one.sector: one for one in people}
    assert {"中共", "民革", "民盟", "教育"} <= set(first), "the seed must fill four sectors"
    commissions, sits = (commissions_by_line if by_line else commissions_by_cell)(people)
    paired, pairs = pairings()
    led, contacts = leaders(people)
    street, groups = streets(people)
    notes = Grid("填表说明", [["填表说明"], ["姓名须与身份证一致"]])
    sheets = [members(people, rng), commissions, paired, led, street, notes]
    rng.shuffle(sheets)
    if write is w.xlsx:
        sheets.append(Grid("旧名册", [list(g.HEADER), ["某某"]], is_hidden=True))
    oracle = expects(people, people=settled(people, sits, groups), pairings=pairs, leaders=contacts)
    return Case(name, file_name, write(*sheets), oracle, leaders=LEADERS)  # type: ignore[operator]


def lists_later() -> list[Case]:
    """A file without members changes nobody's membership: only what it is about."""
    rng = seed("lists later")
    people = [replace(one, commission="") for one in invented(rng, 8)]
    before = w.xlsx(g.plain(people, rng))
    by_cell, sits = commissions_by_cell(people)
    street, groups = streets(people)
    column = [*g.HEADER, "所属委员组"]
    rows = [[*line, STREETS[0]] for line in g.lines(people, rng)]
    in_column = {one.name: [STREETS[0], False] for one in people}
    return [
        Case(
            "commissions_later", "专委会.xlsx", w.xlsx(by_cell),
            expects(people, people=settled(people, sits, {})), before=before,
        ),
        Case(
            "streets_later", "委员组.xls", w.xls(street),
            expects(people, people=settled(people, {}, groups)), before=before,
        ),
        Case(
            "streets_as_a_column", "名册.xlsx", w.xlsx(Grid("名册", [column, *rows])),
            expects(people, people=settled(people, {}, in_column)), before=before,
        ),
    ]  # fmt: skip


def in_doubt() -> list[Case]:
    """What the further sheets say and cannot be taken."""
    rng = seed("ties in doubt")
    people = invented(rng, 8)
    twin = replace(people[1], name=people[0].name, phone="13911112222")
    twin = replace(twin, born=people[0].born.replace(year=1948), is_convenor=False)
    ties = [
        members([*people, twin], rng),
        Grid("对口联系", [
            ["专委会", "对口联系界别"], ["提案委", "中共、某界"], ["经济委", "中共"], ["", "中共"],
        ]),
        Grid("领导联系", [
            ["领导姓名", "联系委员", "联系界别"],
            ["某领导", "", "中共"], ["郑主席", people[0].name, ""],
            ["郑主席", "某人", ""], ["郑主席", "=A1", ""], ["郑主席", "", ""],
        ]),
        Grid("专委会", [
            ["专委会", "专委会职务", "姓名", "手机号码"],
            ["提案委员会", "主任", people[0].name, ""],
            ["提案委员会", "副主任", twin.name, twin.phone],
            ["提案委员会", "顾问", people[2].name, ""],
            ["提案委员会", "", "某人", ""], ["", "", people[3].name, ""],
        ]),
        Grid("委员组", [
            ["委员组", "姓名"], ["城东委员组", people[2].name], ["城西委员组", people[2].name],
        ]),
    ]  # fmt: skip
    errors = [
        ["对口联系", 2, "B2", "name_unknown"], ["对口联系", 4, "A4", "tie_incomplete"],
        ["领导联系", 2, "A2", "tie_unknown"], ["领导联系", 3, "B3", "tie_namesakes"],
        ["领导联系", 4, "B4", "tie_unknown"], ["领导联系", 5, "B5", "formula"],
        ["领导联系", 6, "B6", "tie_incomplete"],
        ["专委会", 2, "C2", "listed_namesakes"], ["专委会", 4, "B4", "duty_unknown"],
        ["专委会", 5, "C5", "listed_unknown"], ["专委会", 6, "A6", "group_missing"],
        ["委员组", 3, "B3", "two_street_groups"],
    ]  # fmt: skip
    return [
        Case("ties_in_doubt", "名册.xlsx", w.xlsx(*ties), expects(people, errors), leaders=LEADERS),
    ]


def books() -> list[Case]:
    return [
        everything("five_sheets", True, w.xlsx, "名册.xlsx"),
        everything("five_sheets_xls", True, w.xls, "名册.xls"),
        everything("five_sheets_joined", False, w.xlsx, "名册.xlsx"),
        everything("five_tables_html", False, w.page, "名册.xls"),
        *lists_later(),
        *in_doubt(),
    ]
