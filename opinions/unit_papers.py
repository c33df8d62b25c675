"""Papers to a unit: the 转办单, the urging letter (催办函), and the 复函 it only has to fill in."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable

from django.utils import timezone

from committees.official_document import Letter, Paragraph, letter_docx
from opinions.models import Referral, Urging

NO_CONTACT = "承办单位如需联系群众，请与机关联系，不要自行查访。"
ALL_NAME = "转办单和复函"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def order(referral: Referral) -> Letter:
    """The committee's letter to the unit, with the code by which a scan finds its row."""
    committee = referral.committee
    lines = [
        Paragraph("现将以下事项商请贵单位研究办理。"),
        Paragraph(f"一、{referral.title}", "h1"),
        *_paragraphs(referral.text),
    ]
    if referral.request:
        lines += [Paragraph("二、商请事项", "h1"), *_paragraphs(referral.request)]
    lines.append(Paragraph(_times(referral)))
    if referral.reception_id:
        lines.append(Paragraph(NO_CONTACT))
    return Letter(
        sender=committee.office_name,
        number=referral.label,
        addressee=referral.answering_unit.name,
        title=f"关于转办“{referral.title}”的函",
        paragraphs=lines,
        signature=committee.office_name,
        signed_on=referral.referred_on,
        code=referral.code,
    )


def urging(row: Urging) -> Letter:
    """The numbered letter that asks again; the office's words stand in it."""
    referral = row.referral
    committee = referral.committee
    kind = row.get_kind_display()
    lines = [
        Paragraph(
            f"{_day(referral.referred_on)}转请贵单位办理的“{referral.title}”（{referral.label}），"
            f"办理期限为{_day(referral.due_on)}，目前尚未收到答复。"
        ),
        *_paragraphs(row.words),
        Paragraph("请抓紧研究办理，并将办理情况函复我机关。"),
    ]
    return Letter(
        sender=committee.office_name,
        number=f"{kind}〔{row.year}〕{row.number}号",
        addressee=referral.owner.name,
        title=f"关于{kind}“{referral.title}”的函",
        paragraphs=lines,
        signature=committee.office_name,
        signed_on=timezone.localdate(row.at),
        code=referral.code,
    )


def reply(referral: Referral) -> Letter:
    """The unit's answer, prefilled: number and date are left blank, the code is printed."""
    unit = referral.answering_unit.name
    began = f"贵机关{_day(referral.referred_on)}转来的“{referral.title}”（{referral.label}）收悉。"
    return Letter(
        sender=unit,
        number="　　　〔　　　〕　　号",
        addressee=referral.committee.office_name,
        title=f"关于“{referral.title}”的复函",
        paragraphs=[
            Paragraph(f"{began}现将办理情况函复如下："),
            Paragraph("一、办理情况", "h1"),
            Paragraph("（请填写）"),
            Paragraph("二、办理结果分类和计划时间", "h1"),
            Paragraph("（请填写办理结果分类；列入计划的，请写明计划时间，或暂无明确时间的理由）"),
        ],
        signature=unit,
        code=referral.code,
        contact="联系人：　　　　　　　联系电话：　　　　　　　",
    )


def urging_name(row: Urging) -> str:
    return f"{row.get_kind_display()}函 {row.year}-{row.number}.docx"


def order_name(referral: Referral) -> str:
    return f"转办单 {referral.label}"


def reply_name(referral: Referral) -> str:
    return f"复函（模板） {referral.label}"


def zipped(referrals: Iterable[Referral]) -> bytes:
    """One folder an item, in the order given."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in referrals:
            title = _NOT_IN_NAMES.sub("", row.title)[:30].strip(" .")
            folder = f"{row.due_on:%Y-%m-%d}到期 {row.label} {title}"
            archive.writestr(f"{folder}/{order_name(row)}.docx", letter_docx(order(row)))
            archive.writestr(f"{folder}/{reply_name(row)}.docx", letter_docx(reply(row)))
    return file.getvalue()


def _times(referral: Referral) -> str:
    return (
        f"请于{_day(referral.due_on)}前函复我机关。不属贵单位职责的，"
        f"请于{_day(referral.refuse_until)}前说明理由申请退办。"
    )


def _paragraphs(text: str) -> list[Paragraph]:
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
