"""Invented people; nobody of them exists."""

import datetime
import random
from dataclasses import dataclass, replace

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰秀珍辉鹏飞"
SECTORS = ["中共", "民革", "民盟", "教育", "科学技术", "工商联", "体育"]
COMMISSIONS = ["提案委员会", "经济委员会", "文化文史和学习委员会"]
PARTIES = [("cpc",), ("rcck",), ("cdl",), ("cpc", "cdl"), ("cpc", "cndca"), ("masses",)]
ETHNICITIES = ["汉族", "汉族", "汉族", "回族", "满族", "土家族"]


@dataclass(frozen=True)
class Person:
    """The truth about one member."""

    name: str
    sex: str
    ethnicity: str
    born: datetime.date
    parties: tuple[str, ...]
    sector: str
    is_convenor: bool
    is_standing: bool
    commission: str
    work: str
    phone: str


def invented(rng: random.Random, count: int, start: int = 0) -> list[Person]:
    """People in the order of their sectors, at most three convenors each, no two names alike."""
    names = [f"{first}{second}{third}" for first in SURNAMES for second in GIVEN for third in GIVEN]
    people = []
    for at, name in enumerate(rng.sample(names, count), start=start):
        short = name[:2] if rng.random() < 0.3 else name
        people.append(
            Person(
                name=short if all(one.name != short for one in people) else name,
                sex=rng.choice(["male", "female"]),
                ethnicity=rng.choice(ETHNICITIES),
                born=datetime.date(rng.randrange(1950, 1995), rng.randrange(1, 13), 1),
                parties=rng.choice(PARTIES),
                sector="",
                is_convenor=False,
                is_standing=rng.random() < 0.3,
                commission=rng.choice(["", *COMMISSIONS]),
                work=f"某{rng.choice('甲乙丙丁')}单位{rng.choice(['主任', '校长', '工程师'])}",
                phone=f"139{rng.randrange(10_000):04d}{at:04d}",
            )
        )
    sectors = sorted((SECTORS[at % 4] for at in range(count)), key=SECTORS.index)
    people = [replace(one, sector=name) for one, name in zip(people, sectors, strict=True)]
    first: set[str] = set()
    seated = []
    for one in people:
        seated.append(replace(one, is_convenor=one.sector not in first))
        first.add(one.sector)
    return seated


def key(one: Person) -> str:
    """Namesakes exist: name and phone together name one person."""
    return f"{one.name} {one.phone}"


def truth(one: Person) -> dict[str, object]:
    """What the database must hold of somebody; `commissions` maps name → duty."""
    return {
        "sex": one.sex,
        "ethnicity": one.ethnicity,
        "born": one.born.isoformat(),
        "parties": list(one.parties),
        "sector": one.sector,
        "is_convenor": one.is_convenor,
        "is_standing": one.is_standing,
        "commissions": {one.commission: "member"} if one.commission else {},
        "work": one.work,
        "phone": one.phone,
        "street": None,
    }
