"""Folders of people who never were: a plan that was begun, a diary before and after it, labs."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from davy.cli.main import main
from davy.followup.records import Record
from davy.store.folder import Folder

START = date(2026, 8, 30)
TODAY = date(2026, 11, 22)
PERSON = """\
davy: 1
id: visit-example
age_y: 34
sex: female
weight_kg: 64
height_cm: 168
pregnant: false
jurisdiction: EU
goals: [{goal}]
diet: {{magnesium_mg_per_day: 240, method: food-frequency}}
conditions: [migraine]
symptoms: [{symptoms}]
medicines: [{{name: sumatriptan 50 mg, at: ["12:00"]}}{medicines}]
labs:
  - {{date: 2026-07-20, test: serum-magnesium, value: 0.80, unit: mmol/L, reference_low: 0.75, reference_high: 1.0}}
  - {{date: 2026-07-20, test: creatinine, value: 70, unit: umol/L}}
  - {{date: 2026-07-20, test: potassium, value: 4.2, unit: mmol/L}}
{labs}
"""


@dataclass
class Story:
    """What happens to somebody: how often it hurts before and after, what is taken, what the laboratory says."""

    headache: Callable[[int], float] = lambda day: 0.34 if day < 0 else 0.2
    medicated: float = 0.6
    taken: Callable[[int], float | None] = lambda day: None if day < 0 else 1.0
    noted: Callable[[int], bool] = lambda day: True
    more: Callable[[int], list[Record]] = lambda day: []
    labs: tuple[str, ...] = ()
    symptoms: str = ""
    medicines: str = ""
    goal: str = "migraine-prevention"
    first: int = -28
    last: int = (TODAY - START).days
    painkiller: str = "sumatriptan"
    also: tuple[Record, ...] = field(default=())


def made(path: Path, story: Story | None = None, *, begin: bool = True) -> Path:
    """The folder of a story, its plan begun on `START` by the command itself."""
    story = story or Story()
    path.mkdir(parents=True)
    person = path / "person.yaml"
    person.write_text(written(story, labs=()))
    Folder(path).append(record for record in diary(story) if record.day < START)
    if begin:
        assert main(["follow", str(path), "--begin", "--today", str(START)]) == 0
    person.write_text(written(story, labs=story.labs))
    Folder(path).append([*diary(story), *story.also])  # what is there already is there once
    return path


def like(other: Path, path: Path, story: Story) -> Path:
    """A folder with another story under the plan that was begun in `other`."""
    path.mkdir(parents=True)
    for name in ("decisions.jsonl", "decisions.head"):
        shutil.copy(other / name, path / name)
    (path / "person.yaml").write_text(written(story, labs=story.labs))
    Folder(path).append([*diary(story), *story.also])
    return path


def written(story: Story, *, labs: tuple[str, ...]) -> str:
    """The person file."""
    lines = "".join(f"  - {{{lab}}}\n" for lab in labs)
    return PERSON.format(goal=story.goal, symptoms=story.symptoms, medicines=story.medicines, labs=lines)


def diary(story: Story) -> Iterator[Record]:
    chance = random.Random(7)  # noqa: S311  an invented diary
    for day in range(story.first, story.last):
        at = START + timedelta(days=day)
        hurts, medicated = chance.random() < story.headache(day), chance.random() < story.medicated
        yield from story.more(day)
        if not story.noted(day):
            continue
        yield Record("headache", at, value=float(hurts))
        if hurts:
            yield Record("attack", datetime.combine(at, time(9, 30)), value=float(chance.randint(4, 8)))
        if hurts and medicated:
            yield Record("acute_medicine", at, text=story.painkiller)
        else:
            yield Record("acute_medicine", at, value=0.0)
        share = story.taken(day)
        if share is not None:
            yield Record("intake", at, value=share)
