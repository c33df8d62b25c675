"""The demo accounts: who signs in under which name. The tests' cast is the same people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is invented; `what` says on the printed list what this person does."""

    sign_in_name: str
    name: str
    what: str


ACCOUNTS = (
    Account("clerk", "周文静", "机关工作人员"),
    Account("editor", "何思远", "编辑"),
    Account("checker", "罗秀兰", "核稿人"),
    Account("signer", "高建国", "签发人"),
    Account("commission", "梁晓东", "专委会办公室（教科卫体委员会）"),
    Account("leader", "孙国华", "主席会议成员"),
    Account("convenor", "许立新", "界别召集人（教育界）"),
    Account("convenor2", "韩志强", "界别召集人（工商联界）"),
    Account("member", "王晓燕", "委员（教育界）"),
    Account("member2", "李海峰", "委员（工商联界）"),
    Account("delegate", "赵小雨", "代办人（代王晓燕委员）"),
    Account("keeper", "吴秋菊", "工作室负责人"),
    Account("handler", "郑明辉", "承办单位经办人"),
    Account("liaison", "冯春生", "民情联络员"),
    Account("confidant", "曹玉梅", "专管人员"),
    Account("auditor", "彭正清", "审计管理员"),
    Account("sysadmin", "董卫平", "系统管理员"),
    Account("secadmin", "袁安宁", "安全管理员"),
    Account("countyclerk", "潘丽娟", "机关工作人员（县级）"),
)
BY_SIGN_IN_NAME = {account.sign_in_name: account for account in ACCOUNTS}
# Held by an appointment in the committee under the same word.
OFFICERS = [
    "clerk",
    "editor",
    "checker",
    "signer",
    "leader",
    "confidant",
    "auditor",
    "sysadmin",
    "secadmin",
]
