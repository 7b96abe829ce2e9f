"""Points on file: nothing is computed twice, a failure keeps its traceback, a killed worker takes no other with it."""

import os
import signal

import pytest

from sim.evidence.points import Point, PointFolder, compute, content_key, missing
from sim.experiment import StoreError


def square(x, log):
    with open(log, "a") as file:
        file.write(f"{x}\n")
    return {"square": x * x}


def broken(x):
    raise ValueError(f"{x} is a bad number")


def deadly():
    os.kill(os.getpid(), signal.SIGKILL)


def squares(numbers, log):
    return [Point(content_key("square", n), square, (n, str(log))) for n in numbers]


def test_what_is_on_file_is_not_computed_again(tmp_path):
    log = tmp_path / "log"
    found, failed = compute(squares(range(3), log), tmp_path / "out", jobs=1)
    assert not failed
    assert sorted(row["square"] for row in found.values()) == [0, 1, 4]
    assert len(missing(squares(range(5), log), tmp_path / "out")) == 2
    found, _ = compute(squares(range(5), log), tmp_path / "out", jobs=1)
    assert len(found) == 5
    assert sorted(log.read_text().split()) == list("01234")


def test_half_a_file_counts_as_none(tmp_path):
    point = squares([3], tmp_path / "log")[0]
    store = PointFolder(tmp_path / "out")
    store.prepare()
    (store.points / f"{point.key}.json").write_text('{"squ')
    found, _ = compute([point], tmp_path / "out", jobs=1)
    assert found[point.key] == {"square": 9}


def test_a_failure_keeps_its_traceback_and_the_others_go_on(tmp_path):
    points = [Point("bad", broken, (7,)), *squares([2], tmp_path / "log")]
    found, failed = compute(points, tmp_path / "out", jobs=1)
    assert "7 is a bad number" in failed["bad"]
    assert "7 is a bad number" in (tmp_path / "out" / "failures" / "bad.txt").read_text()
    assert len(found) == 1


def test_a_point_that_kills_its_worker_takes_no_other_with_it(tmp_path):
    points = [*squares([1, 2], tmp_path / "log"), Point("deadly", deadly, ()), *squares([3, 4], tmp_path / "log")]
    found, failed = compute(points, tmp_path / "out", jobs=2)
    assert set(failed) == {"deadly"}
    assert sorted(row["square"] for row in found.values()) == [1, 4, 9, 16]


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        compute([], tmp_path / "out")


def test_keys_tell_inputs_apart():
    assert content_key("a", 1) == content_key("a", 1)
    assert content_key("a", 1) != content_key("a", 2)
    assert content_key("a", {"x": 1.0}) != content_key("a", {"x": 1.0000001})
