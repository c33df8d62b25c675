"""Every address of the admin × GET and POST × every role: opened or refused, as declared.

Refused is 403, 404, or being sent to a sign-in page or the admin's front page: how the admin says
no differs, that it says no is what counts. Only a day of the calendar may be deleted.
"""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from committees.models import Session
from tests.addresses import ANONYMOUS, Crowd, names
from tests.world import build

pytestmark = pytest.mark.crawl

CLERK = {"clerk"}
# Everybody else in the city is at the door like these.
AT_THE_DOOR = {ANONYMOUS, "nobody", "member", "convenor", "editor", "handler"}
STAFF = {"clerk", "auditor", "sysadmin", "secadmin", "stranger_clerk"}

# Model → who reads its rows, who adds one, who changes one. Workflow rows are read-only.
TABLE: dict[str, tuple[set[str], set[str], set[str]]] = {
    "committees_committee": ({"clerk", "sysadmin"}, set(), {"sysadmin"}),
    "committees_user": ({"clerk", "sysadmin", "secadmin"}, {"sysadmin"}, {"sysadmin"}),
    "committees_auditentry": ({"auditor"}, set(), set()),
    "committees_appointment": (
        {"clerk", "sysadmin", "secadmin", "auditor"},
        {"sysadmin", "secadmin"},
        set(),
    ),
    **dict.fromkeys(
        [
            *[f"committees_{name}" for name in ("term", "session", "category", "theme", "unit")],
            "committees_workday",
            *[f"sectors_{name}" for name in ("sector", "commission", "streetgroup")],
            *[f"sectors_{name}" for name in ("responsibility", "posting")],
            "sectors_liaisongroup",
            "sectors_supervisiongroup",
            "members_member",
            "contacts_channel",
            "contacts_occasion",
            "contacts_target",
            "workrooms_workroom",
            "workrooms_standard",
            "workrooms_publiclimit",
            "opinions_replyclass",
            "opinions_referralrule",
            "activities_activity",
            "notices_rulecategory",
        ],
        (CLERK, CLERK, CLERK),
    ),
    "members_delegate": (CLERK, CLERK, set()),
    "sectors_leadercontact": (CLERK, CLERK, set()),
    "sectors_rosterimport": (CLERK, set(), set()),
    "opinions_opinion": (CLERK, set(), set()),
    "opinions_issue": (CLERK, set(), set()),
}
DELETERS = {"committees_workday": CLERK}
# Dated deeds beside the four pages of a model: who may open them.
DEEDS = {
    "members_member": {
        **dict.fromkeys(["move_sector", "begin_convening", "end_convening"], CLERK),
        **dict.fromkeys(["begin_standing", "end_standing", "release", "slip"], CLERK),
    },
    "members_delegate": {"end": CLERK},
    "sectors_leadercontact": {"end": CLERK},
    "committees_appointment": {"end": {"sysadmin", "secadmin"}},
    "workrooms_workroom": dict.fromkeys(
        ["add_member", "appoint_keeper", "end_member", "close", "reopen"], CLERK
    ),
}
# Pages of the whole admin: who opens them by GET, and by POST.
PAGES = {
    "index": (STAFF, STAFF),
    "search": (STAFF, STAFF),
    "app_list": ({"clerk", "stranger_clerk"}, {"clerk", "stranger_clerk"}),
    "jsi18n": (STAFF, set()),
    "autocomplete": (set(), set()),
    "view_on_site": (set(), set()),
    "password_change_done": (STAFF, set()),
    # These three lead to the portal's own pages of the same kind, whoever asks.
    "login": (set(), set()),
    "logout": (STAFF | AT_THE_DOOR - {ANONYMOUS}, set()),
    "password_change": (set(), set()),
}
KWARGS = {
    "app_list": {"app_label": "members"},
    "view_on_site": {"content_type_id": 1, "object_id": 1},
}


def declared_names() -> set[str]:
    pages = {f"admin:{page}" for page in PAGES}
    four = ("changelist", "add", "change", "history", "delete")
    pages |= {f"admin:{model}_{page}" for model in TABLE for page in four}
    return pages | {f"admin:{model}_{deed}" for model, deeds in DEEDS.items() for deed in deeds}


def test_every_admin_address_is_declared():
    assert set(names(is_admin=True)) == declared_names()


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        term = world.cast.city.terms.get()
        day = term.span.lower
        Session.objects.create(term=term, kind="plenary", ordinal=1, starts_on=day, ends_on=day)
        crowd = Crowd(world).join(sorted(STAFF | AT_THE_DOOR))
        with django_db_blocker.block():
            yield crowd
        transaction.set_rollback(True)


def row_of(crowd, model: str):
    """A row of the city's, of the kind an address is about."""
    cast, kind = crowd.world.cast, apps.get_model(*model.split("_"))
    if model == "committees_committee":
        return cast.city
    if model == "committees_user":
        return cast.member
    if model == "members_member":
        return cast.member_of("member")
    if model == "opinions_opinion":
        return crowd.world["e_with_convenor"]
    if model == "committees_appointment":
        return cast.editor.appointments.get()
    by_term = {"term__committee": cast.city}
    where = by_term if model == "committees_session" else {"committee": cast.city}
    return kind._default_manager.filter(**where).order_by("pk").first()


def is_opened(answer: HttpResponse) -> bool:
    """200, or sent on after a deed to a page of the same rows."""
    assert answer.status_code in {200, 302, 403, 404, 405}
    if answer.status_code != 302:
        return answer.status_code == 200
    where = answer["Location"].partition("?")[0]
    return where not in {"/", "/admin/", "/admin/login/", "/accounts/login/"} and not (
        where.startswith(("/admin/members/member/", "/accounts/"))
    )


def opened(crowd, method: str, path: str) -> set[str]:
    return {who for who, answer in crowd.ask_all(method, path).items() if is_opened(answer)}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", sorted(PAGES))
def test_page_of_the_admin(crowd, db, page, method):
    path = reverse(f"admin:{page}", kwargs=KWARGS.get(page, {}))
    assert opened(crowd, method, path) == PAGES[page][method == "post"]


def with_strangers(people: set[str]) -> set[str]:
    """The stranger's clerk does in that committee what the city's does here."""
    return people | {"stranger_clerk"} if "clerk" in people else people


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("model", sorted(TABLE))
def test_model_in_the_admin(crowd, db, model, method):
    readers, adders, changers = TABLE[model]
    pk = [row_of(crowd, model).pk]
    expected = {
        "changelist": (with_strangers(readers), []),
        "add": (with_strangers(adders), []),
        "history": (readers, pk),
        "change": (readers if method == "get" else changers, pk),
        "delete": (DELETERS.get(model, set()), pk),
    }
    seen = {
        page: opened(crowd, method, reverse(f"admin:{model}_{page}", args=args))
        for page, (_, args) in expected.items()
    }
    assert seen == {page: people for page, (people, _) in expected.items()}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("model", "deed"), [(model, deed) for model in sorted(DEEDS) for deed in DEEDS[model]]
)
def test_deed_in_the_admin(crowd, db, model, deed, method):
    path = reverse(f"admin:{model}_{deed}", args=[row_of(crowd, model).pk])
    assert opened(crowd, method, path) == DEEDS[model][deed]


LINK = re.compile(r'href="(/admin/[^"#?]+)')
ICON = re.compile(r'<span class="material-symbols[^>]*>[^<]*</span>')
LABEL = re.compile(r"<(label|th)\b[^>]*>(.*?)</\1>|(placeholder)=\"([^\"]*)\"", re.DOTALL)


def pages_of(who: str, crowd) -> list[str]:
    """Every list this person reads, and a row of each."""
    mine = [model for model, (readers, _, _) in TABLE.items() if who in readers]
    rows = [reverse(f"admin:{model}_change", args=[row_of(crowd, model).pk]) for model in mine]
    return rows + [reverse(f"admin:{model}_changelist") for model in mine]


@pytest.mark.parametrize("who", sorted(STAFF - {"stranger_clerk"}))
def test_no_link_in_the_admin_is_refused(crowd, db, who):
    """Whoever may look at a row finds no link on it that says no."""
    links = {
        link: page
        for page in pages_of(who, crowd)
        for link in LINK.findall(crowd.ask(who, "get", page).content.decode())
    }
    refused = {
        link: page for link, page in links.items() if not is_opened(crowd.ask(who, "get", link))
    }
    assert refused == {}


@pytest.mark.parametrize("who", sorted(STAFF - {"stranger_clerk"}))
def test_the_admin_labels_everything_in_chinese(crowd, db, who):
    found = set()
    for page in pages_of(who, crowd):
        html = ICON.sub("", crowd.ask(who, "get", page).content.decode())
        for _tag, label, _attribute, placeholder in LABEL.findall(html):
            text = " ".join(re.sub(r"<[^>]+>", " ", label or placeholder).split())
            if re.fullmatch(r"[A-Za-z][A-Za-z .,']*", text):
                found.add((page, text))
    assert found == set()
