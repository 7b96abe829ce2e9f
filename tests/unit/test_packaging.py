"""What is needed to set up on a fresh machine: the lock, the wheel's contents, nothing of other places."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(line):
    """Return the package a requirement is about, as every index spells it."""
    return re.split(r"[<>=\[ ;]", line)[0].lower().replace("-", ".").replace("_", ".")


def pinned():
    return {name_of(line) for line in LOCK.splitlines() if re.match(r"^[a-z0-9]", line, re.I)}


def test_the_lock_names_no_place_and_hashes_everything():
    assert "://" not in LOCK
    assert "index" not in LOCK
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.strip())
    assert len(blocks) > 40
    for block in blocks:
        assert "--hash=sha256:" in block, block.splitlines()[0]
        assert "==" in block.splitlines()[0]


def test_the_lock_holds_every_dependency_for_every_python():
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    names = {name_of(line) for line in wanted}
    assert names <= pinned()
    mesa = re.findall(r"^mesa==(\S+) ; (.*?) \\", LOCK, re.M)
    assert len(mesa) == 2, "one Mesa for Python 3.11, a newer one from 3.12"
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines()]


def test_the_tree_names_no_registry_and_no_machine():
    hosts = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]
    places = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/t" + "mp/"]
    for path in tracked():
        if path.suffix in (".png", ".lock", ".parquet") or path.name == "LICENSE" or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        for word in hosts + places:
            assert word not in text, f"{path.name}: {word}"


def test_data_goes_into_the_wheel():
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {name: f"sim/_data/{name}" for name in ("regions", "scenarios", "evidence")}
    for folder in ("src/sim/region/industries", "src/sim/texts", "src/sim/model", "src/sim/evidence"):
        assert any(p.suffix in (".csv", ".yaml") for p in (ROOT / folder).iterdir())


def test_the_scripts_are_plain_shell():
    for name in ("find-python", "set-up"):
        subprocess.run(["sh", "-n", str(ROOT / "tools" / name)], check=True)


def test_set_up_names_what_is_missing(tmp_path):
    fake = tmp_path / "python3"
    fake.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *"%d.%d"*) echo 3.12;; esac\nexit 0\n')
    fake.chmod(0o755)
    done = subprocess.run(["sh", str(ROOT / "tools" / "set-up"), str(fake), str(tmp_path / "v")], cwd=tmp_path,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "apt install python3-venv or python3.12-venv" in done.stderr
    gone = subprocess.run(["sh", str(ROOT / "tools" / "set-up"), "no-such-python", "v"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert gone.returncode == 2
    assert "not found" in gone.stderr
