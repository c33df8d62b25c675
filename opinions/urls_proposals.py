"""Addresses below `/<slug>/proposals/`."""

from django.urls import path

from opinions.views import evaluations
from opinions.views import proposal_elsewhere as elsewhere
from opinions.views import proposal_handling as handling
from opinions.views import proposal_writing as writing
from opinions.views import proposals as reading

app_name = "proposals"

proposals = [
    path("", reading.proposals, name="list"),
    path("desk/", reading.desk, name="desk"),
    path("register/", reading.register, name="register"),
    path("export/", reading.export, name="export"),
    path("elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("write/", writing.write, name="write"),
    path("suggest/<int:pk>/", writing.suggest, name="suggest"),
    path("<int:pk>/", reading.proposal, name="detail"),
    path("<int:pk>/write/", writing.rewrite, name="rewrite"),
    path("<int:pk>/signers/", writing.signers, name="signers"),
    path("<int:pk>/sign/<slug:answer>/", writing.sign, name="sign"),
    path("<int:pk>/moves/<slug:name>/", writing.move, name="move"),
    path("<int:pk>/files/<int:file>/", reading.file, name="file"),
    path("<int:pk>/handling/", handling.handling, name="handling"),
    path("<int:pk>/evaluate/", evaluations.evaluate_proposal, name="evaluate"),
    path("<int:pk>/key/", handling.key, name="key"),
    path("<int:pk>/supervisions/", handling.supervision, name="supervision"),
    path("<int:pk>/meetings/", handling.meeting, name="meeting"),
    path("<int:pk>/disclosure/", handling.disclosure, name="disclosure"),
    path("<int:pk>/replies/<int:reply>/", handling.reply, name="reply"),
    path("<int:pk>/survey/", handling.survey, name="survey"),
    path("<int:pk>/survey.docx", handling.survey_word, name="survey_word"),
]

urlpatterns = [*proposals]
