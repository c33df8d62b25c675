"""Lists of the committee's members to read, print and send, as of any day.

reading    the members serving on a day, each with what was held that day, in one statement
units      工作单位及职务 → the unit
columns    what a list may show, and to whom
filters    of which day and of whom: one FilterSet for pages and API
kinds      by sector, strokes, unit, commission, street group; office-holders by rank; the directory
figures    the statistics offices publish, each with the members behind it
papers     texts to copy, Word and xlsx; statistics_papers the same of the figures
"""
