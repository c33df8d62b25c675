from opinions import proposal_diagram
from opinions.management.commands.draw_workflow import PAGE, diagram, drawn
from opinions.proposal_workflow import PROPOSAL_MOVES
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


def test_the_diagram_of_proposals_is_current():
    page = proposal_diagram.PAGE.read_text(encoding="utf-8")
    assert proposal_diagram.drawn(page) == page, "run: python manage.py draw_workflow"


def test_every_move_of_proposals_is_drawn_with_all_its_ways():
    arrows = [line for line in proposal_diagram.diagram() if "-->" in line and "[*]" not in line]
    ways = sum(
        len(move.sources) * len(proposal_diagram.targets_of(move))
        for move in PROPOSAL_MOVES.values()
    )
    assert len(arrows) == ways
