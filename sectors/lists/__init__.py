"""Lists of the committee's members to read, print and send, as of any day.

reading    the members serving on a day, each with what was held that day, in one statement
units      工作单位及职务 → the unit
columns    what a list may show, and to whom
kinds      by sector, by strokes, by unit, office-holders by rank
figures    the statistics offices publish, each with the members behind it
papers     texts to copy, Word and xlsx
"""
