"""A county report in Chromium: signed, sent on, adopted by the city, back on its author's page."""

from __future__ import annotations

import pytest

from committees.models import Level
from liaison_portal.founding import lay_samples
from notices.models import Notice
from opinions.models import Opinion, Status
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "关于修复临溪老桥的建议"


@pytest.fixture
def committees(transactional_db):
    city = make.committee(slug="city", place="云川市")
    county = make.committee(slug="county", place="临溪县", level=Level.COUNTY, parent=city)
    for committee in (city, county):
        lay_samples(committee)
    return city, county


def officer(phone_of, committee, *roles):
    """One person of the office with these roles, signed in on a desk."""
    person = make.user()
    for role in roles:
        make.appointment(person, role, committee)
    phone = phone_of(f"{committee.slug}-{roles[0]}", width=1280)
    phone.sign_in(person)
    return person, phone


def test_county_report_sent_on_adopted_and_told(committees, phone_of):
    city, county = committees
    author = make.member(committee=county)
    clerk_user, clerk = officer(phone_of, county, "clerk")
    _signer_user, county_signer = officer(phone_of, county, "signer")
    report = make.opinion(author=author, status=Status.SIGNING, title=TITLE)
    own = f"/county/opinions/{report.pk}/"

    county_signer.open(own)
    county_signer.ask("签发")
    clerk.open(own + "outcomes/")
    clerk.ask("报送")
    assert "已送达" in clerk.text

    sent = Opinion.objects.get(source=report)
    above = f"/city/opinions/{sent.pk}/"
    _editor_user, editor = officer(phone_of, city, "editor")
    _checker_user, checker = officer(phone_of, city, "checker")
    _city_signer_user, signer = officer(phone_of, city, "signer")
    editor.open("/city/opinions/review/")
    assert TITLE in editor.text and county.name in editor.text
    editor.open(above)
    editor.ask("编辑")
    editor.press("保存编辑稿")
    editor.open(above)
    editor.ask("送核稿")
    checker.open(above)
    checker.ask("核稿通过")
    signer.open("/city/opinions/issues/sign/")
    signer.page.get_by_label(TITLE).check()
    signer.press("签发")
    assert "第1期" in signer.text and TITLE in signer.text
    signer.open(f"/city/opinions/issues/{Opinion.objects.get(pk=sent.pk).issue_id}/paper/")

    member = phone_of("author")
    member.sign_in(author.user)
    member.open(own + "outcomes/")
    assert "市级采用" in member.text and city.name in member.text and "已采用" in member.text
    member.open(own)
    assert "已被上级政协采用" in member.text
    told = set(Notice.objects.filter(committee=county).values_list("kind", "recipient"))
    assert told == {
        ("opinion_issued", author.user.pk),
        ("opinion_adopted", author.user.pk),
        ("opinion_adopted_above", clerk_user.pk),
    }
