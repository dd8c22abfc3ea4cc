"""``davy pathways build``: response curves and anchors that are stale, computed again and kept with their hash."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from davy.cli.options import Options, Reply, whole
from davy.errors import Fault, InputError, KnowledgeError, SolveError
from davy.tables import knowledge_file

T = TypeVar("T", bound=Hashable)
R = TypeVar("R")


def arguments(parser: ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("--all", action="store_true", help="everything again, not only what is stale")
    text = "processes to work in (default 1)"
    parser.add_argument("--workers", type=lambda told: whole(told, least=1, most=64), metavar="N", help=text)


def run(options: Options) -> Reply:
    """What was built, and how long it took."""
    from davy.pathways.build import anchor_tasks, anchors_entry, curve_files, curve_of, curve_tasks
    from davy.pathways.curves import FOLDER, stored_curve
    from davy.pathways.record import FILE, record_text, records

    began = perf_counter()
    tasks = curve_tasks(all_again=options.all)
    made, failed = _done(curve_of, tasks, options.workers)
    for file, text in made.values():
        _write(_place(file), text)
    stored_curve.cache_clear()
    folder = _place(FOLDER)
    gone = [one for one in folder.glob("*.json") if f"{FOLDER}/{one.name}" not in curve_files()]
    for one in gone:
        one.unlink()
    names = anchor_tasks(all_again=options.all)
    entries, lost = _done(anchors_entry, names, options.workers)
    _write(_place(FILE), record_text({**records(), **entries}.values()))
    took = perf_counter() - began
    told = f"{len(made)} response curves and the anchors of {len(entries)} pathways computed in {took:.1f} s"
    told += f"; {len(gone)} curves of nothing removed.\n" if gone else ".\n"
    return Reply(told + "".join(f"  {one}\n" for one in (*failed, *lost)), 1 if failed or lost else 0)


def _done(function: Callable[[T], R], tasks: Sequence[T], workers: int) -> tuple[dict[T, R], list[str]]:
    """What each task gave, and what is told of those that did not converge."""
    from davy.trials.executor import executor_of

    done: dict[T, R] = {}
    failed: list[str] = []
    with closing(executor_of(workers if len(tasks) > 1 else 1)) as executor:
        for task, under_way in [(task, executor.submit(function, task)) for task in tasks]:
            try:
                done[task] = under_way.result()
            except (SolveError, KnowledgeError) as error:
                failed.append(f"{task}: {error}")
    return done, failed


def _place(file: str) -> Path:
    place = knowledge_file(file)
    if not isinstance(place, Path):
        raise InputError([Fault(str(place), "this copy of Davy cannot be written to", "unpack it into a folder")])
    return place


def _write(place: Path, text: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError([Fault(str(place), f"cannot be written: {error.strerror}", "a folder of your own")]) from None
