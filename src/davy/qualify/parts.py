"""What a qualification is made of: one line a part, each found where its room wrote it, run here or in processes.

A part is a function of (seed, full) that returns something with `rows()`. One that is long is a module with `tasks`,
each of which can be done anywhere, and `gathered`, which joins what they return.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from davy import __version__
from davy.errors import StoreError
from davy.trials.executor import Executor, abandon, executor_of, lost, told

Progress = Callable[[int, int], None]
"""Told (tasks done, tasks in all)."""

Task = tuple[Callable[..., Any], tuple[Any, ...]]
Documents = dict[str, dict[str, Any]]
"""What was found, by the name of its file without ending."""


@dataclass(frozen=True)
class Part:
    """One part of a qualification.

    Attributes
    ----------
    name : of the part, and of its document where it has one alone.
    home : module and function; the module where `split`.
    documents : name of each document and the method of the result that gives it; empty = `rows` under `name`.
    until : what the document says while the part does not exist.
    """

    name: str
    home: str
    split: bool = False
    documents: tuple[tuple[str, str], ...] = ()
    until: str = "This part does not exist yet: nothing was run, and nothing is claimed."

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Every document and the method that gives it."""
        return self.documents or ((self.name, "rows"),)

    @property
    def there(self) -> bool:
        """Whether the part exists."""
        module, _, function = self.home.partition(":")
        try:
            found = find_spec(module) is not None
        except ModuleNotFoundError:
            return False
        return found and (not function or hasattr(import_module(module), function))

    def tasks(self, seed: int, full: bool) -> tuple[Task, ...]:
        """What has to be done, each by itself."""
        if self.split:
            return import_module(self.home).tasks(seed, full)
        return ((_whole, (self.home, seed, full)),)

    def gathered(self, seed: int, full: bool, results: Sequence[Any]) -> Any:
        """The result of the part from those of its tasks."""
        return import_module(self.home).gathered(seed, full, results) if self.split else results[0]


PARTS = (
    Part("trials", "davy.qualify.resimulated:resimulated"),
    Part("decisions", "davy.qualify.decisions:decision_quality"),
    Part("n_of_1", "davy.followup.n_of_1.characteristics:operating_characteristics"),
    Part("adapt", "davy.followup.adapt.study", True),
    Part("predictive", "davy.qualify.predictive:predictive"),
    Part("misfits", "davy.qualify.misfits:misfits"),
    Part("verification", "davy.qualify.verification:verification"),
    Part("calibration", "davy.qualify.calibration.study", True, (("sbc", "sbc"), ("coverage", "coverage"))),
    Part("pathways", "davy.qualify.pathways:pathways"),
    Part("versions", "davy.qualify.versions:versions"),
)
"""Every part, the longest tasks first, so that two processes end at about the same time."""


@dataclass(frozen=True)
class Qualified:
    """What was found, and what of it nobody expects.

    Attributes
    ----------
    unexpected : misfits that are not on record; a status other than 0 rests on them.
    """

    documents: Documents
    unexpected: tuple[str, ...]


def qualify(
    *,
    seed: int = 0,
    full: bool = False,
    workers: int = 1,
    parts: Sequence[Part] = PARTS,
    progress: Progress | None = None,
) -> Qualified:
    """Run every part that exists.

    Parameters
    ----------
    full : the long numbers, not the reduced ones.
    workers : processes of this machine; the result has the same bytes for any number.
    """
    there = [part for part in parts if part.there]
    asked = {part.name: part.tasks(seed, full) for part in there}
    done = _done([task for tasks in asked.values() for task in tasks], workers, progress)
    found: dict[str, Any] = {}
    for part in there:
        count = len(asked[part.name])
        found[part.name] = part.gathered(seed, full, done[:count])
        done = done[count:]
    documents: Documents = {}
    surprises: list[str] = []
    for part in parts:
        result = found.get(part.name)
        for name, method in part.files:
            documents[name] = _document(name, part, method, result, seed=seed, full=full)
        surprises += [f"{part.name}: {one}" for one in unexpected(result)]
    return Qualified(documents, tuple(surprises))


def unexpected(result: Any) -> list[str]:
    """What a part says nobody expects; in a table, the rows whose status on record no longer holds."""
    told: list[str] = list(result.unexpected()) if hasattr(result, "unexpected") else []
    rows: list[dict[str, Any]] = result.rows() if hasattr(result, "rows") else []
    return told + [f"{row['item']}: no longer as it is on record" for row in rows if row.get("status_holds") is False]


def _document(name: str, part: Part, method: str, result: Any, *, seed: int, full: bool) -> dict[str, Any]:
    head: dict[str, Any] = {"schema": f"davy.{name}/1", "davy": __version__, "seed": seed, "full": full}
    if result is None:
        return {**head, "available": False, "note": part.until, "rows": []}
    body = getattr(result, method)()
    about: dict[str, Any] = {}
    if method == "rows":
        about |= {"sentence": result.sentence} if hasattr(result, "sentence") else {}
        about |= result.about() if hasattr(result, "about") else {}
    return {**head, "available": True, **about, **(body if isinstance(body, dict) else {"rows": list(body)})}


def _whole(home: str, seed: int, full: bool) -> Any:
    module, _, function = home.partition(":")
    return getattr(import_module(module), function)(seed, full=full)


def _done(tasks: Sequence[Task], workers: int, progress: Progress | None) -> list[Any]:
    """The result of each task, in the order of the tasks; one whose process is killed is done again."""
    results: dict[int, Any] = {}
    with closing(executor_of(workers)) as executor:
        try:
            while len(results) < len(tasks):
                left = [number for number in range(len(tasks)) if number not in results]
                _round(executor, {number: tasks[number] for number in left}, results, len(tasks), progress)
        except BaseException:
            abandon()
            raise
    return [results[number] for number in range(len(tasks))]


def _round(
    executor: Executor, tasks: dict[int, Task], results: dict[int, Any], total: int, progress: Progress | None
) -> None:
    """Do these tasks; returns early, with some results missing, after new processes replaced one that was lost."""
    under_way: dict[Future[Any], int] = {}
    for number, (function, given) in tasks.items():
        under_way[executor.submit(function, *given)] = number
        while len(under_way) > 2 * executor.width:
            if not _settle(executor, under_way, results):
                return
            _tell(progress, len(results), total)
    while under_way:
        if not _settle(executor, under_way, results):
            return
        _tell(progress, len(results), total)


def _settle(executor: Executor, under_way: dict[Future[Any], int], results: dict[int, Any]) -> bool:
    """Wait until something is done and keep it; False where a process was lost and others took its place."""
    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for one in finished:
        number, error = under_way.pop(one), one.exception()
        if error is None:
            results[number] = one.result()
        elif not lost(error):
            raise told(error)
        elif executor.revive():
            return False
        else:
            raise StoreError("the worker processes were lost again and again; run the same command with --workers 1")
    return True


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
