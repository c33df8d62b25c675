"""Fingerprints, secondings, requests to read and category models for tests."""

from __future__ import annotations

from typing import Any

import numpy
from django.utils import timezone

from committees.models import Committee
from opinions import categories
from opinions.actions.fingerprints import sweep_fingerprints
from opinions.models import CategoryModel, Opinion, ReadRequest, Seconding, Status
from tests import make

STREETLAMPS = (
    "望川街道老旧小区路灯损坏较多，夜间出行不便，近三个月已有五位老人在台阶处摔倒。居民多次向物业反映，"
    "因公共维修资金动用程序复杂，一直没有修复。建议由街道牵头排查无灯路段，明确管护单位和维修时限。"
)
SCHOOLS = (
    "城东片区小学周边停车位不足，上下学时段家长车辆占道停放，校门前的斑马线被堵，孩子只能在车流中穿行。"
    "现有临时停车场离校门较远，标识也不清楚。希望交警部门会同学校错峰放学，划定即停即走区。"
)


def report(text: str = STREETLAMPS, **over: Any) -> Opinion:
    """Sent to the convenor, unless `status=`; the text is its situation. Fingerprints: `swept`."""
    over.setdefault("status", Status.WITH_CONVENOR)
    return make.opinion(situation=text, **over)


def swept(*committees: Committee) -> None:
    for committee in committees:
        sweep_fingerprints(committee)


def seconding(**over: Any) -> Seconding:
    """By a new member of the report's committee, without words."""
    row = over.pop("opinion", None) or report()
    member = over.pop("member", None) or make.member(committee=row.committee)
    values = {"committee": row.committee, "at": timezone.now(), "by": member.user}
    return Seconding.objects.create(opinion=row, member=member, **values | over)


def read_request(**over: Any) -> ReadRequest:
    """Asked by a new member of the report's committee, not answered."""
    row = over.pop("opinion", None) or report()
    member = over.pop("member", None) or make.member(committee=row.committee)
    values = {"committee": row.committee, "asked_at": timezone.now(), "asked_by": member.user}
    return ReadRequest.objects.create(opinion=row, member=member, **values | over)


def category_model(**over: Any) -> CategoryModel:
    """Of two new categories; every text is of the first."""
    belongs = over.pop("committee", None) or make.committee()
    if "categories" not in over:
        over["categories"] = [make.category(committee=belongs).pk for _ in range(2)]
    weights = numpy.zeros((categories.FEATURES + 1, len(over["categories"])))
    weights[categories.FEATURES, 0] = 1
    values = {
        "weights": categories.packed(weights),
        "texts": 240,
        "held_out": 48,
        "accuracy": 0.875,
        "trained_at": timezone.now(),
    }
    return CategoryModel.objects.create(committee=belongs, **values | over)
