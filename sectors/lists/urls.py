"""Addresses of the lists, below `/<slug>/sectors/lists/`; names in `sectors:`."""

from django.urls import path

from sectors.lists.views import cards, lists, statistics

urlpatterns = [
    path("", lists.name_list, name="lists"),
    path("columns/", lists.columns, name="list_columns"),
    path("statistics/", statistics.statistics, name="list_statistics"),
    path("statistics/xlsx/", statistics.xlsx, name="statistics_xlsx"),
    path("statistics/word/", statistics.word, name="statistics_word"),
    path("<slug:kind>/", lists.name_list, name="list_of"),
    path("<slug:kind>/word/", lists.word, name="list_word"),
    path("<slug:kind>/xlsx/", lists.xlsx, name="list_xlsx"),
    path("<slug:kind>/cards/", cards.cards, name="list_cards"),
    path("<slug:kind>/cards/word/", cards.word, name="list_cards_word"),
    path("<slug:kind>/phones/", lists.phones, name="list_phones"),
]
