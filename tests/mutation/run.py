"""Mutation testing of the safety room: `python tests/mutation/run.py` (needs `pip install mutmut`); prints the score.

The house is copied to a temporary folder, mutmut changes one thing at a time in `src/davy/safety`, and the quick
tests of the room (all but the proofs) have to notice. Nothing in the house itself is touched.
"""

from __future__ import annotations

import ast
import copy
import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
SETUP = """[mutmut]
paths_to_mutate=src/davy/safety
tests_dir=tests/rooms/safety
also_copy=
    src
    tests
    pyproject.toml
"""


class Wordless(ast.NodeTransformer):
    """Every text made the same, so that what is left is the logic."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("text") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("text")


def logic(function: ast.FunctionDef) -> str:
    bare = Wordless().visit(copy.deepcopy(function))
    bare.name = "f"
    return ast.dump(bare)


def changes(before: ast.FunctionDef, after: ast.FunctionDef) -> str:
    one, other = (ast.unparse(node).splitlines()[1:] for node in (before, after))
    lines = difflib.unified_diff(one, other, lineterm="", n=0)
    return "\n".join(f"    {line[:160]}" for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def prepare(folder: Path) -> None:
    shutil.copytree(HOUSE / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    room = folder / "tests/rooms/safety"
    shutil.copytree(HOUSE / "tests/rooms/safety", room, ignore=shutil.ignore_patterns("__pycache__", "test_proofs.py"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(HOUSE / name, folder / name)
    (folder / "setup.cfg").write_text(SETUP, encoding="utf-8")


def report(folder: Path) -> int:
    killed = checked = 0
    for meta in sorted((folder / "mutants/src/davy/safety").glob("*.meta")):
        tree = ast.parse(meta.with_suffix("").read_text(encoding="utf-8"))
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for key, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            if code is None:
                continue
            checked += 1
            killed += code != 0
            if code == 0:
                name = key.rsplit(".", 1)[-1]
                before, after = functions[re.sub(r"__mutmut_\d+$", "__mutmut_orig", name)], functions[name]
                kind = "words" if logic(before) == logic(after) else "logic"
                print(f"survived ({kind}): {key}\n{changes(before, after)}")
    print(f"{killed} of {checked} mutants killed: {100 * killed / max(checked, 1):.1f} %")
    return 0 if checked else 1


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        subprocess.run([sys.executable, "-m", "mutmut", "run", *sys.argv[1:]], cwd=folder, check=False)
        return report(folder)


if __name__ == "__main__":
    raise SystemExit(main())
