"""`python -m tests.sectors.roster_folder FOLDER`: the files and their oracles, to look at."""

import json
import sys
from pathlib import Path

from tests.sectors.roster_folder.folder import folder

target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
oracles = {}
for case in folder():
    suffix = Path(case.file_name).suffix
    (target / f"{case.name}{suffix}").write_bytes(case.content)
    oracles[f"{case.name}{suffix}"] = case.oracle
oracle = json.dumps(oracles, ensure_ascii=False, indent=1, default=str)
(target / "oracle.json").write_text(oracle)
print(len(oracles))
