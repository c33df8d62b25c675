"""Files for the import tests: text tables and the smallest workbooks, made by hand."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from sectors.roster_import.actions import import_now

DATA = Path(__file__).resolve().parents[1] / "data" / "roster"
HEADER = [
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "党派",
    "界别",
    "界别职务",
    "所属专委会",
    "手机号码",
    "是否常委",
]
CLEAN = {
    "xlsx": "01_clean_360x28.xlsx",
    "gbk": "01_clean_gbk.csv",
    "utf16": "01_clean_utf16_tab.csv",
    "utf8": "01_clean_utf8_bom.csv",
}
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def clean(kind: str = "utf8") -> bytes:
    return (DATA / CLEAN[kind]).read_bytes()


def person(name: str, **over: str) -> dict[str, str]:
    """A sound row; keys are header texts."""
    row = {"性别": "男", "民族": "汉族", "出生年月": "1975.03", "党派": "中共", "界别": "教育"}
    return {"姓名": name, **row, **over}


def table(*people: dict[str, str], header: list[str] | None = None) -> bytes:
    """The people as UTF-8 text; columns nobody has are left out unless `header` names them."""
    columns = header or [one for one in HEADER if any(one in row for row in people)]
    lines = [columns, *([row.get(one, "") for one in columns] for row in people)]
    return "\n".join(",".join(cells) for cells in lines).encode()


def letters(at: int) -> str:
    text, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell(reference: str, value: object) -> str:
    """One cell: text, number, or ("f", formula, value) for a computed one."""
    if isinstance(value, tuple):
        return f'<c r="{reference}"><f>{escape(value[1])}</f><v>{value[2]}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def sheet_xml(rows: list[list[object]], extra: dict[str, object] | None = None) -> str:
    """`extra` maps references outside the rows to values."""
    body = ""
    for line, cells in enumerate(rows, start=1):
        filled = [cell(f"{letters(at)}{line}", v) for at, v in enumerate(cells) if v != ""]
        body += f'<row r="{line}">{"".join(filled)}</row>'
    for reference, value in (extra or {}).items():
        line = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        body += f'<row r="{line}">{cell(reference, value)}</row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def workbook(sheets: dict[str, str], hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook of sheet name → sheet XML."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for at, name in enumerate(names, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{REL}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{relations}</Relationships>",
    }
    for at, name in enumerate(names, start=1):
        files[f"xl/worksheets/sheet{at}.xml"] = sheets[name]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for path, content in files.items():
            book.writestr(path, content)
    return packed.getvalue()


def import_whoever_leaves(content, **how):
    """`import_now` by somebody who has counted those who leave, however many they are."""
    plan = import_now(content, **how)
    if [one.code for one in plan.errors] == ["many_leave"]:
        plan = import_now(content, leaves=len(plan.leaving), **how)
    return plan
