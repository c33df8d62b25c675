"""Addresses below `/<slug>/responsibilities/`: duties, papers and hearings of the year."""

from django.urls import path

from activities.views import responsibilities as board
from activities.views import yearly

app_name = "responsibilities"

urlpatterns = [
    path("", board.board, name="board"),
    path("carry-over/", board.carry, name="carry_over"),
    path("sectors/<int:pk>/", board.sector, name="sector"),
    path("commissions/<int:pk>/", board.commission, name="commission"),
    path("<slug:body>/<int:pk>/facts/<slug:measure>/", board.rows, name="rows"),
    path("<slug:body>/<int:pk>/<int:year>/<slug:kind>/write/", yearly.write, name="write"),
    path("papers/<int:pk>/", yearly.paper, name="paper"),
    path("papers/<int:pk>/submit/", yearly.submit, name="submit"),
    path("papers/<int:pk>/return/", yearly.give_back, name="return"),
    path("papers/<int:pk>/word/", yearly.word, name="word"),
    path("<slug:body>/<int:pk>/hearings/", yearly.hear, name="hear"),
    path("hearings/<int:pk>/withdraw/", yearly.unhear, name="unhear"),
]
