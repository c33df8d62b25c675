"""`bin/messages`: see CONTRIBUTING.md."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from liaison_portal.catalogue import book, sources


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/messages", description=__doc__)
    parser.add_argument("--fill", type=Path, metavar="FILE", help="JSON: {Chinese: English}")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if it would")
    options = parser.parse_args()

    said = sources.messages()
    now = book.read()
    fresh = book.merged(now, said)
    unknown = book.fill(fresh, book.translations_in(options.fill)) if options.fill else []
    is_changed = str(fresh) != str(now)
    if not options.check:
        book.write(fresh)
    missing, wrong = book.missing(fresh), book.wrong(fresh)
    # On stdout what is missing and nothing else: filled in, the same text goes to --fill.
    if missing:
        print(json.dumps(missing, ensure_ascii=False, indent=1))
    for what, names in (("not in the source", unknown), ("placeholders differ", wrong)):
        for name in names:
            print(f"{what}: {name}", file=sys.stderr)
    print(f"{len(fresh)} messages, {len(missing)} without English.", file=sys.stderr)
    return int(bool(missing or wrong or (options.check and is_changed)))


if __name__ == "__main__":
    sys.exit(main())
