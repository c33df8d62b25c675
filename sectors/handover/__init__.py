"""The handover from one term to the next (换届), step by step.

roster     who stays, enters and leaves, by sector, as the draft says
turning    the old term ended, the new one begun: in the caller's transaction
undoing    the old term as it was
holdings   what leavers hold: each app registers its own in `<app>/holdings`
actions    prepare, choose, drop, open, undo; hand over
"""
