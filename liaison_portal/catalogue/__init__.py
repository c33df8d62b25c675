"""The English catalogue: `locale/en` made from the source without GNU gettext (`bin/messages`).

A tool for whoever writes or translates the interface; the portal itself only reads the `.mo`.
"""
