"""One cell → one value of a field, or a Complaint. What is ambiguous is reported, never guessed.

Each reader takes what the sheet holds (text, number, bool, date, None) and the day the import takes
effect; a blank cell gives None.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from members.models import Party, Sex
from members.name_order import MIDDLE_DOTS
from sectors.roster_import.complaints import Complaint

YOUNGEST, OLDEST = (
    18,
    110,
)  # years; outside, a birth month is more likely a slip than a member
LONGEST = {
    "name": 60,
    "number": 30,
    "work": 120,
    "note": 200,
    "sector": 60,
    "commissions": 120,
}

PARTIES = {
    "中共": Party.CPC, "中共党员": Party.CPC, "中国共产党": Party.CPC, "党员": Party.CPC,
    "中共预备党员": Party.CPC, "民革": Party.RCCK, "民革党员": Party.RCCK,
    "民盟": Party.CDL, "民盟盟员": Party.CDL, "民建": Party.CNDCA, "民建会员": Party.CNDCA,
    "民进": Party.CAPD, "民进会员": Party.CAPD, "农工党": Party.CPWDP, "农工": Party.CPWDP,
    "农工党党员": Party.CPWDP, "农工民主党": Party.CPWDP, "致公党": Party.ZHIGONG,
    "致公": Party.ZHIGONG, "致公党党员": Party.ZHIGONG, "九三": Party.JIUSAN,
    "九三学社": Party.JIUSAN, "九三学社社员": Party.JIUSAN, "台盟": Party.TSL,
    "台盟盟员": Party.TSL, "无党派": Party.NONPARTISAN, "无党派人士": Party.NONPARTISAN,
    "无党派代表人士": Party.NONPARTISAN, "群众": Party.MASSES,
    "中国国民党革命委员会": Party.RCCK, "中国民主同盟": Party.CDL, "中国民主建国会": Party.CNDCA,
    "中国民主促进会": Party.CAPD, "中国农工民主党": Party.CPWDP, "中国致公党": Party.ZHIGONG,
    "台湾民主自治同盟": Party.TSL,
}  # fmt: skip
PARTY_ORDER = [party.value for party in Party]
ETHNICITIES = frozenset({
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜",
    "满", "侗", "瑶", "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳",
    "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土",
    "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔",
    "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
})  # fmt: skip
SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE}
YES = {"是", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "有", "v"}
NO = {"否", "×", "✗", "0", "n", "no", "false", "无", "委员", "成员", "界别委员"}
# What people type into a cell they leave empty.
NOTHING = {"", "-", "--", "—", "——", "/", "\\", "暂无", "空"}
UNSEEN = {"Cc", "Cf", "Cn", "Cs"}
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # they choose a shape, no character
RARE = range(0x20000, 0x40000)  # Han beyond the basic plane, also what Python does not name yet
RADICALS = range(0x2F00, 0x2FD6)  # ⼀ … ⿕ stand for characters in texts taken from PDF
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")

# Nothing in it to take away: nearly every cell, so it is asked first.
USUAL_CHARACTERS = r"[\u4e00-\u9fff\w.、，（）()/-]"
USUAL = re.compile(USUAL_CHARACTERS + "*", re.ASCII)


def text_of(cell: Any) -> str:
    """Return the cell as one line of text without zero-width characters and outer blanks."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell) if cell.is_integer() else cell)
    if isinstance(cell, str) and USUAL.fullmatch(cell):
        return "" if cell in NOTHING else cell
    spaced = "".join(" " if char.isspace() else char for char in str(cell))
    seen = "".join(filter(_is_seen, spaced))
    text = " ".join(seen.split())
    return "" if text in NOTHING else text


def _is_seen(char: str) -> bool:
    if ord(char) in SELECTORS:
        return False
    return ord(char) in RARE or unicodedata.category(char) not in UNSEEN


def is_formula(cell: Any) -> bool:
    """Return whether a text would be taken for a formula when the roster is opened again.

    A full-width ＝ counts too: spreadsheets take it for the half-width one.
    """
    text = cell.lstrip() if isinstance(cell, str) else ""
    text = unicodedata.normalize("NFKC", text[:2])
    return text.startswith(("=", "@")) or bool(re.match(r"[+\-][^\d\s+\-—]", text))


def split_annotation(cell: Any) -> tuple[Any, dict[str, str]]:
    """Return the cell without （女，回族） at its end, and what that says: sex, ethnicity.

    Whatever else stands in brackets stays for `read_name` to complain of.
    """
    if not isinstance(cell, str) or not re.search(r"[)）\]】]", cell):
        return cell, {}
    found = re.fullmatch(r"(.+?)[(（\[【]([^()（）\[\]【】]+)[)）\]】]", text_of(cell))
    if found is None:
        return cell, {}
    said: dict[str, str] = {}
    for part in filter(None, re.split(r"[、，,;；/ ]+", found[2])):
        if part in SEXES and "sex" not in said:
            said["sex"] = SEXES[part].value
        elif part.removesuffix("族") in ETHNICITIES and "ethnicity" not in said:
            said["ethnicity"] = part.removesuffix("族") + "族"
        else:
            return cell, {}
    return found[1], said


def read_name(cell: Any, on: datetime.date) -> str | None:
    text = unicodedata.normalize("NFC", text_of(cell))
    if not text:
        return None
    text = re.sub(f"[{MIDDLE_DOTS}]", "·", text)
    if re.search(r"[()（）\[\]【】]", text):
        raise Complaint("name_brackets", _("姓名中有括号。请只填姓名，性别和民族填在各自的列。"))
    if re.search(r"[、，,;；/]", text):
        raise Complaint("name_several", _("一格中有多个姓名。请每人一行。"))
    if any(unicodedata.category(char) == "Co" for char in text):
        raise Complaint(
            "name_private_use", _("姓名中有自造字，其他电脑无法显示。请改用标准字库中的字。")
        )
    _refuse_loose_annotation(text)
    latin = re.search(r"[A-Za-z]", text)
    name = re.sub(" ?· ?", "·", text) if latin else text.replace(" ", "")
    name = "".join(map(_character, name))
    if not all(_may_stand_in_name(char) for char in name):
        raise Complaint("name_invalid", _("姓名“%s”中有数字或符号。") % text[:20])
    if len(name.replace("·", "")) < 2:
        raise Complaint("name_short", _("姓名“%s”只有一个字。") % name)
    if len(name) > LONGEST["name"]:
        raise Complaint("too_long", _("内容超过 %d 个字。") % LONGEST["name"])
    return name


def _refuse_loose_annotation(text: str) -> None:
    """王丽 女 may be 王丽女: only brackets make an annotation of it."""
    first, _blank, last = text.rpartition(" ")
    is_ethnicity = last.endswith("族") and last.removesuffix("族") in ETHNICITIES
    if len(first.replace(" ", "")) > 1 and (last in SEXES or is_ethnicity):
        raise Complaint(
            "name_annotation",
            _("姓名后的“%s”是注释还是姓名不能确定。请写成（女，回族）的形式，或填在各自的列。")
            % last,
        )


def _character(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if ord(char) in RADICALS else char


def _may_stand_in_name(char: str) -> bool:
    if ord(char) in RARE:
        return True
    return char in "·\u3007 .'-" or unicodedata.category(char) in {"Lo", "Lu", "Ll", "Lm"}


def read_sex(cell: Any, on: datetime.date) -> str | None:
    text = text_of(cell)
    if not text:
        return None
    if text not in SEXES:
        raise Complaint("sex_unknown", _("性别“%s”无法识别，请填男或女。") % text[:20])
    return SEXES[text].value


def read_ethnicity(cell: Any, on: datetime.date) -> str | None:
    text = text_of(cell).replace(" ", "")
    if not text:
        return None
    if text.removesuffix("族") not in ETHNICITIES:
        raise Complaint("ethnicity_unknown", _("民族“%s”无法识别，请填规范名称。") % text[:20])
    return text.removesuffix("族") + "族"


def read_birth_month(cell: Any, on: datetime.date) -> str | None:
    """Return the first day of the month of birth in ISO form."""
    if isinstance(cell, datetime.date):
        return _month(cell.year, cell.month, on)
    text = unicodedata.normalize("NFKC", text_of(cell)).translate(DASHES).replace(" ", "")
    text = text.lstrip("'’")  # it kept a number text, and came along into a text file
    if not text:
        return None
    if re.fullmatch(r"\d{4}\.1", text):
        raise Complaint(
            "birth_ambiguous",
            _("“%s”可能是 1 月，也可能是 10 月，请写成年月两位，如 1975.01。") % text,
        )
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})?(?:\.0)?", text):
        return _month(int(found[1]), int(found[2]), on)
    pattern = (
        r"(\d{4})[.\-/年](\d{1,2})(?:[.\-/月](\d{1,2})日?|月)?(?:T?0:00|T?00:00)?(?::00)?(?:出?生)?"
    )
    if found := re.fullmatch(pattern, text):
        return _month(int(found[1]), int(found[2]), on)
    if re.match(r"\d{2}[.\-/年]\d{1,2}", text):
        raise Complaint("birth_two_digits", _("“%s”的年份只有两位，请写成四位。") % text[:20])
    if re.fullmatch(r"\d{5}", text):
        raise Complaint(
            "birth_serial",
            _("“%s”像是未设日期格式的 Excel 日期，请写成 1975.03 的形式。") % text,
        )
    raise Complaint(
        "birth_unreadable",
        _("出生年月“%s”无法识别，请写成 1975.03 的形式。") % text[:20],
    )


def _month(year: int, month: int, on: datetime.date) -> str:
    if not 1 <= month <= 12:
        raise Complaint("birth_unreadable", _("没有 %d 月，请核对出生年月。") % month)
    if not YOUNGEST <= on.year - year <= OLDEST:
        raise Complaint("birth_unlikely", _("出生年份 %d 不合常理，请核对。") % year)
    return datetime.date(year, month, 1).isoformat()


def read_parties(cell: Any, on: datetime.date) -> list[str] | None:
    """Return party codes in the official order; several may be joined in one cell."""
    text = text_of(cell)
    if not text:
        return None
    found = []
    for part in filter(None, re.split(r"[、,;/|+ ]+", unicodedata.normalize("NFKC", text))):
        if part not in PARTIES:
            raise Complaint("party_unknown", _("党派“%s”无法识别。") % part[:20])
        found.append(PARTIES[part].value)
    return sorted(set(found), key=PARTY_ORDER.index)


def read_phone(cell: Any, on: datetime.date) -> str | None:
    """Return 11 digits of a mainland mobile, or area code and number (Hong Kong, Macao, Taiwan)."""
    text = unicodedata.normalize("NFKC", text_of(cell)).translate(DASHES)
    if not text:
        return None
    if re.search(r"\d[eE]\+?\d", text):
        raise Complaint("phone_scientific", _("手机号码被显示为科学计数，末位已丢失，请重新填写。"))
    if len(re.findall(r"1[3-9]\d{9}", re.sub(r"[ \-]", "", text))) > 1:
        raise Complaint("phone_several", _("一格中有多个手机号码，请只填一个。"))
    digits = re.sub(r"[ \-()]", "", text.removesuffix(".0").lstrip("'’"))
    digits = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", digits)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    if re.fullmatch(r"(\+|00)(852|853|886)\d{8,9}", digits):
        return re.sub(r"^(\+|00)", "", digits)
    raise Complaint("phone_invalid", _("手机号码不是 11 位手机号，请核对。"))


def read_yes(*own: str) -> Callable[[Any, datetime.date], bool | None]:
    """Return a reader of yes-or-no cells that also takes the words `own` for yes; blank is no."""

    def read(cell: Any, on: datetime.date) -> bool:
        text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "").lower()
        if text in YES or text in own:
            return True
        if not text or text in NO:
            return False
        raise Complaint("yes_unknown", _("“%s”无法识别，请填是或留空。") % text[:20])

    return read


def read_line(fieldname: str) -> Callable[[Any, datetime.date], str | None]:
    """Return a reader of a line of text no longer than the field takes."""

    def read(cell: Any, on: datetime.date) -> str | None:
        text = text_of(cell)
        if len(text) > LONGEST[fieldname]:
            raise Complaint("too_long", _("内容超过 %d 个字。") % LONGEST[fieldname])
        return text or None

    return read


READERS: dict[str, Callable[[Any, datetime.date], Any]] = {
    "number": read_line("number"),
    "name": read_name,
    "sex": read_sex,
    "ethnicity": read_ethnicity,
    "birth_month": read_birth_month,
    "parties": read_parties,
    "sector": read_line("sector"),
    "is_convenor": read_yes("召集人", "界别召集人"),
    "commissions": read_line("commissions"),
    "work": read_line("work"),
    "employer": read_line("work"),
    "post": read_line("work"),
    "phone": read_phone,
    "is_standing": read_yes("常委", "常务委员"),
    "note": read_line("note"),
    "street_group": read_line("sector"),
}

# Texts that are their own value, unless they say NOTHING: their reader need not be asked.
PLAIN = {
    name: re.compile(rf"[\u4e00-\u9fff\w]{USUAL_CHARACTERS}{{0,{LONGEST[longest] - 1}}}", re.ASCII)
    for name, longest in {
        "number": "number", "sector": "sector", "commissions": "commissions", "note": "note",
        "work": "work", "employer": "work", "post": "work", "street_group": "sector",
    }.items()
} | {
    "name": re.compile(r"[\u4e00-\u9fff]{2,60}"),
    "phone": re.compile(r"1[3-9]\d{9}", re.ASCII),
}  # fmt: skip
