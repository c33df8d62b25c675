"""A folder of rosters as offices write them, each with a stated oracle.

people   invented people from a recorded seed; what they are is the truth
grids    the truth as cells: header layouts, and for every field the ways it is written
writers  cells as a file: xlsx, BIFF8 .xls, an HTML table named .xls, separated text
cases    the folder: each trap alone, errors, and all mixed; a case holds its file and its oracle

`python -m tests.sectors.roster_folder FOLDER` writes the files and `oracle.json` to look at. The
oracle comes from the truth and from where a trap was laid, never from the import.
"""
