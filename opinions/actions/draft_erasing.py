"""What a page left open keeps on saving of a report that went offline (转线下办理)."""

from __future__ import annotations

from committees.models import Draft
from opinions.models import Opinion, Referral, Status

KEPT = r"^opinions\.(write|edit|unit_reply):[0-9]{1,18}$"


def forget_drafts(opinion: Opinion) -> None:
    """What is being typed of one report now."""
    forms = [f"opinions.{name}:{opinion.pk}" for name in ("write", "edit")]
    Draft.objects.filter(committee=opinion.committee, form__in=forms).delete()


def forget_offline_drafts() -> int:
    """Delete what was typed of such a report, by author, office or unit; how many. Safe to run
    twice."""
    forms: dict[str, dict[int, str]] = {"report": {}, "referral": {}}
    for form in Draft.objects.filter(form__regex=KEPT).values_list("form", flat=True):
        name, pk = form.split(":")
        of = "referral" if name.endswith("unit_reply") else "report"
        forms[of].setdefault(int(pk), form)
    reports = {int(form.split(":")[1]) for form in forms["report"].values()}
    gone = Opinion.objects.filter(pk__in=reports, status=Status.OFFLINE)
    theirs = Referral.objects.filter(pk__in=forms["referral"], opinion__status=Status.OFFLINE)
    names = [
        f"opinions.{name}:{pk}"
        for pk in gone.values_list("pk", flat=True)
        for name in ("write", "edit")
    ]
    names += [f"opinions.unit_reply:{pk}" for pk in theirs.values_list("pk", flat=True)]
    return Draft.objects.filter(form__in=names).delete()[0]
