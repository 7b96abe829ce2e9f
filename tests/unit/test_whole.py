"""Files are written whole or not at all."""

import os
import threading

import pytest

from sim.experiment.whole import read_json, whole, write_text


def test_nothing_is_seen_before_it_is_whole_and_the_place_is_hidden(tmp_path):
    with whole(tmp_path / "a.txt") as part:
        part.write_text("new")
        assert not (tmp_path / "a.txt").exists()
        assert part.name.startswith(".")
        assert str(os.getpid()) in part.name
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("folder", [True, False])
def test_what_fails_leaves_what_was_there(tmp_path, stop, folder):
    write_text(tmp_path / "a.txt", "old")

    def write():
        with whole(tmp_path / "a.txt") as part:
            part.mkdir() if folder else part.write_text("half")
            raise stop

    with pytest.raises(stop):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_text_makes_its_folder_and_a_file_in_the_way_is_told(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "x")
    with pytest.raises(OSError, match=r"b\.txt"):
        write_text(tmp_path / "a" / "b.txt" / "c.txt", "x")


def test_a_spoilt_file_counts_as_none(tmp_path):
    write_text(tmp_path / "a.json", '{"a": 1}')
    write_text(tmp_path / "b.json", '{"a": ')
    assert [read_json(tmp_path / f"{name}.json") for name in "abc"] == [{"a": 1}, None, None]


def test_threads_that_write_the_same_file_do_not_meet(tmp_path):
    path, wrong = tmp_path / "file.txt", []

    def write(letter):
        try:
            for _ in range(50):
                write_text(path, letter * 20_000)
        except OSError as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if path.exists():
            wrong += [1] * (path.read_text(encoding="utf-8") not in ("a" * 20_000, "b" * 20_000))
    assert not wrong
