"""Exit codes: 0 done, 1 a run failed, 2 bad input."""

import pytest
from typer.testing import CliRunner

from sim.cli.main import cli
from sim.experiment import executor


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_failed_run_ends_with_1_and_the_others_are_kept(policy, at_home, monkeypatch):
    real = executor.build_model

    def build(region, scenario, seed, **more):
        if (scenario.name, seed) == ("short", 2):
            raise ArithmeticError("on purpose")
        return real(region, scenario, seed, **more)

    monkeypatch.setattr(executor, "build_model", build)
    words = ["run", str(policy), "--seeds", "3", "--jobs", "1", "--out", "out"]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 1
    assert "on purpose" in done.stderr
    assert "5 kjøringer ferdig, 1 feilet" in done.stderr
    assert CliRunner().invoke(cli, ["compare", "out"]).exit_code == 0
    monkeypatch.setattr(executor, "build_model", real)
    again = CliRunner().invoke(cli, words)
    assert again.exit_code == 0
    assert "6 kjøringer ferdig, 0 feilet" in again.stderr


def test_done_is_0_and_bad_input_is_2(policy, at_home):
    assert CliRunner().invoke(cli, ["check", str(policy)]).exit_code == 0
    assert CliRunner().invoke(cli, ["check", "nothing.yaml"]).exit_code == 2
    assert CliRunner().invoke(cli, ["run", str(policy), "--seeds", "0"]).exit_code == 2
