"""docs/facts.md says what the bands and the list of evidence say."""

from sim.evidence.facts import bands
from sim.evidence.facts.table import reasons
from tests.documents.facts_page import PAGE, filled


def test_the_tables_agree_with_the_code():
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make refresh`"


def test_reasons_are_of_rows_that_exist():
    assert set(reasons()) <= set(bands())
    assert all(len(why) > 10 for why in reasons().values())
