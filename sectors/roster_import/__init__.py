"""The roster import: a file as the office has it, step by step, to dated rows.

reading   file → sheets of plain cells (workbook_child reads workbooks in a limited process)
columns   header names → fields
cells     one cell → one value, or a complaint
judging   a column of cells, each distinct text once
rows      sheets → rows, with every complaint at once
matching  rows ↔ members the committee has
plan      what is new, changed, unchanged, leaving
applying  the plan → database, all or nothing
"""
