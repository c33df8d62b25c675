"""Addresses below `/<slug>/opinions/`."""

from django.urls import path

from opinions.views import issuing, moving, outcomes, reading, registers, writing

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

urlpatterns = [*reports, *became, *papers]
