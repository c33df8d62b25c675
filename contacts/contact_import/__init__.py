"""The import of contacts: a file is read, previewed as a whole, and then confirmed or dropped.

Reading a file, its cells and complaints are the roster import's (sectors/roster_import).
"""
