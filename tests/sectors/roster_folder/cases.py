"""The cases: a file and what must come of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.sectors.roster_folder import grids as g
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.people import Person, invented, key, truth
from tests.sectors.roster_folder.writers import Grid


@dataclass
class Case:
    """`oracle` has errors [sheet, row, cell, code], people by name and phone, pairings and leaders.

    `before` is a roster imported first, `leaders` are the names of appointed leaders.
    """

    name: str
    file_name: str
    content: bytes
    oracle: dict[str, object]
    before: bytes = b""
    leaders: tuple[str, ...] = field(default_factory=tuple)


def expects(
    people: list[Person], errors: list[list[object]] | None = None, /, **over: object
) -> dict[str, object]:
    """The oracle of a sound file, or with `errors` of one that writes nothing."""
    found = {} if errors else {key(one): truth(one) for one in people}
    return {"errors": errors or [], "people": found, "pairings": {}, "leaders": [], **over}


def seed(name: str) -> random.Random:
    return random.Random(f"roster folder: {name}")


def sound(
    name: str,
    build: Callable[[list[Person], random.Random], Grid],
    write: Callable[..., bytes] = w.xlsx,
    file_name: str = "名册.xlsx",
    change: Callable[[list[Person]], list[Person]] = lambda people: people,
    **how: str,
) -> Case:
    """A case whose file says the plain truth in its own way."""
    rng = seed(name)
    people = change(invented(rng, 9))
    return Case(name, file_name, write(build(people, rng), **how), expects(people))


def renamed(*names: str) -> Callable[[list[Person]], list[Person]]:
    """Give the first people names that `invented` does not know."""

    def change(people: list[Person]) -> list[Person]:
        given = [*names, *(one.name for one in people[len(names) :])]
        return [replace(one, name=name) for one, name in zip(people, given, strict=True)]

    return change


def way(column: str, cell: g.Cell) -> Callable[[list[Person], random.Random], Grid]:
    return lambda people, rng: g.plain(people, rng, **{column: cell})


def layouts() -> list[Case]:
    merged = lambda people, rng: g.sectors_merged(g.plain(people, rng), people)  # noqa: E731
    both = lambda people, rng: g.titled(g.two_level(people, rng), across=12)  # noqa: E731
    return [
        sound("plain", g.plain),
        sound("title_above", lambda p, rng: g.titled(g.plain(p, rng), across=12)),
        sound("header_in_row_25", lambda p, rng: g.titled(g.plain(p, rng), across=12, down=22)),
        sound("two_level", g.two_level),
        sound("two_level_below_a_title", both),
        sound("two_level_xls", g.two_level, w.xls, "名册.xls"),
        sound("two_level_html", both, w.page, "名册.xls"),
        sound("two_level_csv", g.two_level, w.text, "名册.csv"),
        sound("three_level", g.three_level),
        sound("three_level_html", g.three_level, w.page, "名册.xls"),
        sound("three_level_csv", g.three_level, w.text, "名册.csv"),
        sound("sectors_merged", merged),
        sound("sectors_merged_xls", merged, w.xls, "名册.xls"),
        sound("sectors_merged_html", merged, w.page, "名册.xls"),
        sound("people_beside_the_member", beside),
        sound("sums_footnotes_and_headers_again", interrupted),
        sound("columns_in_another_order", shuffled),
    ]


def beside(people: list[Person], rng: random.Random) -> Grid:
    """代办人 has a name and a phone of its own; 序号 and an unknown column stand around."""
    rows = [["序号", *g.HEADER, "代办人", "", "相片"], [""] * 12 + ["姓名", "手机号码", ""]]
    rows += [
        [at, *line, "周代办", "13800000000", "有"]
        for at, line in enumerate(g.lines(people, rng), start=1)
    ]
    merges = [(1, at, 2, at) for at in [*range(1, 13), 15]] + [(1, 13, 1, 14)]
    return Grid("名册", rows, merges)


def interrupted(people: list[Person], rng: random.Random) -> Grid:
    rows = g.lines(people, rng)
    more: list[list[object]] = [[], list(g.HEADER)]
    end: list[list[object]] = [["合计"], ["注：名册截至十一月，共九人"], ["", "", "9"]]
    return Grid("名册", [list(g.HEADER), *rows[:4], *more, *rows[4:], *end])


def shuffled(people: list[Person], rng: random.Random) -> Grid:
    header = rng.sample(g.HEADER, len(g.HEADER))
    return Grid("名册", [list(header), *g.lines(people, rng, header)])


def encodings() -> list[Case]:
    rare = renamed("王𠮷", "李𪚥明", "张〇一")
    lists = [
        sound("xls", g.plain, w.xls, "名册.xls"),
        sound("html_gbk", g.plain, w.page, "名册.xls"),
        sound("html_utf8", g.plain, w.page, "名册.xls", charset="utf-8", encoding="utf-8"),
        sound("html_that_lies", g.plain, w.page, "名册.xls", charset="utf-8", encoding="gb18030"),
        sound("html_utf16", g.plain, w.page, "名册.xls", charset="unicode", encoding="utf-16"),
        sound("csv_named_xls", g.plain, w.text, "名册.xls"),
        sound("semicolons", g.plain, w.text, "名册.csv", delimiter=";"),
    ]
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        how = {"delimiter": "\t", "encoding": encoding}
        lists.append(sound(f"tabs_{encoding}", g.plain, w.text, "名册.txt", rare, **how))
    for name, write in (("xlsx", w.xlsx), ("xls", w.xls), ("html", w.page)):
        lists.append(sound(f"rare_{name}", g.plain, write, f"名册.{name}", rare))
    return lists


def cells() -> list[Case]:
    dots = [
        "阿依古丽•买买提",
        "阿卜杜拉・买买提",
        "古丽\uff0e热合曼",
        "帕提‧艾山",
        "阿不都 · 热西提",
    ]
    middle = renamed(
        "阿依古丽·买买提", "阿卜杜拉·买买提", "古丽·热合曼", "帕提·艾山", "阿不都·热西提"
    )  # fmt: skip
    spelled = dict(zip((one.name for one in middle(invented(seed("dots"), 9))), dots, strict=False))
    without = [one for one in g.HEADER if one not in ("性别", "民族")]
    women = lambda people: [replace(one, sex="female", ethnicity="回族") for one in people]  # noqa: E731
    cases = [
        sound("blanks_in_names", way("姓名", g.blank_inside)),
        sound("zero_width", way("姓名", g.zero_width)),
        sound("dots", way("姓名", lambda p, _rng: spelled.get(p.name, p.name)), change=middle),
        sound("annotations_beside_columns", way("姓名", g.annotated)),
        sound(
            "annotations_alone",
            lambda p, rng: Grid("名册", [without, *g.lines(p, rng, without, 姓名=g.annotated)]),
            change=women,
        ),
        sound("months", way("出生年月", g.born_any)),
        sound("parties", way("党派", g.parties_any)),
        sound("convenors", way("界别职务", g.convenes_any)),
        sound("standing", way("是否常委", g.stands_any)),
        replace(sound("sectors", way("界别", g.sector_any)), before=old_roster()),
    ]
    for name, write in (("xlsx", w.xlsx), ("xls", w.xls), ("html", w.page)):
        file_name = f"名册.{'xls' if name == 'html' else name}"
        cases.append(sound(f"days_{name}", way("出生年月", g.born_day), write, file_name))
        cases.append(sound(f"phones_{name}", way("手机号码", g.phone_any), write, file_name))
    return cases


def mixed() -> list[Case]:
    """All traps at once, in every layout and every kind of file; the seed is the name."""
    return [_mixed(f"mixed_{number}") for number in range(12)]


def old_roster() -> bytes:
    """Other people in the same sectors: they leave, and the sectors' names are known."""
    rng = seed("before")
    return w.xlsx(g.plain(invented(rng, 40, start=5000), rng))


def _mixed(name: str) -> Case:
    rng = seed(name)
    people = invented(rng, 25)
    ways = {column: rng.choice(cells) for column, cells in g.TRAPS.items()}
    layout = rng.choice([g.plain, g.two_level, g.three_level])
    grid = layout(people, rng, **ways)
    kind = rng.choice(["xlsx", "xls", "html", "csv", "txt"])
    if layout is g.plain and kind not in ("csv", "txt"):
        ways["界别"] = g.PLAIN["界别"]
        grid = g.sectors_merged(layout(people, rng, **ways), people)
    if rng.random() < 0.5:
        grid = g.titled(grid, across=len(grid.rows[0]) + 1, down=rng.randrange(5))
    if kind == "xlsx":
        content, file_name = w.xlsx(grid), "名册.xlsx"
    elif kind == "xls":
        content, file_name = w.xls(grid), "名册.xls"
    elif kind == "html":
        content, file_name = w.page(grid), "名册.xls"
    else:
        encoding = rng.choice(["utf-8", "gb18030", "utf-16"])
        mark = "\t" if kind == "txt" else ","
        content, file_name = w.text(grid, delimiter=mark, encoding=encoding), f"名册.{kind}"
    return Case(name, file_name, content, expects(people), before=old_roster())


def folder() -> list[Case]:
    """Every case of one sheet of members that is sound; the same on every call."""
    return [*layouts(), *encodings(), *cells(), *mixed()]
