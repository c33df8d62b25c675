"""The truth as cells: the plain way, the traps field by field, and the layouts of headers."""

import random
from collections.abc import Callable

from tests.sectors.roster_folder.people import Person
from tests.sectors.roster_folder.writers import Grid

PARTY_WORDS = {
    "cpc": ["中共", "中共党员", "中国共产党"], "rcck": ["民革", "民革党员"],
    "cdl": ["民盟", "民盟盟员"], "cndca": ["民建", "民建会员"], "masses": ["群众"],
}  # fmt: skip
Cell = Callable[[Person, random.Random], object]


def sex(one: Person) -> str:
    return "女" if one.sex == "female" else "男"


PLAIN: dict[str, Cell] = {
    "姓名": lambda one, rng: one.name,
    "性别": lambda one, rng: sex(one),
    "民族": lambda one, rng: one.ethnicity,
    "出生年月": lambda one, rng: f"{one.born:%Y.%m}",
    "党派": lambda one, rng: "、".join(PARTY_WORDS[code][0] for code in one.parties),
    "界别": lambda one, rng: one.sector,
    "界别职务": lambda one, rng: "召集人" if one.is_convenor else "",
    "所属专委会": lambda one, rng: one.commission,
    "工作单位及职务": lambda one, rng: one.work,
    "手机号码": lambda one, rng: one.phone,
    "是否常委": lambda one, rng: "是" if one.is_standing else "",
}
HEADER = list(PLAIN)


def blank_inside(one: Person, rng: random.Random) -> str:
    gap = rng.choice(["\u3000", " ", "\u3000\u3000", "\u00a0", "\n"])
    return f"{one.name[0]}{gap}{one.name[1:]}" if len(one.name) == 2 else f"  {one.name}\u3000"


def zero_width(one: Person, rng: random.Random) -> str:
    hidden = rng.choice(["\u200b", "\ufeff", "\u200d", "\u2060", "\u00ad", "\ufe00"])
    return hidden.join(one.name) + hidden


def annotated(one: Person, rng: random.Random) -> str:
    said = [sex(one)] if one.sex == "female" else []
    said += [one.ethnicity] if one.ethnicity != "汉族" else []
    around = rng.choice(["（{}）", "({})", " （{}）"])
    return one.name + (around.format(rng.choice("，、,").join(said)) if said else "")


def born_any(one: Person, rng: random.Random) -> object:
    """A way of writing a month that means only one: 1975.1 is not among them."""
    year, month = one.born.year, one.born.month
    ways: list[object] = [
        f"{year}.{month:02d}", f"{year}年{month}月", f"{year}-{month}", f"{year}/{month:02d}",
        f"{year} 年 {month:02d} 月", f"{year}{month:02d}", f"{year}年{month}月8日",
        f"{year}\uff0e{month:02d}", f"{year}-{month:02d}-08 00:00:00",
    ]  # fmt: skip
    if month not in (1, 10):
        ways += [float(f"{year}.{month:02d}"), float(f"{year}{month:02d}")]
    return rng.choice(ways)


def born_day(one: Person, rng: random.Random) -> object:
    return one.born.replace(day=rng.randrange(1, 29))


def phone_any(one: Person, rng: random.Random) -> object:
    full = "".join(chr(ord(digit) + 0xFEE0) for digit in one.phone)
    first, middle, last = one.phone[:3], one.phone[3:7], one.phone[7:]
    return rng.choice(
        [
            float(one.phone), f"{first} {middle} {last}", f"{first}-{middle}-{last}", full,
            f"+86 {one.phone}", f"{one.phone}\u200b", f"\u3000{one.phone} ", f"{one.phone}.0",
            f"{first}\u2011{middle}\u2013{last}",
        ]
    )  # fmt: skip


def parties_any(one: Person, rng: random.Random) -> str:
    words = [rng.choice(PARTY_WORDS[code]) for code in one.parties]
    rng.shuffle(words)
    return rng.choice(["、", "，", "/", " ", "\u3000", "；", "\uff0f", ",", "\n"]).join(words)


def convenes_any(one: Person, rng: random.Random) -> object:
    yes = ["是", "√", 1, "1", "召集人", "界别召集人", "✓", "\uff11", "Y", "√ "]
    return rng.choice(yes if one.is_convenor else ["", "否", 0, "—", "委员", None])


def stands_any(one: Person, rng: random.Random) -> object:
    yes = ["是", "√", 1, "1", "常委", "常务委员", "✔\ufe0f", "TRUE"]
    return rng.choice(yes if one.is_standing else ["", "否", 0, "/", "×", None])


def sector_any(one: Person, rng: random.Random) -> str:
    return rng.choice([one.sector, f"{one.sector}界", f" {one.sector}界别 "])


TRAPS: dict[str, list[Cell]] = {
    "姓名": [blank_inside, zero_width, annotated],
    "出生年月": [born_any, born_day],
    "党派": [parties_any],
    "界别": [sector_any],
    "界别职务": [convenes_any],
    "手机号码": [phone_any],
    "是否常委": [stands_any],
}


def lines(
    people: list[Person], rng: random.Random, header: list[str] = HEADER, **ways: Cell
) -> list[list[object]]:
    """One line a person; `ways` replaces how a column is written."""
    cells = PLAIN | ways
    return [[cells[title](one, rng) for title in header] for one in people]


def plain(people: list[Person], rng: random.Random, **ways: Cell) -> Grid:
    return Grid("名册", [list(HEADER), *lines(people, rng, **ways)])


def titled(grid: Grid, *, across: int, down: int = 2) -> Grid:
    """The grid below a merged title and blank lines, moved right by one column."""
    rows: list[list[object]] = [["××市政协第六届委员会委员名册"], ["（按姓氏笔画排序）"]]
    rows += [[] for _ in range(down)]
    moved = len(rows)
    merges = [(t + moved, left + 1, b + moved, r + 1) for t, left, b, r in grid.merges]
    body = [["", *row] for row in grid.rows]
    return Grid(grid.name, rows + body, [(1, 1, 1, across), (2, 1, 2, across), *merges])


def two_level(people: list[Person], rng: random.Random, **ways: Cell) -> Grid:
    """基本情况 over three columns and 界别情况 over two, the rest merged over both rows."""
    upper: list[object] = ["姓名", "基本情况", "", "", "党派", "界别情况", "", "所属专委会"]
    upper += ["工作单位及职务", "手机号码", "是否常委"]
    lower: list[object] = ["", "性别", "民族", "出生年月", "", "界别", "职务"]
    lower += [""] * 4
    merges = [(1, at, 2, at) for at in (1, 5, 8, 9, 10, 11)] + [(1, 2, 1, 4), (1, 6, 1, 7)]
    return Grid("名册", [upper, lower, *lines(people, rng, **ways)], merges)


def three_level(people: list[Person], rng: random.Random, **ways: Cell) -> Grid:
    """委员信息 over 姓名 and 基本情况, which stands over three columns more."""
    first: list[object] = ["委员信息", "", "", "", "政协情况", "", "", "", "", "联系方式", ""]
    second: list[object] = ["姓名", "基本情况", "", "", "党派", "界别", "", "所属专委会"]
    second += ["工作单位及职务", "手机号码", "是否常委"]
    third: list[object] = ["", "性别", "民族", "出生年月", "", "名称", "职务", "", "", "", ""]
    merges = [(1, 1, 1, 4), (1, 5, 1, 9), (1, 10, 1, 11), (2, 2, 2, 4), (2, 6, 2, 7)]
    merges += [(2, at, 3, at) for at in (1, 5, 8, 9, 10, 11)]
    return Grid("名册", [first, second, third, *lines(people, rng, **ways)], merges)


def sectors_merged(grid: Grid, people: list[Person]) -> Grid:
    """The sector's cells merged down over the people of each sector."""
    at = next(column for column, title in enumerate(grid.rows[0]) if title == "界别")
    first = len(grid.rows) - len(people)
    top = first
    merges = list(grid.merges)
    for line in range(first, len(grid.rows) + 1):
        here = people[line - first].sector if line < len(grid.rows) else None
        if here == people[top - first].sector:
            if line > top:
                grid.rows[line][at] = ""
            continue
        if line - top > 1:
            merges.append((top + 1, at + 1, line, at + 1))
        top = line
    return Grid(grid.name, grid.rows, merges)
