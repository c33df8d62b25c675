"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import (
    archive,
    categories,
    desk,
    evaluations,
    exporting,
    files,
    handling,
    issuing,
    moving,
    outcomes,
    peers,
    reading,
    registers,
    saved_filters,
    similar,
    submitters,
    ticked,
    unit_links,
    writing,
)
from opinions.views import replies as reply_pages

app_name = "opinions"

reports = [
    path("", reading.opinions, name="list"),
    path("review/", reading.review, name="review"),
    path("issues/", registers.issues, name="issues"),
    path("write/", writing.write, name="write"),
    path("<int:pk>/", reading.opinion, name="detail"),
    path("<int:pk>/write/", writing.rewrite, name="rewrite"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/moves/<slug:name>/", moving.move, name="move"),
]

desk_pages = [
    path("review/batch/", ticked.batch, name="batch"),
    path("review/compose/", ticked.compose, name="compose"),
    path("review/duties/", desk.duties, name="duties"),
    path("<int:pk>/parts/", desk.parts, name="parts"),
    path("<int:pk>/editor/", desk.editor, name="editor"),
]

alike = [
    path("similar/", similar.similar_to_text, name="similar_to_text"),
    path("categories/", categories.categories, name="categories"),
    path("<int:pk>/similar/", similar.similar, name="similar"),
    path("<int:pk>/category/", categories.category, name="category"),
    path("<int:pk>/peer/", peers.peer, name="peer"),
    path("<int:pk>/peer/ask/", peers.ask, name="ask_to_read"),
    path("<int:pk>/second/", peers.second_report, name="second"),
    path("<int:pk>/second/withdraw/", peers.unsecond_report, name="unsecond"),
    path("<int:pk>/secondings/", peers.secondings, name="secondings"),
    path("<int:pk>/secondings/open/", peers.let_read, name="let_read"),
    path("<int:pk>/secondings/readers/<int:reader>/", peers.answer, name="answer_reader"),
]

links = [
    path("unit-links/", unit_links.unit_links, name="unit_links"),
    path("unit-links/units/<int:pk>/make/", unit_links.make, name="unit_link_make"),
    path("unit-links/<int:pk>/extend/", unit_links.extend, name="unit_link_extend"),
    path("unit-links/<int:pk>/revoke/", unit_links.revoke, name="unit_link_revoke"),
]
replies = [
    path("replies/scan/", reply_pages.scan, name="reply_scan"),
    path("replies/files/<int:pk>/", reply_pages.file, name="reply_file"),
    path("referrals/<int:pk>/replies/", reply_pages.replies, name="replies"),
    path("referrals/<int:pk>/replies/enter/", reply_pages.enter, name="reply_enter"),
]

became = [
    path("<int:pk>/outcomes/", outcomes.outcomes, name="outcomes"),
    path("<int:pk>/outcomes/adopt/", outcomes.adoption_add, name="adoption_add"),
    path(
        "<int:pk>/outcomes/adoptions/<int:adoption>/", outcomes.adoption_edit, name="adoption_edit"
    ),
    path(
        "<int:pk>/outcomes/adoptions/<int:adoption>/remove/",
        outcomes.adoption_remove,
        name="adoption_remove",
    ),
    path("<int:pk>/outcomes/adoptions/<int:adoption>/file/", outcomes.evidence, name="evidence"),
    path("<int:pk>/outcomes/instruct/", outcomes.instruction_add, name="instruction_add"),
    path(
        "<int:pk>/outcomes/instructions/<int:instruction>/",
        outcomes.instruction_edit,
        name="instruction_edit",
    ),
    path(
        "<int:pk>/outcomes/instructions/<int:instruction>/remove/",
        outcomes.instruction_remove,
        name="instruction_remove",
    ),
    path("<int:pk>/outcomes/send-on/", outcomes.send_on, name="send_on"),
    path("<int:pk>/outcomes/recall/", outcomes.recall, name="recall"),
]
papers = [
    path("issues/export/", registers.issues_export, name="issues_export"),
    path("issues/setting/", issuing.setting, name="briefing_setting"),
    path("issues/sign/", issuing.sign, name="sign_together"),
    path("issues/<int:pk>/", issuing.issue, name="issue"),
    path("issues/<int:pk>/foot/", issuing.foot, name="issue_foot"),
    path("issues/<int:pk>/paper/", issuing.paper, name="issue_paper"),
    path("issues/<int:pk>/word/", issuing.word, name="issue_word"),
    path("issues/<int:pk>/printed/", issuing.printed, name="issue_printed"),
    path("register/", registers.reports, name="register"),
    path("register/export/", registers.reports_export, name="register_export"),
    path("adoptions/", registers.adopted, name="adoptions"),
    path("adoptions/export/", registers.adopted_export, name="adoptions_export"),
    path("adoptions/table/", registers.table, name="adoption_table"),
    path("adoptions/table/export/", registers.table_export, name="adoption_table_export"),
    path("instructions/", registers.instructed, name="instructions"),
]

following = [
    path("<int:pk>/handling/", handling.handling, name="handling"),
    path("<int:pk>/handling/files/<int:file>/", handling.reply_file, name="handling_file"),
    path("<int:pk>/evaluate/", evaluations.evaluate_report, name="evaluate"),
]

own_files = [
    path("<int:pk>/files/", files.add, name="file_add"),
    path("<int:pk>/files/<int:file>/", files.file, name="file"),
    path("<int:pk>/files/<int:file>/remove/", files.remove, name="file_remove"),
]

submitted_by = [
    path("register/paper/", submitters.register, name="register_paper"),
    path("hints/", writing.hints, name="hints"),
    path("<int:pk>/authors/", submitters.authors, name="authors"),
    path("<int:pk>/authors/answer/", submitters.answer, name="answer"),
]

searching = [
    path("export/", exporting.export, name="export"),
    path("archive/", archive.archive, name="archive"),
    path("filters/", saved_filters.saved_filters, name="saved_filters"),
    path("filters/<int:pk>/", saved_filters.rename, name="rename_filter"),
    path("filters/<int:pk>/delete/", saved_filters.delete, name="delete_filter"),
]

urlpatterns = [
    *reports,
    *desk_pages,
    *alike,
    *links,
    *replies,
    *became,
    *papers,
    *following,
    *own_files,
    *submitted_by,
    *searching,
]
