"""Papers of an office as Word files: the briefing, and the letter by GB/T 9704-2012.

`briefing_docx(Briefing(...))` and `letter_docx(Letter(...))` give the file's bytes, `word_response`
sends them. No emblem is drawn, and nothing is signed: a seal is pressed on paper.
"""

from committees.official_document.briefing import Article, Briefing, briefing_docx
from committees.official_document.letter import Letter, letter_docx
from committees.official_document.sheet import Paragraph, word_response
from committees.official_document.tables import Table

__all__ = [
    "Article",
    "Briefing",
    "Letter",
    "Paragraph",
    "Table",
    "briefing_docx",
    "letter_docx",
    "word_response",
]
