import datetime as dt

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from committees.templatetags import portal


def rendered(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("given", "shown"),
    [("王伟", "王　伟"), ("王建国", "王建国"), ("欧阳娜娜", "欧阳娜娜"), ("王*", "王*"), ("", "")],
)
def test_two_character_names_are_set_apart(given: str, shown: str) -> None:
    assert portal.name(given) == shown


@pytest.mark.parametrize(("given", "shown"), [("13900000001", "139****0001"), ("", ""), (None, "")])
def test_phones_are_masked(given: str | None, shown: str) -> None:
    assert portal.masked_phone(given) == shown


def test_days_are_shanghai_days_with_a_year_only_when_it_is_another() -> None:
    year = timezone.localdate().year
    late_evening_utc = dt.datetime(year, 11, 21, 18, 30, tzinfo=dt.UTC)
    assert portal.day(late_evening_utc) == "11月22日"
    assert portal.moment(late_evening_utc) == "11月22日 02:30"
    assert portal.day(dt.date(year - 1, 3, 1)) == f"{year - 1}年3月1日"
    assert portal.day(None) == portal.moment(None) == portal.day_week(None) == ""


def test_day_with_weekday() -> None:
    day = dt.date(2026, 11, 22)
    assert portal.day_week(day).endswith("11月22日 星期日")


@pytest.mark.parametrize(
    ("word", "tone"),
    [
        ("returned", "late"),
        ("with_convenor", "due"),
        ("editing", "info"),
        ("issued", "ok"),
        ("draft", "quiet"),
        ("no such word", "quiet"),
    ],
)
def test_each_status_has_one_tone(word: str, tone: str) -> None:
    assert portal.tone(word) == tone


def test_pill_takes_a_tone_or_a_status_word_and_escapes() -> None:
    assert rendered("{% pill text 'issued' %}", text="<b>") == (
        '<span class="pill" data-tone="ok">&lt;b&gt;</span>'
    )
    assert 'data-tone="late"' in rendered("{% pill '超期' 'late' %}")


def test_progress_line_says_how_far_in_words() -> None:
    html = rendered("{% steps 3 '提交|界别初核|机关编辑|签发' %}")
    assert html.count('class="on"') == 3
    assert "进度：机关编辑，共 4 步，完成 3 步" in html


def test_crumbs_link_all_but_the_last() -> None:
    html = rendered("{% crumbs '界别' '/city/sectors/' '教育界' %}")
    assert '<a href="/city/sectors/">界别</a>' in html
    assert "教育界</li>" in html


REQUIRED = "该字段是必填项。"


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", help_text="一事一报")
    channel = forms.ChoiceField(label="渠道", choices=[("a", "走访座谈")], widget=forms.RadioSelect)
    category = forms.ChoiceField(label="类别", choices=[("x", "经济")], required=False)
    is_direct = forms.BooleanField(label="直报机关", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_forms_come_in_the_house_look() -> None:
    html = str(SampleForm())
    assert '<div class="chips">' in html
    assert 'class="form-control"' in html
    assert 'class="form-select"' in html
    assert 'class="form-check-input"' in html
    assert 'aria-describedby="id_title_helptext"' in html
    assert html.count('type="hidden"') == 1


def test_a_form_with_errors_keeps_the_words_and_says_what_is_wrong_twice() -> None:
    html = str(SampleForm({"title": "", "channel": "b", "category": "x"}))
    assert html.count(REQUIRED) == 2  # at the top and beside the field
    assert 'href="#field-title"' in html
    assert 'aria-invalid="true"' in html
    assert '<option value="x" selected>' in html


def test_control_adds_attributes() -> None:
    assert 'placeholder="谁、什么事"' in portal.control(
        SampleForm()["title"], "placeholder=谁、什么事"
    )


@pytest.mark.parametrize(
    ("given", "asked"),
    [({}, False), ({"q": ""}, False), ({"of": "mine"}, False), ({"q": "王"}, True)],
)
def test_a_filter_says_when_something_is_asked_for(given: dict, asked: bool) -> None:
    class Filter(forms.Form):
        q = forms.CharField(required=False)
        of = forms.CharField(required=False, widget=forms.HiddenInput)

    assert portal.is_asked(Filter(given)) is asked
