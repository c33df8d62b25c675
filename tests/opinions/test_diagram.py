from opinions.management.commands.draw_workflow import PAGE, diagram, drawn
from opinions.workflow import MOVES


def test_the_diagram_in_docs_is_current():
    page = PAGE.read_text(encoding="utf-8")
    assert drawn(page) == page, "run: python manage.py draw_workflow"


def test_every_move_is_drawn_with_all_its_ways():
    arrows = [line for line in diagram() if "-->" in line and "[*]" not in line]
    ways = sum(
        len(move.sources) * (2 if move.detour else 1)
        for name, move in MOVES.items()
        if name != "go_offline"
    )
    assert len(arrows) == ways
