"""The ODD document says what the code does."""

import pytest

from tests.documents.refresh import ODD, filled, schedule, tables


def test_the_tables_of_the_odd_document_agree_with_the_code():
    text = ODD.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make refresh` and read what changed"


def test_a_changed_table_would_be_noticed():
    text = ODD.read_text(encoding="utf-8")
    spoilt = text.replace("export_elasticity", "export_elasticity2", 1)
    assert spoilt != text
    assert filled(spoilt) == text


def test_a_missing_place_is_an_error():
    with pytest.raises(ValueError, match="no place"):
        filled("nothing")


def test_the_schedule_is_read_from_step():
    assert [name for name, _ in schedule()][:3] == ["policy_clock", "organisations_act", "knowledge_pools"]
    assert all(words for _, words in schedule())
    assert set(tables()) >= {"parameters", "switches", "schedule", "instruments"}
