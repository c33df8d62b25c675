"""Pinyin of names, for finding people by initials or syllables typed on a Latin keyboard.

A surname is read as surnames are (曾 zēng, 单 shàn); in a given name the characters with two common
readings give both, stored with a blank between, so that either finds the person.
"""

from functools import cache
from itertools import islice, product

from pypinyin import Style, lazy_pinyin

from members.name_order import ranked_characters

# Readings as surnames; where families differ, all of them, the commoner first.
SURNAMES = {
    "曾": ["zeng"], "单": ["shan"], "解": ["xie"], "区": ["ou"], "查": ["zha"], "仇": ["qiu"],
    "朴": ["piao"], "任": ["ren"], "盖": ["ge", "gai"], "华": ["hua"], "尉": ["wei"],
    "翟": ["zhai", "di"], "乐": ["yue", "le"], "宓": ["mi"], "缪": ["miao"], "覃": ["qin", "tan"],
    "召": ["shao"], "晟": ["cheng"], "折": ["she"], "员": ["yun"], "贠": ["yun"], "洗": ["xian"],
    "冼": ["xian"], "黑": ["he"], "盛": ["sheng"], "葛": ["ge"], "纪": ["ji"], "祭": ["zhai"],
    "谌": ["chen", "shen"], "句": ["gou"], "逄": ["pang"], "秘": ["bi"], "种": ["chong"],
    "重": ["chong"], "卜": ["bu"], "不": ["fou"], "俞": ["yu"], "隗": ["wei", "kui"],
    "郗": ["xi", "chi"], "沈": ["shen"], "石": ["shi"], "长": ["zhang"], "仉": ["zhang"],
    "能": ["nai"], "宁": ["ning"], "车": ["che"], "曲": ["qu"], "都": ["du"], "万": ["wan"],
    "乜": ["nie"], "佴": ["nai"], "适": ["kuo"], "哈": ["ha"], "干": ["gan"], "过": ["guo"],
    "柏": ["bai"], "薄": ["bo"], "燕": ["yan"], "应": ["ying"], "訾": ["zi"], "郇": ["xun", "huan"],
    "殷": ["yin"], "隽": ["juan"], "莘": ["shen", "xin"], "行": ["xing"], "繁": ["po"],
    "尹": ["yin"], "么": ["yao"], "褚": ["chu"], "炅": ["gui"], "强": ["qiang"], "卞": ["bian"],
}  # fmt: skip
LONG_SURNAMES = {
    "万俟": ["mo", "qi"], "尉迟": ["yu", "chi"], "单于": ["chan", "yu"],
    "长孙": ["zhang", "sun"], "澹台": ["tan", "tai"], "令狐": ["ling", "hu"],
    "鲜于": ["xian", "yu"], "夏侯": ["xia", "hou"],
}  # fmt: skip
GIVEN = {
    "长": ["chang", "zhang"], "重": ["chong", "zhong"], "朝": ["chao", "zhao"],
    "乐": ["le", "yue"], "行": ["xing", "hang"], "曾": ["zeng", "ceng"], "单": ["dan", "shan"],
    "盛": ["sheng", "cheng"], "晟": ["sheng", "cheng"], "藏": ["cang", "zang"],
    "茜": ["xi", "qian"], "娜": ["na", "nuo"], "传": ["chuan", "zhuan"], "强": ["qiang"],
    "柏": ["bai", "bo"], "尉": ["wei", "yu"], "蔚": ["wei", "yu"], "莘": ["xin", "shen"],
    "筠": ["yun", "jun"], "琢": ["zhuo", "zuo"], "校": ["xiao", "jiao"], "奇": ["qi", "ji"],
    "仔": ["zi", "zai"], "会": ["hui", "kuai"], "参": ["can", "shen"], "宿": ["su", "xiu"],
    "乘": ["cheng", "sheng"], "省": ["sheng", "xing"], "降": ["jiang", "xiang"],
    "缪": ["miao", "mou"], "俊": ["jun"], "隽": ["jun", "juan"], "臧": ["zang"],
    "炅": ["jiong", "gui"], "都": ["du", "dou"], "车": ["che", "ju"], "系": ["xi", "ji"],
    "率": ["shuai", "lv"], "卜": ["bu", "bo"], "曲": ["qu"], "薄": ["bo", "bao"],
    "大": ["da"], "谌": ["chen", "shen"], "折": ["zhe", "she"], "恪": ["ke"], "玥": ["yue"],
}  # fmt: skip
SEARCH_LENGTH = 200  # characters of what is stored for the search
LONGEST = 8  # readings kept of one name; more would only blur the search


def pinyin_initials(name: str) -> str:
    """Return the initials of `name`, e.g. "zsf"; several readings parted by blanks."""
    return " ".join(dict.fromkeys("".join(s[0] for s in way) for way in _readings(name)))


def pinyin_full(name: str) -> str:
    """Return the syllables of `name` joined, e.g. "zengshufen"; several readings by blanks."""
    return " ".join(dict.fromkeys("".join(way) for way in _readings(name)))


def pinyin_search(name: str) -> str:
    """Return what is stored for finding `name`: initials, then full readings, whole words only."""
    ways = _readings(name)
    initials = dict.fromkeys("".join([s[0] for s in way]) for way in ways)
    words = " ".join((*initials, *dict.fromkeys(map("".join, ways))))
    return words if len(words) <= SEARCH_LENGTH else words[:SEARCH_LENGTH].rpartition(" ")[0]


def _readings(name: str) -> list[tuple[str, ...]]:
    """Return every likely reading as its syllables, the commonest first, at most `LONGEST`."""
    chars = ranked_characters(name)
    if not chars:
        return []
    surname = chars[:2] if chars[:2] in LONG_SURNAMES else chars[0]
    if surname in LONG_SURNAMES:
        ways = [[one] for one in LONG_SURNAMES[surname]]
    else:
        ways = [SURNAMES.get(surname) or _spelt(surname)]
    ways += [GIVEN.get(char) or _spelt(char) for char in chars[len(surname) :]]
    return list(islice(product(*ways), LONGEST))


@cache
def _spelt(char: str) -> list[str]:
    """Return the usual reading in lower-case ASCII (ü as v); a Latin letter or digit as itself."""
    syllable = lazy_pinyin(char, style=Style.NORMAL, errors=lambda rest: rest.lower(), v_to_u=False)
    plain = [one for one in syllable if one.isascii() and one.isalnum()]
    return plain[:1] or ["?"]
