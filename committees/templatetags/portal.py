"""Template tags and filters of the house's look; docs/look.md shows each with its component."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.sealed import masked_phone as masked
from committees.spans import in_words

register = template.Library()

SPRITE = "vendor/icons-1.13.2.svg"
WEEKDAYS = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
)
TONES = {
    "late": "returned refused failed error overdue",
    "due": "with_convenor received checking signing proposed leaving warning to_pass with_unit"
    " waiting refusing extending submitted invited leave_asked",
    "info": "editing changed draft_summary new answered handling evaluating following filed",
    "ok": "issued closed adopted approved frozen active unchanged done concluded enrolled present",
    "quiet": "draft withdrawn joined not_filed merged shelved offline ended taken_back",
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One icon of the sprite (names: static/vendor/icons.txt), hidden from screen readers."""
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static(SPRITE),
        name,
    )


@register.simple_tag
def pill(label: Any, tone: str = "quiet") -> SafeString:
    """A state in one word. `tone` is late, due, info, ok or quiet, or a status word of a row."""
    return format_html(
        '<span class="pill" data-tone="{}">{}</span>', TONE_OF.get(tone, tone), label
    )


@register.filter
def tone(status: str) -> str:
    """The tone of a status word (opinion, summary, import row); unknown words are quiet."""
    return TONE_OF.get(str(status), "quiet")


@register.filter
def name(value: Any) -> str:
    """A person's name for lists and tables: two characters are set apart, 王伟 → 王　伟.

    A masked name (王*) stays as it is.
    """
    text = str(value)
    return f"{text[0]}\u3000{text[1]}" if len(text) == 2 and "*" not in text else text


@register.filter
def masked_phone(value: str | None) -> str:
    """138****1234; empty stays empty."""
    return masked(value) if value else ""


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """11月22日, in Shanghai; with the year when it is not the present one."""
    if not value:
        return ""
    here = _local(value)
    is_this_year = here.year == timezone.localdate().year
    return date_format(here, _("n月j日") if is_this_year else _("Y年n月j日"))


@register.filter
def day_week(value: dt.date | dt.datetime | None) -> str:
    """11月22日 星期日."""
    return f"{day(value)} {WEEKDAYS[_local(value).weekday()]}" if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """11月22日 14:30, in Shanghai."""
    return f"{day(value)} {_local(value):%H:%M}" if value else ""


@register.filter
def span(value: Any) -> str:
    """`2022-01-12 起`, `2022-01-12 至 2026-03-09`."""
    return in_words(value)


@register.filter
def span_of_months(value: Any) -> str:
    """As papers of appointment say it: 自2025年3月起至2027年1月止 (the last month held)."""
    start = _("%(year)s年%(month)s月") % {"year": value.lower.year, "month": value.lower.month}
    if value.upper is None:
        return _("自%(start)s起") % {"start": start}
    last = value.upper - dt.timedelta(days=1)
    end = _("%(year)s年%(month)s月") % {"year": last.year, "month": last.month}
    return _("自%(start)s起至%(end)s止") % {"start": start, "end": end}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """`{% crumbs "社情民意" list_url "第12号" %}`: labels and addresses, then a label."""
    links = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"links": links, "here": parts[-1]}


@register.inclusion_tag("components/steps.html")
def steps(done: int, labels: str, current: str = "") -> dict[str, Any]:
    """A progress line: `labels` parted by `|`, the first `done` of them reached."""
    named = labels.split("|")
    return {
        "steps": [(label, place < done) for place, label in enumerate(named)],
        "done": done,
        "total": len(named),
        "current": current or (named[done - 1] if 0 < done <= len(named) else ""),
    }


CONTROL_CLASS = (
    (
        (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput),
        "form-check-input",
    ),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@register.filter
def control(field: BoundField, attrs: str = "") -> SafeString:
    """The form control with the house's classes; Django adds id, required and aria-*.

    `attrs` adds more as `rows=6|placeholder=谁、什么事`.
    """
    widget = field.field.widget
    css = next(css for kinds, css in CONTROL_CLASS if isinstance(widget, kinds))
    own = widget.attrs.get("class", "")
    broken = " is-invalid" if field.errors else ""
    more = dict(pair.partition("=")[::2] for pair in attrs.split("|") if pair)
    return field.as_widget(attrs={"class": f"{css} {own}".strip() + broken, **more})


@register.filter
def kind(field: BoundField) -> str:
    """How field.html lays a field out: check, chips, checks, file or line."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "chips"
    return "file" if isinstance(widget, forms.FileInput) else "line"


@register.filter
def is_asked(form: forms.BaseForm) -> bool:
    """Whether a filter's form narrows its list: something visible in it is filled in."""
    return any(field.data for field in form.visible_fields())
