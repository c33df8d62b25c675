"""Papers of an office as Word files: the briefing, and the letter by GB/T 9704-2012.

`briefing_docx(Briefing(...))` and `letter_docx(Letter(...))` give the file's bytes, `word_response`
sends them; `name_list_docx(NameList(...))` is a list of people, `figure_tables_docx(...)` figures,
`table_cards_docx(...)` the names that stand before people at a meeting.
No emblem is drawn, and nothing is signed: a seal is pressed on paper.
"""

from committees.official_document.briefing import Article, Briefing, briefing_docx
from committees.official_document.figure_tables import FigureTables, figure_tables_docx
from committees.official_document.letter import Letter, letter_docx
from committees.official_document.name_list import NameList, Names, name_list_docx
from committees.official_document.sheet import Paragraph, word_response
from committees.official_document.table_cards import table_cards_docx
from committees.official_document.tables import Table

__all__ = [
    "Article",
    "Briefing",
    "FigureTables",
    "Letter",
    "NameList",
    "Names",
    "Paragraph",
    "Table",
    "briefing_docx",
    "figure_tables_docx",
    "letter_docx",
    "name_list_docx",
    "table_cards_docx",
    "word_response",
]
