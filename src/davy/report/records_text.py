"""What an import did, as a page of the terminal: what was kept, what was not believed and why, what the days say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from textwrap import wrap

from davy.followup.baseline import WINDOW_D, Figure, least_known_days
from davy.followup.days import Day
from davy.followup.records import Record, local_day
from davy.report.records_document import RecordsDocument
from davy.report.words import first_up, plain

COLUMNS = 100
MOST = 8
"""How many single cells are shown; all of them are in the folder and in --json."""

_NAMES = {
    "headache_days_per_28": "headache days in 28",
    "acute_medicine_days_per_28": "days with acute medicine in 28",
    "pain_0_10": "worst pain of a day, 0-10",
    "sleep_onset_min": "minutes to fall asleep",
    "cramps_per_week": "cramps a week",
}


_DEVICES = (
    ("asleep_min", "Asleep", "min"),
    ("hrv_sdnn_ms", "Heart rate variability, SDNN", "ms"),
    ("hrv_rmssd_ms", "Heart rate variability, RMSSD", "ms"),
    ("resting_heart_rate_per_min", "Resting heart rate", "a minute"),
)


def records_text(made: RecordsDocument) -> str:
    """The import as text."""
    lines = [
        *wrap(
            f"What {made.folder} holds." if made.shown else _counts(made),
            COLUMNS,
            subsequent_indent="  ",
            break_on_hyphens=False,
        ),
        *_doubts(made),
        *_ignored(made),
        *_days(made.days),
        *_clinical(made.clinical),
        *_baseline(made),
    ]
    lines += _listed("Look", made.warnings)
    if made.dry_run:
        lines.append("This was a dry run: nothing was written.")
    return "\n".join(lines) + "\n"


def _counts(made: RecordsDocument) -> str:
    verb = "would be kept" if made.dry_run else "kept"
    new = f"{made.added:,} new record{'' if made.added == 1 else 's'} {verb} in {made.folder}"
    gone = f", {made.withdrawn:,} that the diary no longer says withdrawn" if made.withdrawn else ""
    return f"{new}, {made.duplicate:,} there already{gone}."


def _doubts(made: RecordsDocument) -> list[str]:
    if not made.quarantined_count:
        return []
    head = f"Not believed, set aside and counted nowhere: {made.quarantined_count:,}"
    shown = [
        f"{one.file}, {_place(one.file)} {one.line}: '{' '.join(one.value.split())[:60]}': {one.why}"
        for one in made.quarantined[:MOST]
    ]
    rest = made.quarantined_count - len(shown)
    if rest:
        shown.append(f"... and {rest:,} more, all of them with --json and in quarantine.jsonl")
    return ["", head, *_wrapped(shown)]


def _place(file: str) -> str:
    """What counts the places of a file: a bundle of resources has entries, not lines."""
    return "entry" if file.lower().endswith(".json") else "line"


def _clinical(records: Sequence[Record]) -> list[str]:
    """Laboratory values, the newest of each test, and medicines."""
    tests: dict[str, list[Record]] = {}
    for record in records:
        if record.kind == "lab" and record.value is not None:
            tests.setdefault(record.text, []).append(record)
    told: list[str] = []
    for test, values in tests.items():
        last = max(values, key=lambda one: local_day(one.start))
        amount = f"{last.comparator or ''}{last.value:.6g} {last.unit}".rstrip()
        more = f", the newest of {len(values)}" if len(values) > 1 else ""
        told.append(f"{first_up(plain(test))}: {amount} on {local_day(last.start)}{more}.")
    names = sorted({record.text for record in records if record.kind == "medicine"}, key=str.casefold)
    if names:
        told.append(f"Medicines: {'; '.join(names[:MOST])}{f' and {len(names) - MOST} more' * (len(names) > MOST)}.")
    if len(tests) > 2 * MOST:
        told = [*told[: 2 * MOST], f"... and {len(tests) - 2 * MOST} more tests", *told[len(tests) :]]
    return ["", "Laboratory and medicines", *_wrapped(told)] if told else []


def _ignored(made: RecordsDocument) -> list[str]:
    if not made.ignored:
        return []
    shown = [f"{one.what} ({one.count:,}): {one.why}" for one in made.ignored[:MOST]]
    if len(made.ignored) > MOST:
        shown.append(f"... and {len(made.ignored) - MOST} more, all of them with --json")
    return ["", "Read and not used:", *_wrapped(shown)]


def _days(days: tuple[Day, ...]) -> list[str]:
    if not days:
        return ["", "No day is known yet."]
    first, last = days[0].date, days[-1].date
    span = (last - first).days + 1
    known = [day for day in days if day.headache is not None]
    told = [f"{len(days)} of {_count(span)} known at all, {first} to {last}."]
    if known:
        told.append(
            f"Headache: known on {_count(len(known))}, {sum(bool(day.headache) for day in known)} with headache."
        )
    medicated = [day for day in days if day.acute_medicines is not None]
    if medicated:
        classes = Counter(name for day in medicated for name in set(day.acute_classes or ()))
        taken = sum(bool(day.acute_medicines) for day in medicated)
        named = "; ".join(f"{name} on {count}" for name, count in classes.most_common(4))
        of = f" ({named})" if named else ""
        told.append(f"Acute medicine: known on {_count(len(medicated))}, taken on {taken}{of}.")
    shares = [day.taken_share for day in days if day.taken_share is not None]
    if shares:
        mean = 100 * sum(shares) / len(shares)
        told.append(f"Planned magnesium: {mean:.0f} % taken; {_count(len(shares))} known.")
    return ["", "Days", *_wrapped([*told, *_measured(days)])]


def _measured(days: tuple[Day, ...]) -> Iterator[str]:
    """What devices and food logs told: on how many days, and the middle one of them."""
    for name, label, unit in _DEVICES:
        values = [value for day in days if (value := getattr(day, name)) is not None]
        if values:
            yield f"{label}: known on {_count(len(values))}, median {median(values):.3g} {unit}."
    besides = [day.supplement_mg for day in days if day.supplement_mg is not None]
    if besides:
        yield f"Magnesium besides food: known on {_count(len(besides))}, median {median(besides):.3g} mg."
    amounts = [day.dietary_mg for day in days if day.dietary_mg is not None]
    if amounts:
        whole = [one.low for one in amounts if one.high == one.low]
        between = f", median {median(whole):.3g} mg" if whole else ""
        open_ended = len(amounts) - len(whole)
        told = f"; on {_count(open_ended)} more only in part" if open_ended else ""
        yield f"Magnesium in food: known on {_count(len(whole))}{between}{told}."


def _count(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _baseline(made: RecordsDocument) -> list[str]:
    baseline = made.baseline
    figures = [figure for figure in baseline.figures if figure.value is not None]
    if not figures:
        return []
    shown = [_figure(figure, baseline.days) for figure in figures]
    if not baseline.enough:
        shown.append(f"Too little to judge by later: {WINDOW_D} days are wanted, {least_known_days()} of them known.")
    when = "So far" if made.began is None else f"Before {made.began}, the first day with magnesium"
    pairs = [f"    {figure.name}: {figure.value:.3g}" for figure in figures if figure.enough]
    file = ["  as a person file says it:", "  baseline:", *pairs] if pairs else []
    return ["", when, *_wrapped(shown), *file]


def _figure(figure: Figure, days: int) -> str:
    between = ""
    if figure.low is not None and figure.high is not None and figure.high - figure.low > 1e-9:
        between = f", {figure.low:.3g} to {figure.high:.3g} whatever the others were"
    return f"{_NAMES[figure.name]}: {figure.value:.3g} ({figure.days_known} of {days} days known{between})"


def _listed(head: str, sentences: Iterable[str]) -> list[str]:
    told = list(sentences)
    if len(told) > MOST:
        told = [*told[:MOST], f"... and {len(told) - MOST} more, all of them with --json"]
    return ["", head, *_wrapped(told)] if told else []


def _wrapped(sentences: Iterable[str]) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in wrap(sentence, COLUMNS, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    ]
