"""The rooms lie in one order: a room imports only from rooms above it, and files stay small."""

import ast
import shutil
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sim"
FILES = ("elementary", "random_numbers")
ORDER = (*FILES, "region", "scenario", "model", "organisations", "instruments", "events", "experiment", "evidence",
         "texts", "compare", "cli", "app")  # fmt: skip


def imports(path):
    """Yield the rooms a file imports when it runs (types only under TYPE_CHECKING are left out)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim."):
            yield node.module.split(".")[1]
        if isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("sim."))


def files():
    return sorted(SOURCE.rglob("*.py"))


def test_every_room_is_in_the_order():
    rooms = {p.name for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert rooms == set(ORDER) - set(FILES)


def test_a_room_imports_only_from_rooms_above_it():
    wrong = []
    for path in files():
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        for other in imports(path):
            if other in ORDER and ORDER.index(other) > ORDER.index(room):
                wrong.append(f"{path.relative_to(SOURCE)} imports sim.{other}")
    assert not wrong, "\n".join(wrong)


def test_a_change_of_any_file_that_moves_results_changes_the_identity_of_the_code(tmp_path, monkeypatch):
    from sim.experiment import reference

    copy = tmp_path / "sim"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(reference, "files", lambda name: copy)
    seen = {reference.code_identity.__wrapped__()}
    for name in (*(f"{name}.py" for name in FILES), "model/conduct.py", "instruments/seed_fund.py"):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        found = reference.code_identity.__wrapped__()
        assert found not in seen, name
        seen.add(found)


def test_files_are_small_enough_to_read():
    long = {str(p.relative_to(SOURCE)): n for p in files() if (n := len(p.read_text().splitlines())) > 450}
    assert not long


def test_every_room_says_why_it_exists():
    for path in SOURCE.glob("*/__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
