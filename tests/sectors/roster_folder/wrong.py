"""Files with errors: each is found at its cell, and nothing is written."""

import random
from dataclasses import replace

from tests.sectors.roster_folder import grids as g
from tests.sectors.roster_folder import writers as w
from tests.sectors.roster_folder.cases import Case, expects, seed
from tests.sectors.roster_folder.people import Person, invented
from tests.sectors.roster_folder.writers import Grid

# column → cells that are ambiguous or wrong, each with the code of its complaint
WRONG: dict[str, list[tuple[object, str]]] = {
    "出生年月": [
        (1975.1, "birth_ambiguous"), ("1975.1", "birth_ambiguous"), ("75.03", "birth_two_digits"),
        ("75年3月", "birth_two_digits"), ("’75-3", "birth_two_digits"), (27454, "birth_serial"),
        ("1975", "birth_unreadable"), ("1975.13", "birth_unreadable"),
        ("2024.03", "birth_unlikely"),
        ("=1975+3", "formula"), (("f", "=1+1", 2), "formula"),
    ],
    "姓名": [
        ("王伟、李强", "name_several"), ("王丽 女", "name_annotation"),
        ("马明 回族", "name_annotation"), ("王伟（常委）", "name_brackets"),
        ("王\ue000", "name_private_use"), ("王伟1", "name_invalid"),
        ("王", "name_short"), ("=A1", "formula"), ("＝A1", "formula"), ("@SUM(A1)", "formula"),
        (("f", "=1+1", 2), "formula"),
    ],
    "手机号码": [
        ("1.39E+10", "phone_scientific"), ("13900000015/13900000016", "phone_several"),
        ("1390000001", "phone_invalid"), (1390000001.0, "phone_invalid"), ("无", "phone_invalid"),
        ("0571-88886666", "phone_invalid"),
    ],
    "性别": [("某", "sex_unknown"), ("", "sex_missing"), ("+cmd|x", "formula")],
    "民族": [("火星族", "ethnicity_unknown")],
    "党派": [("某党", "party_unknown"), ("中共（民盟）", "party_unknown")],
    "界别": [("", "sector_missing"), ("长" * 61, "too_long")],
    "界别职务": [("副召集人", "yes_unknown"), ("ü", "yes_unknown")],
    "是否常委": [("大概", "yes_unknown")],
}  # fmt: skip
WRITERS = {"xlsx": w.xlsx, "xls": w.xls}


def wrong(
    name: str, rng: random.Random, size: int, number: int, kind: str = "xlsx", down: int = 0
) -> Case:
    """`size` people, `number` of whom have one wrong cell each, below a title and `down` lines."""
    people = invented(rng, size)
    grid = g.plain(people, rng)
    errors = []
    for line in sorted(rng.sample(range(1, size + 1), number)):
        column = rng.choice(sorted(WRONG))
        cell, code = rng.choice(WRONG[column])
        at = g.HEADER.index(column)
        grid.rows[line][at] = cell
        errors.append(["名册", line + 3 + down, f"{chr(66 + at)}{line + 3 + down}", code])
    content = WRITERS[kind](g.titled(grid, across=12, down=down))
    return Case(name, f"名册.{kind}", content, expects(people, errors))


def every_wrong_cell(name: str, kind: str) -> Case:
    """One line for every wrong cell there is."""
    rng = seed(name)
    pairs = [(column, *one) for column in WRONG for one in WRONG[column]]
    people = [replace(one, is_convenor=False) for one in invented(rng, len(pairs))]
    grid = g.plain(people, rng)
    errors = []
    for line, (column, cell, code) in enumerate(pairs, start=1):
        at = g.HEADER.index(column)
        grid.rows[line][at] = cell
        errors.append(["名册", line + 1, f"{chr(65 + at)}{line + 1}", code])
    return Case(name, f"名册.{kind}", WRITERS[kind](grid), expects(people, errors))


def refused() -> list[Case]:
    cases = [every_wrong_cell(f"every_wrong_cell_{kind}", kind) for kind in WRITERS]
    for number in range(6):
        name = f"mixed_errors_{number}"
        rng = seed(name)
        kind, down = rng.choice(["xlsx", "xls"]), rng.randrange(6)
        cases.append(wrong(name, rng, 30, rng.randrange(1, 12), kind, down))
    return [*cases, *doubts(), *headers()]


def one_line(people: list[Person], rng: random.Random, **cells: object) -> list[object]:
    row = g.lines(people[:1], rng)[0]
    for column, cell in cells.items():
        row[g.HEADER.index(column)] = cell
    return row


def doubts() -> list[Case]:
    """Whom a line means, or what it means, is not certain."""
    rng = seed("doubts")
    people = invented(rng, 6)
    first = people[0]
    numbered = ["委员证号", *g.HEADER]
    twins = [first, replace(first, phone="13911110000", is_convenor=False)]
    before = [["A1", *g.lines(twins, rng)[0]], ["A2", *g.lines(twins, rng)[1]]]
    header = [one for one in g.HEADER if one != "手机号码"]
    annotated = g.plain(people, rng)
    annotated.rows[1][0], annotated.rows[1][1] = f"{first.name}（女）", "男"
    csv = w.text(g.sectors_merged(g.plain(people, rng), people))
    blank = [
        ["名册.csv", line, f"F{line}", "sector_missing"]
        for line, (one, above) in enumerate(zip(people[1:], people, strict=False), start=3)
        if one.sector == above.sector
    ]
    merged_names = g.plain(people, rng)
    merged_names.rows[2] = ["", *merged_names.rows[1][1:]]
    merged_names.merges.append((2, 1, 3, 1))
    return [
        Case(
            "two_who_match", "名册.xlsx",
            w.xlsx(Grid("名册", [header, *g.lines([first], rng, header)])),
            expects(twins, [["名册", 2, "A2", "two_candidates"]], people=expects(twins)["people"]),
            before=w.xlsx(Grid("名册", [numbered, *before])),
        ),
        Case(
            "annotation_against_the_column", "名册.xlsx", w.xlsx(annotated),
            expects(people, [["名册", 2, "A2", "annotation_differs"]]),
        ),
        Case("merging_lost_in_text", "名册.csv", csv, expects(people, blank)),
        Case(
            "one_person_over_two_lines", "名册.xlsx", w.xlsx(merged_names),
            expects(people, [["名册", 3, "A3", "person_twice"], ["名册", 3, "J3", "phone_twice"]]),
        ),
    ]  # fmt: skip


def headers() -> list[Case]:
    rng = seed("headers")
    people = invented(rng, 4)
    twice = [[*g.HEADER, "移动电话"], *([*line, ""] for line in g.lines(people, rng))]
    other = [*g.HEADER[1:], g.HEADER[0]]
    changing = [list(g.HEADER), *g.lines(people[:2], rng), other, *g.lines(people[2:], rng, other)]
    return [
        Case(
            "a_column_twice", "名册.xlsx", w.xlsx(Grid("名册", twice)),
            expects(people, [["名册", 1, "L1", "column_twice"]]),
        ),
        Case(
            "two_tables_on_one_sheet", "名册.xlsx", w.xlsx(Grid("名册", changing)),
            expects(people, [["名册", 4, "", "header_changes"]]),
        ),
    ]  # fmt: skip
