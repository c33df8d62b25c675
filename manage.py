#!/usr/bin/env python
"""Run a management command; see `bin/run` for a portal ready to use."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison_portal.settings")
    from django.core.management import execute_from_command_line

    from liaison_portal.local import command, folders

    command.arrange(sys.argv[1:])
    try:
        execute_from_command_line(sys.argv)
    finally:
        folders.hand_over_all()


if __name__ == "__main__":
    main()
