"""Every address × GET and POST × every person → the declared answer; an undeclared address fails.

The table names people for whom an answer differs; `...` is everybody else with a standing in the
city. Nobody else gets below `/city/`: anonymous people are sent to the door, others read 404.
"""

from __future__ import annotations

from types import EllipsisType

import pytest
from django.db import transaction
from django.utils import timezone

from activities.codes import sheet_code
from tests.addresses import ANONYMOUS, WITHOUT_SLUG, Crowd, names, path_of
from tests.test_visibility import CITY, IN_THE_HOUSE, KEEPS_IN_TOUCH, OFFICE, READERS
from tests.world import CANARY, build

# docs/glossary.md: words that mean something else here, or nothing (督办 belongs to proposals).
NEVER_SHOWN = ["积分", "打卡", "排名", "不采用", "拒绝", "用户", "工单", "督办", "上级单位"]
OUTSIDE = {"countyclerk", "countymember", "stranger_clerk", "stranger_member", "nobody"}
EVERYBODY = CITY | OUTSIDE | {ANONYMOUS}
# Who asks: one person a role, and both where a sector of their own makes a difference.
CROWD = EVERYBODY - {"member2", "countymember", "stranger_clerk"}
SIGNED_IN = CITY | OUTSIDE
MEMBERS = {"member", "member2", "convenor", "convenor2", "shielded", "shielded_convenor"}
WRITERS = MEMBERS | {"delegate"}
WRITERS_E = {"member", "delegate"}
CONVENORS = {"convenor", "convenor2", "shielded_convenor"}
SHIELDED = {"shielded", "shielded_convenor"}
EDITORS = {"clerk", "editor"}
PLATES = {"clerk", "keeper"}
SLIPS = {"clerk", "sysadmin", "secadmin"}
KEEPS = {"keeper", "clerk"}

Spec = dict[int | EllipsisType, object]
ALL: Spec = {...: 200}
NOT_BY_GET: Spec = {...: 405}


def only(people: set[str], otherwise: int, answer: int = 200) -> Spec:
    return {answer: people, ...: otherwise}


# Below a committee's slug: address → (GET, POST with nothing in it).
SEES_POSTING = OFFICE | WRITERS_E | {"handler"}
SEES_CONTACT = OFFICE | WRITERS_E
CONTACT = {200: SEES_CONTACT, 403: {"convenor"}, ...: 404}
KEEPS_GRID: Spec = {200: {"clerk"}, 403: KEEPS_IN_TOUCH - {"clerk"}, ...: 404}
CALLS_WORKER = OFFICE | WRITERS_E
REVEALS_WORKER: Spec = {200: CALLS_WORKER, 403: KEEPS_IN_TOUCH - CALLS_WORKER, ...: 404}
SEES_VISIT = READERS["e_visit"]
AMENDS_VISIT = {200: OFFICE | {"member"}, 403: SEES_VISIT - OFFICE - {"member"}, ...: 404}
SEES_OPINION = READERS["e_with_convenor"]
PEERS = MEMBERS - {"member"}
SEES_AS_PEER: Spec = {200: PEERS, 302: SEES_OPINION - PEERS, ...: 404}
DOES_AS_PEER: Spec = {302: PEERS, 403: SEES_OPINION - PEERS, ...: 404}
SEES_ISSUED = READERS["e_issued"]
READS_REGISTER = OFFICE | {"leader"}
OF_REGISTERS = ["issues", "adoptions", "adoption_table", "instructions"]
REGISTER_SHEETS = ["issues_export", "adoptions_export", "adoption_table_export"]
OF_ISSUE = ["issue", "issue_paper", "issue_word"]
OF_ADOPTION = ["adoption_edit", "adoption_remove"]
OF_INSTRUCTION = ["instruction_edit", "instruction_remove"]
OF_OUTCOME = ["adoption_add", "instruction_add", *OF_ADOPTION, *OF_INSTRUCTION]
LAYS_OUT: Spec = {200: EDITORS, 403: READS_REGISTER - EDITORS, ...: 404}
SEES_PROPOSAL = READERS["e_proposal"]
HANDLES_PROPOSAL: Spec = {200: EDITORS, 403: SEES_PROPOSAL - EDITORS, ...: 404}
FOLLOWERS = OFFICE | WRITERS | {"leader", "commission"}
SEES_ISSUED, SEES_PROMISE = READERS["e_issued"], READERS["e_promise"]
EVALUATES: Spec = {200: WRITERS_E, 403: SEES_ISSUED - WRITERS_E, ...: 404}
DECIDES: Spec = {200: EDITORS, 403: READERS["e_evaluated"] - EDITORS, ...: 404}
SEES_RECEPTION = READERS["e_reception"]
HANDOVER_PAGES = ["sectors:handover", "sectors:handover_leavers"] + [
    f"sectors:handover_{deed}"
    for deed in ("choose", "look", "drop", "open", "undo", "transfers", "take_back")
]
HANDS_OVER: Spec = {200: {"clerk"}, 403: {"leader"}, ...: 404}
HANDLES, HANDLES_405 = only({"handler"}, 403), only({"handler"}, 403, 405)
SEES_YEARS = OFFICE | {"leader", "commission", "convenor"}
SEES_DRAFT_OF_YEAR = READERS["e_year_draft"]
PLANNERS = CONVENORS | {"clerk", "commission", "keeper"}
PLANS, PLANS_EMPTY = only(PLANNERS, 403), only(PLANNERS, 403, 422)
OF_ROOM = OFFICE | WRITERS_E | {"keeper"}
SEES_OUTCOME, REPORTS = READERS["e_waiting_outcome"], OFFICE | WRITERS | {"commission"}
READ_AFTERWARDS = ("materials", "consultation", "consultation_paper", "consultation_word")
READ_AFTERWARDS += ("resolutions", "resolution", "outcomes")
WRITE_AFTERWARDS = ("minutes", "photos", "follow_ups", "write_up")
ADD_TO_IT = ("item_add", "participant_add", "resolution_add")
DO_TO_IT = ("file_add", "file_remove", "photo_remove", "follow_up_deed", "item_remove")
DO_TO_IT += ("participant_remove",)
ORGANISES, ORGANISED = only({"clerk"}, 403, 422), only({"clerk"}, 403, 302)
KEEPS_BOOK = OFFICE | WRITERS | {"keeper", "confidant"}
ANNOUNCE = {"clerk", "commission"} | CONVENORS
MANAGES: Spec = {200: {"clerk"}, 403: IN_THE_HOUSE - {"clerk"}, ...: 404}
MANAGED: Spec = {302: {"clerk"}, 403: IN_THE_HOUSE - {"clerk"}, ...: 404}
KEEPING = [f"rules:{deed}" for deed in ("new", "revise", "rename", "repeal")]
KEEPING += [f"packs:{deed}" for deed in ("new", "edit", "item_new", "item_edit")]
KEPT = [f"packs:{deed}" for deed in ("publish", "take_down", "item_remove")]
LIST_PAGES = ("of", "word", "xlsx", "phones")
REMINDER_DEEDS = ("rehearsal", "run", "switch")
TABLE: dict[str, tuple[Spec, Spec]] = {
    "pages:home": (only(WRITERS, 302), only(WRITERS, 302)),
    "pages:desk": (only(CITY - WRITERS, 302), only(CITY - WRITERS, 302)),
    "pages:me": (ALL, ALL),
    "pages:calendar": (ALL, NOT_BY_GET),
    "pages:draft": (NOT_BY_GET, {...: 400}),
    "pages:themes": (ALL, NOT_BY_GET),
    "pages:theme": (ALL, NOT_BY_GET),
    "committees:slips": (only(SLIPS, 403), only(SLIPS, 403)),
    "committees:slips_print": (NOT_BY_GET, {...: 302}),
    "committees:slips_withdraw": (NOT_BY_GET, {...: 302}),
    "members:list": (ALL, ALL),
    "members:detail": (ALL, ALL),
    "members:order_names": (ALL, ALL),
    "members:propose": (only(WRITERS_E, 403), only(WRITERS_E, 403, 422)),
    "members:proposals": (ALL, NOT_BY_GET),
    "members:proposal": (only(WRITERS_E | {"clerk"}, 404), NOT_BY_GET),
    "members:proposal_confirm": (NOT_BY_GET, {302: {"clerk"}, 403: WRITERS_E, ...: 404}),
    "members:proposal_send_back": (NOT_BY_GET, {422: {"clerk"}, 403: WRITERS_E, ...: 404}),
    "members:proposal_withdraw": (NOT_BY_GET, {302: WRITERS_E, 403: {"clerk"}, ...: 404}),
    "changes:enter": (only({"clerk"}, 403), only({"clerk"}, 403, 422)),
    "changes:recent": (only(OFFICE, 403), NOT_BY_GET),
    "changes:member": (only(OFFICE, 403), NOT_BY_GET),
    "changes:change": (only({"clerk"}, 403), only({"clerk"}, 403, 422)),
    "changes:undo": (NOT_BY_GET, {302: {"clerk"}, 403: OFFICE - {"clerk"}, ...: 404}),
    "sectors:list": (ALL, ALL),
    "sectors:changes": (only({"clerk"}, 403), only({"clerk"}, 403, 422)),
    "sectors:leader_end": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "sectors:detail": (ALL, ALL),
    "sectors:leaves": (
        only(OFFICE | {"convenor"}, 403),
        only({"clerk", "convenor"}, 403, 422),
    ),
    "sectors:leave_end": (NOT_BY_GET, only({"clerk", "convenor"}, 403, 302)),
    "sectors:import_roster": (only({"clerk"}, 403), only({"clerk"}, 403)),
    "sectors:import_preview": (only({"clerk"}, 404), NOT_BY_GET),
    "sectors:import_confirm": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "sectors:import_drop": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "sectors:lists": (ALL, NOT_BY_GET),
    "sectors:list_of": (ALL, NOT_BY_GET),
    "sectors:list_statistics": (ALL, NOT_BY_GET),
    "sectors:statistics_xlsx": (ALL, NOT_BY_GET),
    "sectors:list_columns": (NOT_BY_GET, {...: 302}),
    "sectors:list_word": (ALL, NOT_BY_GET),
    "sectors:list_xlsx": (ALL, NOT_BY_GET),
    "sectors:list_phones": (only({"clerk"}, 403, 302), only({"clerk"}, 403)),
    "sectors:handovers": (
        only({"clerk", "leader"}, 403),
        only({"clerk"}, 403, 422),
    ),
    "sectors:handover": (only({"clerk", "leader"}, 404), NOT_BY_GET),
    "sectors:handover_choose": (HANDS_OVER, {302: {"clerk"}, 403: {"leader"}, ...: 404}),
    **dict.fromkeys(
        [f"sectors:handover_{deed}" for deed in ("look", "drop", "open", "undo", "take_back")],
        (NOT_BY_GET, {302: {"clerk"}, 403: {"leader"}, ...: 404}),
    ),
    "sectors:handover_leavers": (
        only({"clerk", "leader"}, 404),
        {403: {"clerk", "leader"}, ...: 404},
    ),
    "sectors:handover_transfers": (HANDS_OVER, NOT_BY_GET),
    "sectors:handover_leaver": (HANDS_OVER, {422: {"clerk"}, 403: {"leader"}, ...: 404}),
    "sectors:import_leavers": (only({"clerk"}, 404, 302), only({"clerk"}, 404, 302)),
    "sectors:import_undo": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "sectors:import_template": (only({"clerk"}, 403), NOT_BY_GET),
    "sectors:roster_export": (only({"clerk"}, 403, 302), only({"clerk"}, 403)),
    "sectors:postings": (ALL, NOT_BY_GET),
    "sectors:posting": (
        only(SEES_POSTING, 404),
        {200: OFFICE | WRITERS_E, 403: {"handler"}, ...: 404},
    ),
    "sectors:posting_list": (only({"clerk"}, 403), NOT_BY_GET),
    "sectors:letters": (only({"clerk"}, 403), NOT_BY_GET),
    "sectors:number_letters": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "sectors:supervisions": (ALL, NOT_BY_GET),
    "sectors:supervision": (only(SEES_POSTING, 404), NOT_BY_GET),
    "sectors:supervision_move": (
        NOT_BY_GET,
        {200: OFFICE | {"handler"}, 403: WRITERS_E, ...: 404},
    ),
    "sectors:leader_contacts": (only(OFFICE | {"leader"}, 403), NOT_BY_GET),
    "sectors:talk_record": (NOT_BY_GET, only(OFFICE | {"leader"}, 403, 302)),
    "sectors:talk_withdraw": (
        NOT_BY_GET,
        {302: {"clerk", "leader"}, 403: OFFICE - {"clerk"}, ...: 404},
    ),
    "sectors:liaison_groups": (ALL, NOT_BY_GET),
    "contacts:contacts": (ALL, NOT_BY_GET),
    "contacts:contact_add": (
        {200: WRITERS - SHIELDED, 302: SHIELDED | OFFICE, ...: 403},
        {200: WRITERS - SHIELDED, 302: SHIELDED | OFFICE, ...: 403},
    ),
    "contacts:contact_edit": (CONTACT, CONTACT),
    "contacts:contact_reveal": (CONTACT, CONTACT),
    "contacts:contact_retire": (NOT_BY_GET, {302: SEES_CONTACT, 403: {"convenor"}, ...: 404}),
    "contacts:contact": (only(SEES_CONTACT | {"convenor"}, 404), NOT_BY_GET),
    "contacts:contact_judge": (
        NOT_BY_GET,
        {422: OFFICE, 403: WRITERS_E | {"convenor"}, ...: 404},
    ),
    "contacts:batch": (NOT_BY_GET, ALL),
    "contacts:batch_done": (only({"clerk"}, 404), NOT_BY_GET),
    "contacts:batch_undo": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "contacts:contacts_export": ({...: 302}, ALL),
    "contacts:people": (ALL, NOT_BY_GET),
    "contacts:import_contacts": (only({"clerk"}, 403), only({"clerk"}, 403)),
    "contacts:import_template": (only({"clerk"}, 403), NOT_BY_GET),
    "contacts:import_preview": (only({"clerk"}, 404), NOT_BY_GET),
    "contacts:import_confirm": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "contacts:import_drop": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "contacts:areas": (ALL, NOT_BY_GET),
    "contacts:area": (ALL, NOT_BY_GET),
    "contacts:area_add": (only({"clerk"}, 403), only({"clerk"}, 403)),
    "contacts:area_edit": (only({"clerk"}, 403), only({"clerk"}, 403)),
    "contacts:area_assign": (NOT_BY_GET, only({"clerk"}, 403, 422)),
    "contacts:area_release": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "contacts:grids_add": (only({"clerk"}, 403), only({"clerk"}, 403)),
    "contacts:grid_edit": (KEEPS_GRID, KEEPS_GRID),
    "contacts:grid_remove": (
        NOT_BY_GET,
        {302: {"clerk"}, 403: KEEPS_IN_TOUCH - {"clerk"}, ...: 404},
    ),
    "contacts:grid_reveal": (REVEALS_WORKER, REVEALS_WORKER),
    "contacts:visits": (ALL, NOT_BY_GET),
    "contacts:visit_write": (only(OFFICE | WRITERS, 403), only(OFFICE | WRITERS, 403)),
    "contacts:visit": (only(SEES_VISIT, 404), NOT_BY_GET),
    "contacts:visit_edit": (AMENDS_VISIT, AMENDS_VISIT),
    "contacts:follow_up": (
        NOT_BY_GET,
        {302: OFFICE | WRITERS_E, 403: SEES_VISIT - OFFICE - WRITERS_E, ...: 404},
    ),
    "coverage:board": (only(FOLLOWERS, 403), NOT_BY_GET),
    "coverage:rows": (only(FOLLOWERS, 403), NOT_BY_GET),
    "coverage:offer": (
        NOT_BY_GET,
        only(OFFICE | {"convenor", "commission"}, 403, 302),
    ),
    "contacts:photo_add": (NOT_BY_GET, only(SEES_VISIT, 404, 302)),
    "contacts:photo": (only(SEES_VISIT, 404), NOT_BY_GET),
    "contacts:photo_remove": (
        NOT_BY_GET,
        {302: OFFICE | WRITERS_E, 403: SEES_VISIT - OFFICE - WRITERS_E, ...: 404},
    ),
    "workrooms:list": (ALL, ALL),
    "workrooms:map": (ALL, NOT_BY_GET),
    "workrooms:export": (only(OFFICE, 403), NOT_BY_GET),
    "workrooms:together": (only({"clerk"}, 403, 302), only({"clerk"}, 403, 302)),
    "workrooms:put_back": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "workrooms:detail": (ALL, ALL),
    # With nothing in it, the keeper's own form is complete and the office's lacks the name.
    "workrooms:edit": (
        only({"clerk", "keeper"}, 403),
        {422: {"clerk"}, 302: {"keeper"}, ...: 403},
    ),
    "workrooms:photos": (only({"clerk", "keeper"}, 403), only({"clerk", "keeper"}, 403, 422)),
    "workrooms:photo": ({...: 404}, NOT_BY_GET),  # the world's photos have no file
    "workrooms:photo_amend": (NOT_BY_GET, only({"clerk", "keeper"}, 403, 422)),
    "workrooms:standards": (ALL, NOT_BY_GET),
    "workrooms:evidence": (only({"clerk", "keeper"}, 403), only({"clerk", "keeper"}, 403, 422)),
    "workrooms:evidence_photo": ({...: 404}, NOT_BY_GET),
    "workrooms:confirm": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "workrooms:decide": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "workrooms:receptions": (only(KEEPS_BOOK, 403), NOT_BY_GET),
    "workrooms:book": (only(OF_ROOM, 403), NOT_BY_GET),
    "workrooms:reception_new": (only(OF_ROOM, 403), {422: OF_ROOM, ...: 403}),
    "workrooms:paper_book": (only(OF_ROOM, 403), {422: OF_ROOM, ...: 403}),
    "workrooms:reception": (only(SEES_RECEPTION, 404), NOT_BY_GET),
    "workrooms:reception_edit": (only(SEES_RECEPTION, 404), {422: SEES_RECEPTION, ...: 404}),
    "workrooms:reception_reveal": (only(SEES_RECEPTION, 404), {422: SEES_RECEPTION, ...: 404}),
    "workrooms:reception_receipt": (NOT_BY_GET, only(SEES_RECEPTION, 404)),
    "workrooms:reception_letter": (only(SEES_RECEPTION, 404), NOT_BY_GET),
    "workrooms:reception_photo": ({...: 404}, NOT_BY_GET),  # its file is not stored here
    "workrooms:reception_deed": (only(SEES_RECEPTION, 404), {422: SEES_RECEPTION, ...: 404}),
    "liaison:list": (only({"liaison"}, 403), NOT_BY_GET),
    "liaison:new": (only(OFFICE, 403), {422: OFFICE, ...: 403}),
    "pages:rhythm": (ALL, NOT_BY_GET),
    "pages:ledger": (only(OF_ROOM, 403), NOT_BY_GET),
    "workrooms:codes": (only(PLATES, 403), NOT_BY_GET),
    "workrooms:codes_give": (NOT_BY_GET, only(PLATES, 403, 302)),
    "workrooms:code_replace": (NOT_BY_GET, only(PLATES, 403, 302)),
    "workrooms:plates": (only(PLATES, 403), NOT_BY_GET),
    "workrooms:duty": (ALL, NOT_BY_GET),
    "workrooms:duty_all": (ALL, NOT_BY_GET),
    "workrooms:duty_export": (ALL, NOT_BY_GET),
    "workrooms:duty_today": (only(KEEPS, 403), NOT_BY_GET),
    "workrooms:duty_mine": (ALL, NOT_BY_GET),
    "workrooms:duty_leave": (only(WRITERS | {"keeper"}, 403), only(WRITERS | {"keeper"}, 403)),
    "workrooms:duty_leave_remove": (NOT_BY_GET, only(KEEPS | WRITERS_E, 404, 302)),
    "workrooms:duty_wish_remove": (NOT_BY_GET, only(KEEPS | WRITERS_E, 404, 302)),
    "workrooms:duty_plan": (NOT_BY_GET, only(KEEPS, 403, 422)),
    "workrooms:duty_publish": (NOT_BY_GET, only(KEEPS, 403, 302)),
    "workrooms:duty_place": (only(KEEPS, 403), only(KEEPS, 403)),
    "workrooms:duty_rule_add": (only(KEEPS, 403), only(KEEPS, 403)),
    "workrooms:duty_rule": (only(KEEPS, 403), only(KEEPS, 403)),
    "workrooms:duty_rule_end": (NOT_BY_GET, only(KEEPS, 403, 302)),
    "workrooms:shift": (ALL, NOT_BY_GET),
    "workrooms:shift_deed": (NOT_BY_GET, only(KEEPS | WRITERS_E, 403, 302)),
    "workrooms:shift_take_over": (NOT_BY_GET, only(KEEPS, 403, 302)),
    "workrooms:relief_ask": (NOT_BY_GET, {...: 422}),
    "workrooms:relief_deed": (
        NOT_BY_GET,
        {302: {"convenor"}, 403: KEEPS | WRITERS_E, ...: 404},
    ),
    "workrooms:feeds": (ALL, ALL),
    "workrooms:feed_revoke": (NOT_BY_GET, only({"member"}, 404, 302)),
    "opinions:list": (ALL, ALL),
    "opinions:review": (only(OFFICE | CONVENORS, 403), only(OFFICE | CONVENORS, 403)),
    "referrals:list": (only(OFFICE, 403), {...: 405}),
    "referrals:new": ({...: 404}, {...: 404}),  # of nothing; test_referral_pages.py asks of rows
    "referrals:detail": (only(OFFICE, 403), {...: 405}),
    "referrals:order": (only(OFFICE, 403), {...: 405}),
    "referrals:urging_letter": ({404: OFFICE, ...: 403}, {...: 405}),  # there is none
    "referrals:deed": (
        {...: 405},
        {422: EDITORS, 403: READERS["e_referral"] - EDITORS, ...: 404},
    ),
    "opinions:issues": (only(OFFICE | {"leader"}, 403), only(OFFICE | {"leader"}, 403)),
    **dict.fromkeys(
        [f"opinions:{page}" for page in OF_REGISTERS], (only(READS_REGISTER, 403), {...: 405})
    ),
    **dict.fromkeys(
        [f"opinions:{sheet}" for sheet in REGISTER_SHEETS],
        ({302: READS_REGISTER, ...: 403}, only(READS_REGISTER, 403)),
    ),
    "opinions:register": (only(OFFICE, 403), {...: 405}),
    "opinions:register_export": ({302: OFFICE, ...: 403}, only(OFFICE, 403)),
    "opinions:briefing_setting": (only(EDITORS, 403), only(EDITORS, 403, 400)),
    "opinions:sign_together": (only({"signer"}, 403), only({"signer"}, 403, 400)),
    **dict.fromkeys(
        [f"opinions:{page}" for page in OF_ISSUE], (only(READS_REGISTER, 404), {...: 405})
    ),
    "opinions:issue_foot": (LAYS_OUT, {400: EDITORS, 403: READS_REGISTER - EDITORS, ...: 404}),
    "opinions:issue_printed": (
        {...: 405},
        {302: EDITORS, 403: READS_REGISTER - EDITORS, ...: 404},
    ),
    "opinions:outcomes": (only(SEES_ISSUED, 404), {...: 405}),
    "opinions:evidence": ({...: 404}, {...: 405}),
    **dict.fromkeys(
        [f"opinions:{page}" for page in OF_OUTCOME],
        (
            {200: EDITORS, 403: SEES_ISSUED - EDITORS, ...: 404},
            {400: EDITORS, 403: SEES_ISSUED - EDITORS, ...: 404},
        ),
    ),
    **dict.fromkeys(
        ["opinions:send_on", "opinions:recall"], ({...: 405}, {403: SEES_ISSUED, ...: 404})
    ),
    "opinions:write": (
        only(WRITERS | {"commission"}, 403),
        only(WRITERS | {"commission"}, 403, 400),
    ),
    "opinions:detail": (only(SEES_OPINION, 404), only(SEES_OPINION, 404)),
    "opinions:rewrite": (only(WRITERS_E, 404), only(WRITERS_E, 404, 400)),
    "opinions:edit": (
        {302: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
        {400: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
    ),
    "opinions:similar_to_text": (only(WRITERS | OFFICE, 403), only(WRITERS | OFFICE, 403)),
    "opinions:similar": (only(SEES_OPINION, 404), only(SEES_OPINION, 404)),
    "opinions:categories": (only({"clerk", "sysadmin"}, 403), only({"clerk", "sysadmin"}, 403)),
    "opinions:category": (
        {200: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
        {400: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
    ),
    "opinions:peer": (SEES_AS_PEER, SEES_AS_PEER),
    "opinions:second": (NOT_BY_GET, DOES_AS_PEER),
    "opinions:unsecond": (NOT_BY_GET, DOES_AS_PEER),
    "opinions:ask_to_read": (NOT_BY_GET, DOES_AS_PEER),
    "opinions:secondings": (only(SEES_OPINION, 404), only(SEES_OPINION, 404)),
    "opinions:let_read": (NOT_BY_GET, {302: WRITERS_E, 403: SEES_OPINION - WRITERS_E, ...: 404}),
    "opinions:answer_reader": (NOT_BY_GET, only(WRITERS_E, 404, 302)),
    "opinions:move": (
        only(SEES_OPINION, 404),
        {400: {"convenor"}, 403: SEES_OPINION - {"convenor"}, ...: 404},
    ),
    "opinions:batch": (only(OFFICE | CONVENORS, 403), only(OFFICE | CONVENORS, 403, 422)),
    "opinions:compose": (only(EDITORS, 403), only(EDITORS, 403, 422)),
    "opinions:duties": (
        only(OFFICE, 403),
        only({"clerk"}, 403, 302),
    ),
    "opinions:parts": (only(SEES_OPINION, 404), NOT_BY_GET),
    "opinions:editor": (
        {200: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
        {422: EDITORS, 403: READERS["e_joint"] - EDITORS, ...: 404},
    ),
    **dict.fromkeys(["unit:desk", "unit:item"], (HANDLES, HANDLES_405)),
    "unit:file": (only({"handler"}, 403, 404), HANDLES_405),  # its file is not stored here
    **dict.fromkeys(["unit:papers", "unit:paper"], (HANDLES, HANDLES_405)),
    "unit:file_remove": (HANDLES_405, only({"handler"}, 403, 302)),
    "unit:verb": (HANDLES, only({"handler"}, 403, 400)),
    "opinions:unit_links": (only(OFFICE, 403), NOT_BY_GET),
    "opinions:unit_link_make": (NOT_BY_GET, only(EDITORS, 403)),
    **dict.fromkeys(
        [f"opinions:unit_link_{deed}" for deed in ("extend", "revoke")],
        (NOT_BY_GET, {302: EDITORS, 403: OFFICE - EDITORS, ...: 404}),
    ),
    "opinions:replies": (only(READERS["e_referral"], 404), NOT_BY_GET),
    "opinions:reply_file": ({...: 404}, NOT_BY_GET),  # its file is not stored here
    "opinions:reply_enter": (
        {200: EDITORS, 403: READERS["e_referral"] - EDITORS, ...: 404},
        {400: EDITORS, 403: READERS["e_referral"] - EDITORS, ...: 404},
    ),
    "opinions:reply_scan": (only(EDITORS, 403), only(EDITORS, 403, 400)),
    "opinions:handling": (only(SEES_ISSUED, 404), NOT_BY_GET),
    "opinions:handling_file": ({...: 404}, NOT_BY_GET),  # the world's reply has no file
    "opinions:evaluate": (EVALUATES, EVALUATES | {302: WRITERS_E, 200: set()}),
    "promises:list": (ALL, NOT_BY_GET),
    "promises:export": ({...: 302}, ALL),
    "promises:detail": (only(SEES_PROMISE, 404), NOT_BY_GET),
    "promises:file": ({...: 404}, NOT_BY_GET),
    "promises:deed": (
        only(SEES_PROMISE, 404, 302),
        {422: EDITORS | WRITERS_E, 403: SEES_PROMISE - EDITORS - WRITERS_E, ...: 404},
    ),
    "evaluations:list": (only(OFFICE, 403), NOT_BY_GET),
    "evaluations:decide": (DECIDES, {422: EDITORS} | DECIDES | {200: set()}),
    "evaluations:conclude": (
        NOT_BY_GET,
        {302: EDITORS, 403: SEES_PROMISE - EDITORS, ...: 404},
    ),
    "unit:promises": (only({"handler"}, 403), only({"handler"}, 403)),
    "unit:promise": (only({"handler"}, 403), only({"handler"}, 403, 422)),
    "unit:promise_file": (only({"handler"}, 403, 404), only({"handler"}, 403, 404)),
    "opinions:file_add": (NOT_BY_GET, {302: WRITERS_E, ...: 404}),
    "opinions:file": (only(SEES_OPINION, 404), NOT_BY_GET),
    "opinions:file_remove": (
        NOT_BY_GET,
        {403: SEES_OPINION, ...: 404},
    ),
    "opinions:register_paper": (only(EDITORS, 403), only(EDITORS, 403, 400)),
    "opinions:hints": (NOT_BY_GET, ALL),
    "opinions:authors": (
        only(SEES_OPINION, 404),
        {409: WRITERS_E, 403: SEES_OPINION - WRITERS_E, ...: 404},
    ),
    "opinions:answer": (
        NOT_BY_GET,
        {302: {"member", "delegate", "member2"}, ...: 404},
    ),
    "opinions:export": ({...: 302}, ALL),
    "opinions:archive": (only(OFFICE, 403), only(OFFICE, 403, 302)),
    "opinions:saved_filters": (ALL, {...: 400}),
    "opinions:rename_filter": (NOT_BY_GET, only({"clerk"}, 404, 400)),
    "opinions:delete_filter": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    "proposals:list": (ALL, ALL),
    "proposals:desk": (only(OFFICE, 403), only(OFFICE, 403)),
    "proposals:register": (only(OFFICE | {"leader"}, 403), only(OFFICE | {"leader"}, 403)),
    "proposals:export": (
        {302: OFFICE | {"leader"}, ...: 403},
        only(OFFICE | {"leader"}, 403),
    ),
    "proposals:elsewhere": (only(EDITORS, 403), only(EDITORS, 403, 302)),
    "proposals:write": (only(WRITERS | EDITORS, 403), only(WRITERS | EDITORS, 403, 400)),
    "proposals:suggest": (
        NOT_BY_GET,
        {302: EDITORS, 403: SEES_OPINION - EDITORS, ...: 404},
    ),
    "proposals:detail": (only(SEES_PROPOSAL, 404), only(SEES_PROPOSAL, 404)),
    "proposals:rewrite": (only(WRITERS_E, 404), only(WRITERS_E, 404, 400)),
    "proposals:signers": (only(WRITERS_E, 404), only(WRITERS_E, 404, 400)),
    "proposals:sign": (NOT_BY_GET, only(WRITERS_E, 404, 302)),
    "proposals:move": (
        only(SEES_PROPOSAL, 404),
        {302: EDITORS, 403: SEES_PROPOSAL - EDITORS, ...: 404},
    ),
    "proposals:file": ({...: 404}, NOT_BY_GET),  # there is no such file
    "proposals:handling": (only(SEES_PROPOSAL, 404), only(SEES_PROPOSAL, 404)),
    "proposals:evaluate": (
        {200: WRITERS_E, 403: SEES_PROPOSAL - WRITERS_E, ...: 404},
        {302: WRITERS_E, 403: SEES_PROPOSAL - WRITERS_E, ...: 404},
    ),
    "proposals:key": (
        HANDLES_PROPOSAL,
        {302: EDITORS, 403: SEES_PROPOSAL - EDITORS, ...: 404},
    ),
    **dict.fromkeys(
        ["proposals:supervision", "proposals:disclosure"],
        (HANDLES_PROPOSAL, {400: EDITORS, 403: SEES_PROPOSAL - EDITORS, ...: 404}),
    ),
    "proposals:meeting": (
        {200: EDITORS | WRITERS_E, 403: SEES_PROPOSAL - EDITORS - WRITERS_E, ...: 404},
        {400: EDITORS | WRITERS_E, 403: SEES_PROPOSAL - EDITORS - WRITERS_E, ...: 404},
    ),
    # there is no such reply
    "proposals:reply": (
        {403: SEES_PROPOSAL - EDITORS, ...: 404},
        {403: SEES_PROPOSAL - EDITORS, ...: 404},
    ),
    "proposals:survey": (only(SEES_PROPOSAL, 404), NOT_BY_GET),
    "proposals:survey_word": (only(SEES_PROPOSAL, 404), NOT_BY_GET),
    "activities:list": (ALL, ALL),
    "activities:detail": (ALL, ALL),
    "responsibilities:board": (
        {200: SEES_YEARS - {"convenor"}, 302: CONVENORS, ...: 403},
        NOT_BY_GET,
    ),
    "responsibilities:carry_over": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "responsibilities:sector": (only(SEES_YEARS, 403), NOT_BY_GET),
    "responsibilities:rows": (only(SEES_YEARS, 403), NOT_BY_GET),
    "responsibilities:commission": (only(SEES_YEARS - {"convenor"}, 403), NOT_BY_GET),
    "responsibilities:write": (
        only({"clerk", "convenor"}, 403),
        only({"clerk", "convenor"}, 403, 422),
    ),
    "responsibilities:paper": (only(SEES_DRAFT_OF_YEAR, 404), NOT_BY_GET),
    "responsibilities:word": (only(SEES_DRAFT_OF_YEAR, 404), NOT_BY_GET),
    "responsibilities:submit": (
        NOT_BY_GET,
        {302: {"clerk", "convenor"}, 403: SEES_DRAFT_OF_YEAR - {"clerk", "convenor"}, ...: 404},
    ),
    "responsibilities:return": (
        NOT_BY_GET,
        {422: {"clerk"}, 403: SEES_DRAFT_OF_YEAR - {"clerk"}, ...: 404},
    ),
    "responsibilities:hear": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "responsibilities:unhear": (
        NOT_BY_GET,
        {302: {"clerk"}, 403: READERS["e_hearing"] - {"clerk"}, ...: 404},
    ),
    **dict.fromkeys(["activities:plan", "activities:series"], (PLANS, PLANS_EMPTY)),
    **{
        f"activities:{page}": (only({"clerk"}, 403), only({"clerk"}, 403, 422))
        for page in ("amend", "people", "chain", "attendance")
    },
    **{
        f"activities:{deed}": (NOT_BY_GET, only({"clerk"}, 403, 302))
        for deed in ("publish", "call_off", "drop", "decide_leave", "take_off")
    },
    **{
        f"activities:{deed}": (NOT_BY_GET, only(WRITERS, 403, 302))
        for deed in ("enrol", "give_up", "ask_leave")
    },
    **{
        f"activities:{page}": (only({"clerk"}, 403), NOT_BY_GET)
        for page in ("sheet", "leave_list", "export")
    },
    "activities:my_code": (only(MEMBERS, 403), NOT_BY_GET),
    "activities:sign_in": (only({"clerk"}, 403), only({"clerk"}, 403)),
    **dict.fromkeys([f"activities:{page}" for page in READ_AFTERWARDS], (ALL, NOT_BY_GET)),
    **dict.fromkeys([f"activities:{page}" for page in WRITE_AFTERWARDS], (ALL, ORGANISES)),
    **dict.fromkeys([f"activities:{deed}" for deed in ADD_TO_IT], (NOT_BY_GET, ORGANISES)),
    **dict.fromkeys([f"activities:{deed}" for deed in DO_TO_IT], (NOT_BY_GET, ORGANISED)),
    **dict.fromkeys(["activities:file", "activities:photo"], ({...: 404}, NOT_BY_GET)),  # no bytes
    "activities:consult": (
        {...: 404},
        {...: 404},
    ),  # of nothing; test_consultations.py asks of rows
    "activities:resolution_deed": (
        only({"clerk", "handler"}, 403),
        only({"clerk", "handler"}, 403, 422),
    ),
    "activities:outcome_write": (only(REPORTS, 403), only(REPORTS, 403, 422)),
    "activities:outcomes_export": (only(OFFICE, 403, 302), only(OFFICE, 403)),
    "activities:outcome": (only(SEES_OUTCOME, 404), NOT_BY_GET),
    "activities:outcome_edit": (only(SEES_OUTCOME, 404), only(SEES_OUTCOME, 404, 422)),
    "activities:outcome_deed": (
        {200: {"clerk"}, 403: SEES_OUTCOME - {"clerk"}, ...: 404},
        {422: {"clerk"}, 403: SEES_OUTCOME - {"clerk"}, ...: 404},
    ),
    "activities:outcome_file": ({...: 404}, NOT_BY_GET),  # its file is not stored here
    "activities:outcome_file_remove": (
        NOT_BY_GET,
        {302: {"clerk"}, 403: SEES_OUTCOME - {"clerk"}, ...: 404},
    ),
    **dict.fromkeys(["announcements:list", "rules:list", "packs:list"], (ALL, NOT_BY_GET)),
    **dict.fromkeys(["rules:detail", "rules:version", "packs:detail"], (ALL, NOT_BY_GET)),
    "announcements:new": (only(ANNOUNCE, 403), only(ANNOUNCE, 403)),
    "announcements:detail": (only(IN_THE_HOUSE, 404), NOT_BY_GET),
    "announcements:answers": (MANAGES, NOT_BY_GET),
    "announcements:correct": (MANAGES, MANAGES),
    "announcements:edit": (only({"clerk"}, 404), only({"clerk"}, 404)),
    "announcements:publish": (only({"clerk"}, 404), only({"clerk"}, 404, 302)),
    "announcements:drop": (NOT_BY_GET, only({"clerk"}, 404, 302)),
    **dict.fromkeys(["announcements:withdraw", "announcements:remind"], (NOT_BY_GET, MANAGED)),
    "announcements:export": ({...: 302}, MANAGES),
    # it has no such file, and nothing is answered
    **dict.fromkeys(
        ["announcements:file", "rules:file", "packs:item_file"], ({...: 404}, NOT_BY_GET)
    ),
    "announcements:file_remove": (NOT_BY_GET, {...: 404}),
    "announcements:answer": (NOT_BY_GET, {...: 404}),
    **dict.fromkeys(KEEPING, (only({"clerk"}, 403), only({"clerk"}, 403))),
    **dict.fromkeys(KEPT, (NOT_BY_GET, only({"clerk"}, 403, 302))),
    "records:summaries": (ALL, ALL),
    "records:draft": (NOT_BY_GET, {...: 302}),
    "records:approve_ticked": (NOT_BY_GET, {302: {"clerk", "signer"}, ...: 403}),
    "records:summary": (only(OFFICE, 404), only(OFFICE, 404)),
    **dict.fromkeys(
        ["records:words", "records:cases"],
        (
            {200: EDITORS, 403: OFFICE - EDITORS, ...: 404},
            {302: EDITORS, 403: OFFICE - EDITORS, ...: 404},
        ),
    ),
    **dict.fromkeys(["records:word", "records:xlsx"], (only(OFFICE, 404), only(OFFICE, 404))),
    "records:poster": ({...: 404}, {...: 404}),  # a draft has none
    "records:approve": (
        NOT_BY_GET,
        {302: {"clerk", "signer"}, 403: {"editor", "checker"}, ...: 404},
    ),
    "records:rows": (only(OFFICE, 404), only(OFFICE, 404)),
    "reminders:list": (only({"clerk"}, 403), {...: 405}),
    "reminders:rehearsal": (only({"clerk"}, 403), {...: 405}),
    **{f"reminders:{deed}": (NOT_BY_GET, only({"clerk"}, 403, 302)) for deed in ("run", "switch")},
    "notices:inbox": (ALL, ALL),
    "notices:read_all": (NOT_BY_GET, {...: 302}),
    "notices:open": (only({"member"}, 404, 302), only({"member"}, 404, 302)),
    "notices:feedback": (ALL, ALL),
    "notices:answer": (
        only({"clerk", "member"}, 404),
        {200: {"clerk"}, 403: {"member"}, ...: 404},
    ),
    "notices:wishes": (ALL, ALL),
    "notices:wechat": ({...: 404}, NOT_BY_GET),
    "notices:deliveries": (only({"clerk"}, 403), NOT_BY_GET),
    "notices:resend": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "notices:calls": (only({"clerk"}, 403), NOT_BY_GET),
    "notices:told": (NOT_BY_GET, only({"clerk"}, 403, 302)),
    "notices:reveal_calls": (only({"clerk"}, 403), only({"clerk"}, 403)),
}
# Without a slug: everybody, anonymous people included, is named.
OPEN: Spec = {200: EVERYBODY}
CLOSED: Spec = {302: {ANONYMOUS}, 200: SIGNED_IN}
ANY_SIGNED_IN: Spec = {200: SIGNED_IN, 403: {ANONYMOUS}}
NO_SUCH_VERB: Spec = {405: SIGNED_IN, 403: {ANONYMOUS}}
NOTHING_SENT: Spec = {400: SIGNED_IN, 403: {ANONYMOUS}}


UNIT_PAGES = ("door", "desk", "papers", "item", "paper", "file", "file_remove", "verb")
UNIT_PAGES += ("promises", "promise", "promise_file")
OF_A_COMMITTEE = ("member", "sector", "workroom", "activity", "target")


def api_row(readers: set[str]) -> Spec:
    return {200: readers, 404: SIGNED_IN - readers, 403: {ANONYMOUS}}


LOOKED_AT: tuple[Spec, Spec] = (OPEN, {405: EVERYBODY})
ELSEWHERE: dict[str, tuple[Spec, Spec]] = {
    **dict.fromkeys(["public:rooms", "public:members", "public:room", "public:door"], LOOKED_AT),
    "public_proposals:list": LOOKED_AT,
    **dict.fromkeys(["public_announcements:list", "public_announcements:detail"], LOOKED_AT),
    "public_announcements:file": ({404: EVERYBODY}, {405: EVERYBODY}),  # there is no such file
    "public_proposals:detail": ({404: EVERYBODY}, {405: EVERYBODY}),  # none is public yet
    "public:photo": ({404: EVERYBODY}, {405: EVERYBODY}),  # there is no such photo
    "public:tell": (OPEN, OPEN),
    "public:receipt": (OPEN, OPEN),
    "public:receipt_picture": ({405: EVERYBODY}, {302: EVERYBODY}),
    "healthz": (OPEN, {405: EVERYBODY}),
    "readyz": (OPEN, {405: EVERYBODY}),
    "account_login": ({200: {ANONYMOUS}, 302: SIGNED_IN}, {200: {ANONYMOUS}, 302: SIGNED_IN}),
    "account_code": ({404: EVERYBODY}, {404: EVERYBODY}),  # no SMS gateway here
    "account_logout": ({302: {ANONYMOUS}, 200: SIGNED_IN}, {302: EVERYBODY}),
    "account_reauthenticate": (CLOSED, CLOSED),
    "account_change_password": ({302: EVERYBODY}, {302: EVERYBODY}),
    "account_set_password": (CLOSED, CLOSED),
    "account_reset_password": (OPEN, OPEN),
    "usersessions_list": (CLOSED, {302: EVERYBODY}),
    "committees:slip": (OPEN, OPEN),
    "committees:slip_code": (OPEN, OPEN),
    "pages:entrance": (
        {200: {ANONYMOUS, "nobody"}, 302: SIGNED_IN - {"nobody"}},
        {200: {ANONYMOUS, "nobody"}, 302: SIGNED_IN - {"nobody"}},
    ),
    "pages:calendar_feed": (OPEN, {405: EVERYBODY}),
    "pages:first_run": ({404: EVERYBODY}, {404: EVERYBODY}),
    "pages:language": ({405: EVERYBODY}, {302: EVERYBODY}),
    "pages:elder": ({405: EVERYBODY}, {302: EVERYBODY}),
    **{f"api:{rows}-list": (ANY_SIGNED_IN, NO_SUCH_VERB) for rows in OF_A_COMMITTEE},
    **{f"api:{rows}-detail": (api_row(CITY), NO_SUCH_VERB) for rows in OF_A_COMMITTEE},
    "api:contact-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:contact-detail": (api_row(READERS["e_contact"]), NO_SUCH_VERB),
    "api:visit-list": (ANY_SIGNED_IN, NOTHING_SENT),
    "api:visit-detail": (api_row(SEES_VISIT), NO_SUCH_VERB),
    "api:opinion-list": (ANY_SIGNED_IN, NOTHING_SENT),
    "api:opinion-detail": (api_row(SEES_OPINION), NO_SUCH_VERB),
    "api:referral-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:referral-detail": (api_row(READERS["e_referral"]), NO_SUCH_VERB),
    "api:proposal-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:proposal-detail": (api_row(SEES_PROPOSAL), NO_SUCH_VERB),
    "api:outcome-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:outcome-detail": (api_row(SEES_OUTCOME), NO_SUCH_VERB),
    "api:announcement-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:announcement-detail": (api_row(IN_THE_HOUSE), NO_SUCH_VERB),
    "api:announcement-acknowledge": (NO_SUCH_VERB, NOTHING_SENT),
    "api:opinion-moves": (NO_SUCH_VERB, NOTHING_SENT),
    **dict.fromkeys(
        ["api:activity-enrol", "api:activity-give-up"],
        (NO_SUCH_VERB, {400: WRITERS, 403: (CITY - WRITERS) | {ANONYMOUS}, 404: OUTSIDE}),
    ),
    "api:activity-ask-leave": (NO_SUCH_VERB, {400: CITY, 403: {ANONYMOUS}, 404: OUTSIDE}),
    "api:unit_item-list": (ANY_SIGNED_IN, NO_SUCH_VERB),
    "api:unit_item-detail": (api_row({"handler"}), NO_SUCH_VERB),
    "api:unit_item-verbs": (NO_SUCH_VERB, NOTHING_SENT),
    # Nobody here has opened a unit's link.
    **dict.fromkeys([f"unit_link:{page}" for page in UNIT_PAGES], ({404: EVERYBODY},) * 2),
    "unit_link:leave": ({405: EVERYBODY}, {404: EVERYBODY}),
    "api_schema": (ANY_SIGNED_IN, NO_SUCH_VERB),
}


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """One world and everybody's client for all tests here; each request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd = Crowd(build()).join(sorted(CROWD))
        with django_db_blocker.block():
            yield crowd
        transaction.set_rollback(True)


def rows_of(world) -> dict[str, dict]:
    """What an address needs beside the slug."""
    month = {"period": f"{world['o_draft_summary'].month:%Y-%m}"}
    contact, visit = {"pk": world["e_contact"].pk}, {"pk": world["e_visit"].pk}
    reception = {"pk": world["e_reception"].pk}
    room = {"pk": world.cast.room.pk}
    waiting, imported = {"pk": world["e_with_convenor"].pk}, {"pk": world["o_import"].pk}
    room = {"pk": world.cast.room.pk}
    photo = room | {"photo": world["o_photo"].pk}
    standard = room | {"standard": world["o_evidence"].standard_id}
    room, rule = {"pk": world.cast.room.pk}, {"pk": world["e_rule"].pk}
    shift = {"pk": world["e_shift"].pk}
    year_draft = {"pk": world["e_year_draft"].pk}
    filed, begun = {"pk": world["e_proposal"].pk}, {"pk": world["e_proposal_draft"].pk}
    return {
        "committees:slip_code": {"code": "ABCD-EFGH"},
        "members:detail": {"pk": world.cast.member_of("member").pk},
        **change_rows(world),
        "sectors:detail": {"pk": world.cast.education.pk},
        "sectors:leaves": {"pk": world.cast.education.pk},
        "sectors:leave_end": {
            "pk": world.cast.education.pk,
            "leave": world["o_convenor_leave"].pk,
        },
        **{f"sectors:list_{page}": {"kind": "strokes"} for page in LIST_PAGES},
        **{name: {"pk": world["o_handover"].pk} for name in HANDOVER_PAGES},
        "sectors:handover_leaver": {
            "pk": world["o_handover"].pk,
            "member": world["o_transfer"].member_id,
        },
        **dict.fromkeys([f"sectors:import_{deed}" for deed in ROSTER_DEEDS], imported),
        "sectors:posting": {"pk": world["o_unit_posting"].pk},
        "sectors:supervision": {"pk": world["o_passed_supervision"].pk},
        "sectors:supervision_move": {"pk": world["o_passed_supervision"].pk, "move": "answer"},
        "sectors:talk_withdraw": {"pk": world["o_talk"].pk},
        **dict.fromkeys([f"contacts:contact_{deed}" for deed in CONTACT_DEEDS], contact),
        **area_rows(world),
        "contacts:contact": contact,
        "pages:theme": {"pk": world["o_theme"].pk},
        **dict.fromkeys(["contacts:visit", "contacts:visit_edit", "contacts:follow_up"], visit),
        "coverage:offer": {"pk": world.cast.member_of("member").pk},
        **dict.fromkeys([f"workrooms:{page}" for page in ROOM_PAGES], room),
        **dict.fromkeys([f"workrooms:{page}" for page in PHOTO_PAGES], photo),
        **dict.fromkeys([f"workrooms:{page}" for page in STANDARD_PAGES], standard),
        "workrooms:decide": standard | {"deed": "return"},
        **dict.fromkeys(["contacts:photo", "contacts:photo_remove"], photo_of(world)),
        "contacts:photo_add": visit,
        "workrooms:detail": {"pk": world.cast.room.pk},
        "workrooms:code_replace": {"pk": world.cast.room.pk},
        "public:room": {"pk": world.cast.room.pk},
        "public:photo": {"pk": world.cast.room.pk, "photo": 0},
        **{f"public:{page}": {"code": world["e_room_code"].code} for page in ("door", "tell")},
        **dict.fromkeys(OF_RECEPTION, reception),
        "workrooms:reception_photo": reception | {"photo": world["e_photo"].pk},
        "workrooms:reception_deed": reception | {"name": "note"},
        **dict.fromkeys(OF_BOOK, room),
        "liaison:new": {"pk": world["o_liaison_group"].pk},
        **dict.fromkeys([f"workrooms:{deed}" for deed in ROOM_DEEDS], room),
        **dict.fromkeys([f"workrooms:{deed}" for deed in RULE_DEEDS], rule),
        **dict.fromkeys([f"workrooms:{deed}" for deed in SHIFT_DEEDS], shift),
        "workrooms:shift_deed": shift | {"deed": "confirm"},
        "workrooms:relief_deed": {"pk": world["e_swap"].pk, "deed": "decline"},
        "workrooms:duty_leave_remove": {"pk": world["e_leave"].pk},
        "workrooms:duty_wish_remove": {"pk": world["e_wish"].pk},
        "workrooms:feed_revoke": {"pk": world["e_feed"].pk},
        "pages:calendar_feed": {"token": "world-feed"},
        **{key: {"pk": world["e_referral"].pk} for key in ["referrals:detail", "referrals:order"]},
        "referrals:urging_letter": {"pk": world["e_referral"].pk, "urging": 0},
        "referrals:deed": {"pk": world["e_referral"].pk, "name": "take-back"},
        "opinions:detail": waiting,
        "opinions:rewrite": {"pk": world["e_draft"].pk},
        "opinions:edit": {"pk": world["e_joint"].pk},
        "opinions:parts": waiting,
        "opinions:editor": {"pk": world["e_joint"].pk},
        "opinions:category": {"pk": world["e_joint"].pk},
        **dict.fromkeys([f"opinions:{page}" for page in OF_PEERS], waiting),
        "opinions:answer_reader": waiting | {"reader": world["e_read_request"].pk},
        "opinions:move": waiting | {"name": "note"},
        **unit_rows(world),
        **outcome_rows(world),
        **following_rows(world),
        "opinions:file_add": {"pk": world["e_draft"].pk},
        **dict.fromkeys(
            ["opinions:file", "opinions:file_remove"], waiting | {"file": world["e_file"].pk}
        ),
        "opinions:authors": waiting,
        "opinions:answer": {"pk": world["b_asked"].pk},
        "opinions:rename_filter": {"pk": world["o_saved_filter"].pk},
        "opinions:delete_filter": {"pk": world["o_saved_filter"].pk},
        **dict.fromkeys(OF_PROPOSAL, filed),
        **dict.fromkeys(OF_PROPOSAL_DRAFT, begun),
        "proposals:suggest": waiting,
        "proposals:move": filed | {"name": "conclude"},
        "proposals:sign": begun | {"answer": "confirm"},
        "proposals:file": filed | {"file": 0},
        "proposals:reply": filed | {"reply": 0},
        "responsibilities:sector": {"pk": world.cast.education.pk},
        "responsibilities:commission": {"pk": world.cast.learning.pk},
        "responsibilities:rows": {"pk": world.cast.education.pk, "measure": "visit"},
        "responsibilities:write": {
            "body": "sectors",
            "pk": world.cast.education.pk,
            "year": timezone.localdate().year,
            "kind": "summary",
        },
        **dict.fromkeys(
            [f"responsibilities:{deed}" for deed in ("paper", "word", "submit", "return")],
            year_draft,
        ),
        "responsibilities:hear": {"body": "sectors", "pk": world.cast.education.pk},
        "responsibilities:unhear": {"pk": world["e_hearing"].pk},
        **activity_rows(world),
        **aftermath_rows(world),
        **told_rows(world),
        **dict.fromkeys([f"records:{page}" for page in OF_SUMMARY], month),
        "records:rows": month | {"key": "visits"},
        **{f"reminders:{deed}": {"name": "duty-tomorrow"} for deed in REMINDER_DEEDS},
        "notices:open": {"pk": world["notice_member"].pk},
        "notices:answer": {"pk": world["o_feedback"].pk},
        "api:member-detail": {"pk": world.cast.member_of("member").pk},
        "api:sector-detail": {"pk": world.cast.education.pk},
        "api:workroom-detail": {"pk": world.cast.room.pk},
        "api:activity-detail": {"pk": world["o_activity"].pk},
        "api:target-detail": {"pk": world["o_target"].pk},
        "api:contact-detail": contact,
        "api:visit-detail": visit,
        "api:opinion-detail": waiting,
        "api:opinion-moves": waiting,
        "api:referral-detail": {"pk": world["e_referral"].pk},
    }


OF_SUMMARY = ("summary", "words", "cases", "approve", "word", "xlsx", "poster")
REFERRALS = {f"api:referral-{page}" for page in ("list", "detail")}
REFERRALS |= {f"referrals:{page}" for page in ("list", "detail", "deed")}
OF_PEERS = ("similar", "peer", "second", "unsecond", "ask_to_read", "secondings", "let_read")


def change_rows(world) -> dict[str, dict]:
    member, asked = {"pk": world.cast.member_of("member").pk}, {"pk": world["o_change_proposal"].pk}
    deeds = ("proposal", "proposal_confirm", "proposal_send_back", "proposal_withdraw")
    return {
        **dict.fromkeys([f"members:{deed}" for deed in deeds], asked),
        **dict.fromkeys(["members:propose", "changes:member"], member),
        "changes:change": member | {"kind": "move"},
        "changes:undo": member | {"change": world["o_change"].pk},
        "sectors:changes": {"pk": world.cast.education.pk},
        "sectors:leader_end": {
            "pk": world["o_leader_contact"].sector_id,
            "contact": world["o_leader_contact"].pk,
        },
    }


def unit_rows(world) -> dict[str, dict]:
    row, file = {"pk": world["e_referral"].pk}, {"pk": world["e_reply_file"].pk}
    link = {"pk": world["e_unit_link"].pk}
    below = {
        "item": row,
        "paper": row | {"name": "order"},
        "verb": row | {"name": "sign_for"},
        "file": row | {"file": file["pk"]},
        "file_remove": row | {"file": file["pk"]},
    }
    return {
        **{
            f"{desk}:{page}": value
            for desk in ("unit", "unit_link")
            for page, value in below.items()
        },
        "unit_link:door": {"token": "unknown"},
        "opinions:replies": row,
        "opinions:reply_enter": row,
        "opinions:reply_file": file,
        "opinions:unit_link_make": {"pk": world.cast.unit.pk},
        **dict.fromkeys([f"opinions:unit_link_{deed}" for deed in ("extend", "revoke")], link),
        "api:unit_item-detail": row,
        "api:unit_item-verbs": row,
    }


def told_rows(world) -> dict[str, dict]:
    sent, draft = ({"pk": world[f"o_{kind}"].pk} for kind in ("announcement", "draft_announcement"))
    rule, pack = {"pk": world["o_house_rule"].pk}, {"pk": world["o_pack"].pk}
    item = pack | {"item": world["o_pack"].items.get().pk}
    of_sent = ["detail", "answers", "correct", "withdraw", "remind", "export", "answer"]
    return {
        **dict.fromkeys([f"announcements:{page}" for page in of_sent], sent),
        **dict.fromkeys([f"announcements:{page}" for page in ("edit", "publish", "drop")], draft),
        "announcements:file": sent | {"file": 0},
        "announcements:file_remove": draft | {"file": 0},
        "public_announcements:detail": sent,
        "public_announcements:file": sent | {"file": 0},
        "api:announcement-detail": sent,
        "api:announcement-acknowledge": sent,
        **dict.fromkeys(
            [f"rules:{page}" for page in ("detail", "revise", "rename", "repeal")], rule
        ),
        **dict.fromkeys(["rules:version", "rules:file"], rule | {"number": 1}),
        **dict.fromkeys([f"packs:{page}" for page in ("detail", "edit", "item_new")], pack),
        **dict.fromkeys([f"packs:{page}" for page in ("publish", "take_down")], pack),
        **dict.fromkeys([f"packs:{page}" for page in ("item_edit", "item_remove")], item),
        "packs:item_file": item,
    }


def outcome_rows(world) -> dict[str, dict]:
    issue, report = {"pk": world["e_issue"].pk}, {"pk": world["e_issued"].pk}
    adoption = report | {"adoption": world["e_adoption"].pk}
    instruction = report | {"instruction": world["e_instruction"].pk}
    of_report = ("outcomes", "adoption_add", "instruction_add", "send_on", "recall")
    named = [((*OF_ISSUE, "issue_foot", "issue_printed"), issue), (of_report, report)]
    named += [((*OF_ADOPTION, "evidence"), adoption), (OF_INSTRUCTION, instruction)]
    return {f"opinions:{name}": row for names, row in named for name in names}


def activity_rows(world) -> dict[str, dict]:
    activity = {"pk": world["o_activity"].pk}
    pages = ("detail", "amend", "people", "chain", "attendance", "publish", "call_off", "drop")
    pages += ("enrol", "give_up", "ask_leave", "sheet", "leave_list", "export")
    one = activity | {"enrolment": world["o_enrolment"].pk}
    code = sheet_code(world["o_activity"], world.cast.member_of("member").pk)
    return {
        **dict.fromkeys([f"activities:{page}" for page in pages], activity),
        **dict.fromkeys(["activities:decide_leave", "activities:take_off"], one),
        "activities:sign_in": {"code": code},
        **{f"api:activity-{deed}": activity for deed in ("enrol", "give-up", "ask-leave")},
    }


PROPOSAL_PAGES = ("detail", "handling", "evaluate", "key", "supervision", "meeting")
PROPOSAL_PAGES += ("disclosure", "survey")
OF_PROPOSAL = [f"proposals:{page}" for page in (*PROPOSAL_PAGES, "survey_word")]
OF_PROPOSAL += ["public_proposals:detail", "api:proposal-detail"]
OF_PROPOSAL_DRAFT = ("proposals:rewrite", "proposals:signers")
ROOM_PAGES = ("detail", "edit", "photos", "standards", "confirm")
PHOTO_PAGES = ("photo", "photo_amend")
STANDARD_PAGES = ("evidence", "evidence_photo")
OF_RECEPTION = ["workrooms:reception"]
OF_RECEPTION += [f"workrooms:reception_{deed}" for deed in ("edit", "reveal", "receipt", "letter")]
OF_BOOK = ("workrooms:book", "workrooms:reception_new", "workrooms:paper_book", "pages:ledger")
RECEPTIONS = {*OF_RECEPTION, *OF_BOOK, "workrooms:receptions", "workrooms:reception_deed"}
RECEPTIONS |= {"pages:home", "pages:desk", "workrooms:detail"}  # the latest stand there
ROOM_DEEDS = ("duty", "duty_plan", "duty_publish", "duty_place", "duty_rule_add")
RULE_DEEDS = ("duty_rule", "duty_rule_end")
SHIFT_DEEDS = ("shift", "shift_take_over", "relief_ask")


def aftermath_rows(world) -> dict[str, dict]:
    row, waits = {"pk": world["o_consultation"].pk}, {"pk": world["e_waiting_outcome"].pk}
    file = {"pk": world["e_outcome"].pk, "file": world["e_outcome_file"].pk}
    resolution = {"pk": world["o_resolution"].pk}
    plain = {*READ_AFTERWARDS, *WRITE_AFTERWARDS, *ADD_TO_IT} - {"resolutions", "outcomes"}
    below = {
        **dict.fromkeys(plain, row),
        **dict.fromkeys(["file", "file_remove"], row | {"file": world["o_activity_file"].pk}),
        "file_add": row | {"kind": "material"},
        **dict.fromkeys(["photo", "photo_remove"], row | {"photo": world["o_activity_photo"].pk}),
        "follow_up_deed": row | {"follow_up": world["o_follow_up"].pk, "deed": "done"},
        "item_remove": row | {"item": world["o_item"].pk},
        "participant_remove": row | {"participant": world["o_participant"].pk},
        "resolution": resolution,
        "resolution_deed": resolution | {"deed": "result"},
        **dict.fromkeys(["outcome", "outcome_edit"], waits),
        "outcome_deed": waits | {"deed": "return"},
        **dict.fromkeys(["outcome_file", "outcome_file_remove"], file),
    }
    return {f"activities:{name}": value for name, value in below.items()} | {
        "api:outcome-detail": waits
    }


def following_rows(world) -> dict[str, dict]:
    issued, promise = {"pk": world["e_issued"].pk}, {"pk": world["e_promise"].pk}
    return {
        **dict.fromkeys(["opinions:handling", "opinions:evaluate"], issued),
        "opinions:handling_file": issued | {"file": 0},
        **dict.fromkeys(["promises:detail", "unit:promise", "unit_link:promise"], promise),
        **dict.fromkeys(
            ["promises:file", "unit:promise_file", "unit_link:promise_file"],
            promise | {"report": 0},
        ),
        "promises:deed": promise | {"name": "report"},
        "evaluations:decide": {"pk": world["e_evaluated"].pk},
        "evaluations:conclude": {"pk": world["e_followed"].pk},
    }


def photo_of(world) -> dict[str, int]:
    return {"pk": world["e_visit"].pk, "photo": world["e_visit"].photos.get().pk}


def area_rows(world) -> dict[str, dict]:
    named = {
        "area": ("area", "area_edit", "area_assign", "grids_add"),
        "area_member": ("area_release",),
        "grid": ("grid_edit", "grid_remove", "grid_reveal"),
        "batch": ("batch_done", "batch_undo"),
        "contact_import": tuple(f"import_{deed}" for deed in IMPORT_DEEDS),
    }
    return {
        f"contacts:{name}": {"pk": world[f"o_{label}"].pk}
        for label, names in named.items()
        for name in names
    }


IMPORT_DEEDS = ("preview", "confirm", "drop")
ROSTER_DEEDS = (*IMPORT_DEEDS, "leavers", "undo")
CONTACT_DEEDS = ("edit", "judge", "retire", "reveal")


def declared(spec: Spec, *, is_below_slug: bool) -> dict[str, int]:
    """`{person: status}` for everybody, from the short form of the table."""
    answers: dict[str, int] = {}
    if is_below_slug:
        answers = {ANONYMOUS: 302} | dict.fromkeys(OUTSIDE, 404)
        answers |= dict.fromkeys(CITY, spec.get(..., 0))
    for status, people in spec.items():
        if status is not ...:
            answers |= dict.fromkeys(people, status)
    return answers


def test_every_address_is_declared():
    assert set(names(is_admin=False)) == set(TABLE) | set(ELSEWHERE)


def readers_of(mark: str, name: str) -> set[str]:
    """Whoever may see at least one row that carries the mark's canary at that address."""
    kinds = ["contact", "visit", "draft", "with_convenor", "direct", "issued", "joint"]
    kinds += ["asked", "declined", "body", "sent"]
    if name.partition(":")[0] == "proposals" or name.startswith("api:proposal"):
        kinds += ["proposal", "proposal_draft", "proposal_asked"]
    kinds += ["waiting_outcome"] if name.startswith(("activities:outcome", "api:outcome")) else []
    kinds += ["reception", "confided"] if name in RECEPTIONS else []
    of_units = name.startswith(("unit:", "opinions:repl", "api:unit_item"))
    kinds += ["referral"] if name in REFERRALS or of_units else []
    followed = ("promises:", "unit:promise", "evaluations:conclude")
    kinds += ["promise"] if name.startswith(followed) else []
    # A colleague knows the title of a report, unless its sector is shielded.
    peers = MEMBERS if name == "opinions:peer" and mark in "eb" else set()
    return peers.union(*(READERS.get(f"{mark}_{kind}", set()) for kind in kinds))


def shown_by(answer) -> str:
    """The text of an answer; of a workbook, what shines through."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(TABLE | ELSEWHERE))
def test_address_answers_as_declared(crowd, db, name, method):
    spec = (TABLE | ELSEWHERE)[name][method == "post"]
    path = path_of(name, **rows_of(crowd.world).get(name, {}))
    answers = crowd.ask_all(method, path)
    statuses = {who: answer.status_code for who, answer in answers.items()}
    is_below_slug = name in TABLE
    assert is_below_slug == (":" in name and name not in WITHOUT_SLUG and name[:4] != "api:")
    expected = declared(spec, is_below_slug=is_below_slug)
    assert statuses == {who: expected[who] for who in statuses}
    for mark, word in CANARY.items():
        heard = {who for who, answer in answers.items() if word in shown_by(answer)}
        assert heard <= readers_of(mark, name), f"the canary of {mark} was read"
    shown = "".join(shown_by(answer) for answer in answers.values())
    own = {"督办"} if name.startswith("proposals:") else set()
    assert [word for word in NEVER_SHOWN if word in shown and word not in own] == []


DETAILS = {
    "opinions:detail": [
        *("draft", "with_convenor", "direct", "issued", "joint", "sent"),
        *("asked", "declined", "body"),
    ],
    "promises:detail": ["promise"],
    "proposals:detail": ["proposal", "proposal_draft", "proposal_asked"],
    "activities:outcome": ["outcome", "waiting_outcome", "body_outcome"],
    "contacts:visit": ["visit", "joint_visit"],
    "workrooms:reception": ["reception", "confided"],
}
SHOWN = sorted(
    (name, label)
    for name, kinds in DETAILS.items()
    for label in READERS
    if label.partition("_")[2] in kinds
)


@pytest.mark.parametrize(("name", "label"), SHOWN)
def test_a_row_opens_for_whom_it_exists(crowd, db, name, label):
    """A row of another committee opens below its own slug only."""
    row = crowd.world[label]
    for slug, people in (("city", CITY), ("county", {"countyclerk"})):
        path = path_of(name, pk=row.pk, slug=slug)
        is_home = getattr(row, "referral", row).committee.slug == slug
        asked = people & CROWD
        opened = {who for who in asked if crowd.ask(who, "get", path).status_code == 200}
        assert opened == (READERS[label] & asked if is_home else set())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_texts_are_escaped(crowd, db, language):
    """What people write is shown as they wrote it, and never as markup."""
    world = crowd.world
    mark = transaction.savepoint()
    markup = "<script>alert('金丝雀')</script>"
    visit, opinion = world["e_visit"], world["e_with_convenor"]
    entry = world["e_reception"]
    texts = {"said": markup, "community": markup, "result": markup, "gist": markup}
    type(entry).objects.filter(pk=entry.pk).update(**texts)
    type(visit).objects.filter(pk=visit.pk).update(said=markup, place=markup)
    type(opinion).objects.filter(pk=opinion.pk).update(title=markup)
    pages = {
        path_of("contacts:visit", pk=visit.pk),
        path_of("contacts:visits"),
        path_of("opinions:detail", pk=opinion.pk),
        path_of("opinions:list"),
        path_of("workrooms:reception", pk=entry.pk),
        path_of("workrooms:receptions"),
        path_of("workrooms:book", pk=world.cast.room.pk),
        path_of("pages:ledger", pk=world.cast.room.pk),
    }
    bodies = {
        path: crowd.clients["clerk"].get(path, headers={"accept-language": language})
        for path in pages
    }
    transaction.savepoint_rollback(mark)
    assert {path for path, body in bodies.items() if markup in body.content.decode()} == set()
