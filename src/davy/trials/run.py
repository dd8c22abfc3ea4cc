"""Runs a trial: candidates in windows by number, each screened, enrolled in order, followed, and kept when finished.

What a person gets and shows depends on their number alone, so windows may be done in any order, anywhere and again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from davy import __version__
from davy.disk import write_whole
from davy.trials.chunk import Chunk
from davy.trials.cohort import reasons, screen
from davy.trials.conductor import Conductor, Progress
from davy.trials.design import Trial
from davy.trials.enrolment import Register
from davy.trials.executor import executor_of
from davy.trials.folder import RunFolder
from davy.trials.identity import identity_of
from davy.trials.parquet import Tables
from davy.trials.power import power_curve
from davy.trials.read import changed, read_trial
from davy.trials.reckoning import Reckoning
from davy.trials.reported import compared
from davy.trials.result import Exclusion, Flow, TrialResult

CHUNK = 2048
"""About how many persons are followed at a time; no result depends on it."""

RESULT = "result.json"
_PILOT = 2000
_WIDEST = 32


def run_trial(
    source: Trial | str | Path,
    *,
    people: int | None = None,
    seed: int | None = None,
    workers: int | str = 1,
    out: Path | None = None,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> TrialResult:
    """What a virtual trial would find.

    Parameters
    ----------
    source : a trial, a file, or ``example:NAME``.
    people, seed : in place of those of the trial.
    workers : processes of this machine, or the address of a Dask scheduler whose workers do it.
    out : folder for the result, the person-visits and what is finished; a run that was stopped goes on there.
    progress : told (persons done, persons in all) after each chunk.
    chunk : about how many persons are followed at a time.

    Raises
    ------
    InputError : the trial is impossible, nobody may enter it, the folder is of another run, no scheduler answers.
    StoreError : the disk is full or the workers are gone; what was finished is kept.
    """
    trial = changed(source if isinstance(source, Trial) else read_trial(source), people, seed)
    if out is None:
        with TemporaryDirectory(prefix="davy-trial-") as folder:
            return _run(trial, Path(folder), workers, progress, chunk)
    result = _run(trial, out, workers, progress, chunk, tables=True)
    text = json.dumps(result.as_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(out / RESULT, text.encode())
    return result


def _run(
    trial: Trial,
    out: Path,
    workers: int | str,
    progress: Progress | None,
    chunk: int,
    *,
    tables: bool = False,
) -> TrialResult:
    identity = identity_of(trial)
    with closing(RunFolder(out, identity, window_of(trial, chunk))) as folder:
        with closing(executor_of(workers)) as executor:
            register = Conductor(trial, folder, executor, progress).run()
        reckoning = Reckoning(trial)
        _reckon(
            reckoning, (folder.chunk(number) for number in range(len(register.tallies))), trial, out if tables else None
        )
        return _result(trial, register, reckoning, identity)


def _reckon(reckoning: Reckoning, chunks: Iterator[Chunk], trial: Trial, out: Path | None) -> None:
    if out is None:
        reckoning.take(chunks)
        return
    tables = Tables(trial, out)
    try:
        reckoning.take(chunks, [tables])
        tables.close()
    except BaseException:
        tables.abandon()
        raise


def _result(trial: Trial, register: Register, reckoning: Reckoning, identity: dict[str, str]) -> TrialResult:
    power = None
    if trial.power is not None:
        power = power_curve(trial, trial.power, reckoning.outcome(trial.power.endpoint or trial.endpoints[0].name))
    return TrialResult(
        davy=__version__,
        trial=trial.trial,
        title=trial.title or trial.trial,
        people=trial.people,
        seed=trial.seed,
        design=trial,
        flow=Flow(
            screened=sum(one.screened for one in register.tallies),
            excluded=tuple(Exclusion(*pair) for pair in zip(reasons(trial), register.excluded(), strict=True)),
            randomised=register.enrolled,
            groups=reckoning.groups(),
        ),
        characteristics=reckoning.characteristics(),
        endpoints=reckoning.endpoints(),
        power=power,
        reported=tuple(compared(trial, said, reckoning.outcome(said.endpoint)) for said in trial.reported),
        fingerprints={name: value for name, value in identity.items() if name not in ("design", "davy")}
        | {"input": identity["design"]},
    )


def window_of(trial: Trial, chunk: int) -> int:
    """How many candidates to look at so that about a chunk of them enters."""
    columns = trial.population.model_copy(update={"screening": ()})
    pilot = screen(trial.model_copy(update={"population": columns}), 0, _PILOT)
    share = max(len(pilot.eligible) / _PILOT, 1 / _WIDEST)
    wanted = min(chunk, trial.people) / share
    return int(np.ceil(min(wanted, chunk * _WIDEST)))
