"""Invented names: common surnames and given names, drawn so that nobody is a real person."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤"
)
LONG_SURNAMES = ("欧阳", "上官", "司马", "诸葛")
MALE = (
    "伟 强 磊 军 勇 杰 涛 明 超 刚 平 辉 鹏 斌 波 浩 宇 凯 健 俊 建华 建国 志强 志远 国强 国栋 "
    "文斌 文博 海涛 海峰 晓东 晓峰 永平 永康 立新 立军 思远 思源 振华 振宇 春生 春林 家豪 家明 "
    "正清 正阳 学文 学军 长青 长河 景行 景明 承志 承平 德明 德才 宏图 宏伟 一鸣 子昂 卫东 卫平"
).split()
FEMALE = (
    "芳 娜 敏 静 丽 艳 娟 霞 燕 玲 婷 慧 莹 琳 洁 梅 颖 云 雪 倩 秀英 秀兰 桂英 桂芳 玉梅 玉兰 "
    "丽华 丽娟 晓燕 晓梅 小红 小雨 文静 文慧 雅琴 雅芳 思琪 思敏 春燕 春华 秋菊 秋月 冬梅 海燕 "
    "淑珍 淑芬 美玲 美华 佳慧 佳宁 月华 月明 红霞 红梅 安宁 安琪 若兰 若溪 明珠 明霞 婉清 静怡"
).split()


class NameBook:
    """Gives out names, each once; a drawn name that was given before is drawn anew."""

    def __init__(self, rng: random.Random, taken: set[str]) -> None:
        self.rng = rng
        self.taken = set(taken)

    def take(self, *, is_female: bool) -> str:
        while True:
            name = self._surname() + self.rng.choice(FEMALE if is_female else MALE)
            if name not in self.taken:
                self.taken.add(name)
                return name

    def any(self) -> str:
        return self.take(is_female=self.rng.random() < 0.5)

    def _surname(self) -> str:
        if self.rng.random() < 0.01:
            return self.rng.choice(LONG_SURNAMES)
        # The front of the list stands for the commonest surnames: drawn more often.
        place = min(self.rng.randrange(len(SURNAMES)), self.rng.randrange(len(SURNAMES)))
        return SURNAMES[place]
