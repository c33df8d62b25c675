"""打印与导出: what stands there opens, and what a person may not open does not stand there."""

import pytest

from tests.budgets import costs

PAGE = "/city/printing/"


def links(answer):
    return {link.label: link.url for group in answer.context["groups"] for link in group.links}


@pytest.mark.parametrize(
    "who", ["clerk", "editor", "leader", "commission", "keeper", "member", "convenor", "handler"]
)
def test_every_link_opens_for_whom_it_is_shown(cast, client_of, who):
    client = client_of(who)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    told = links(answer)
    assert {"按界别", "桌签", "委员统计", "值班表"} <= set(told)
    refused = {label: url for label, url in told.items() if client.get(url).status_code != 200}
    assert refused == {}
    assert all(group.links for group in answer.context["groups"])


def test_who_is_offered_what(cast, client_of):
    told = {who: set(links(client_of(who).get(PAGE))) for who in ("clerk", "leader", "member")}
    inside = {"通讯录", "社情民意信息登记表", "年度归档", "签到表、请假名单", "转办单、催办函"}
    clerks = {"委员名册", "打印登录凭条", "聘书", "公示名单", "标牌", "接待登记簿、工作台账"}
    issued = {"各期《社情民意信息》", "采用情况", "采用情况统计表"}
    assert told["clerk"] - told["leader"] == inside | clerks
    assert told["leader"] - told["member"] == issued
    assert told["member"] < told["leader"] < told["clerk"]


def test_it_is_reached_from_the_start_page(cast, client_of):
    for who in ("clerk", "editor", "leader", "commission", "keeper"):
        assert PAGE in client_of(who).get("/city/desk/").content.decode()


def test_it_costs_no_rows(cast, client_of):
    client = client_of("clerk")
    client.get(PAGE)
    with costs(5):
        client.get(PAGE)
