"""The app is tested in this process; what it puts in place of the main module is taken away again."""

import sys

import pytest


@pytest.fixture(autouse=True)
def own_main_module(monkeypatch):
    """Give back the main module after each test: worker processes of later tests import it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
