"""工作单位及职务 is one text on the roster; lists by unit need the unit alone.

The unit is what stands before the post, in the first of several posts: 市教育局副局长 → 市教育局.
What the rule cannot tell apart stays as it is written and makes a unit of its own: nothing is
guessed, and every line shows the whole text anyhow.
"""

from __future__ import annotations

import re
from functools import lru_cache

PARTED = re.compile(r"[、，,;；。\s\u3000（(]")  # several posts; the first is the main one
WORDS = re.compile(r"\w+")
ENDINGS = WORDS.findall(
    """
    委员会 研究会 联合会 联合社 基金会 促进会 商会 协会 学会 公会 总会 分会 工会 妇联 侨联 科协
    文联 残联 工商联 台联 大队 支队 法院 检察院 院 大学 中学 小学 高中 初中 学校 党校 技校 幼儿园
    公园 产业园 软件园 公司 集团 银行 支行 分行 信用社 合作社 报社 社 中心 局 研究室 督查室 办公室
    办公厅 厅 统战部 宣传部 组织部 武装部 总队 站 台 馆 所 剧团 歌舞团 艺术团 厂 矿 农场 林场 书店
    酒店 饭店 药店 街道 办事处 政府 村委会 居委会 社区 镇 乡 村 寺 观 教堂 政协 人大 市委 区委
    县委 省委 州委 旗委 常委会 监委 纪委 海关 工作部 商行 一中 二中 三中 四中 五中 六中 会 办 园
    """
)
COMMITTEE = "(?<![党常主政员])委"  # 发改委, 卫健委, 团市委; not 党委, 常委, 主委, 政委
POSTS = WORDS.findall(
    """
    原 兼 首席 高级 主治 主任 主管 助理 副 总 书记 理事 监事 董事 秘书 经理 主席 主持 教授 讲师
    教师 教练 研究员 研究馆员 馆员 医师 医生 护士 药师 工程师 会计 律师 编辑 记者 导演 演员 画师
    画家 作家 编剧 合伙 驾驶 班组 负责 职员 员工 干部 工人 一级 二级 三级 四级 调研员 科员 代表
    畜牧师 农艺师 经济师 技师 住持 阿訇 牧师 方丈 道长 教长 传承人 教研组长 会员 委员 主委 政委
    农场主 检察长 检察官 法官 审判 专职 执行 财务 法定 创始 技术员 退休 离休 退役 支队长 大队长
    总队长 关长 局长 处长 科长 院长 所长 校长 园长 馆长 站长 台长 厂长 场长 店长 行长 社长 会长
    团长 队长 镇长 乡长 村长 部长 厅长 镇党 乡党
    """
)
# Posts that are so only where something else, or nothing, follows: 人大常委会 is one unit.
NARROWER = ["党(?!校)", "常委(?!会)", "常务(?!委员会)", "国家[一二三]级", "主$"]
NARROWER += [r"\w{2}教师", r"\w{2}员$", "CEO"]
LONGEST_FIRST = sorted(ENDINGS, key=len, reverse=True)
ENDS = re.compile(f"(?=({'|'.join([*LONGEST_FIRST, COMMITTEE])})(?!长))")
POST = re.compile("|".join([*POSTS, *NARROWER]))
FORMER = re.compile("^原(?=[市省区县州国])")
DEPARTMENT = re.compile(rf"\w{{0,8}}?(?:科|处|室|系|部|组|队|车间)(?:{'|'.join(POSTS)})")


@lru_cache(maxsize=4096)
def unit_of(work: str) -> str:
    """The unit in `work`; its first part as written where none can be told; nothing for nothing."""
    text = work.strip()
    first = FORMER.sub("", PARTED.split(text, maxsplit=1)[0]) or text
    ends = [found.end(1) for found in ENDS.finditer(first)]
    for follows in (POST, DEPARTMENT):  # a post first; a department only where no post follows
        for end in ends:
            if end == len(first) or follows.match(first, end):
                return first[:end]
    return first
