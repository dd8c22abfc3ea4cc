"""``davy replay`` in the terminal: whether the log is whole, and what this version decides otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from davy.followup.replay.comparing import Difference, Outcome
from davy.report.replay_document import ReplayDocument
from davy.report.terminal import COLUMNS, SAFER
from davy.report.words import mg

MOST = 12
WORDS = {
    "same": "Every decision comes out the same.",
    "safer": "Nothing is riskier; some decisions are safer than they were.",
    "riskier": "Some decisions are riskier than they were: this fails.",
    "broken": "This log is not sound: this fails.",
}


def replay_text(made: ReplayDocument) -> str:
    """The replay as text of at most a hundred columns."""
    lines = [f"Replay of {made.log} by Davy {made.versions['davy']}", "", *_chain(made), ""]
    lines += [WORDS[made.verdict], _counts(made), *_listed(made)]
    return "\n".join(_wrapped(line) for line in lines) + "\n"


def _chain(made: ReplayDocument) -> Iterator[str]:
    if made.faults:
        many = "one place" if len(made.faults) == 1 else f"{len(made.faults)} places"
        yield f"The chain is broken in {many}:"
        for fault in made.faults[:MOST]:
            yield f"  line {fault.line}: {fault.sentence}."
        yield from _more(len(made.faults))
    else:
        many = sum(made.entries.values())
        yield f"The chain holds: {_many(many, 'entry', 'entries')}, {_many(made.entries['stop'], 'stop')} among them."
        yield f"  It ends with {made.head}"
    yield from (f"  Note: {note}." for note in made.notes)


def _counts(made: ReplayDocument) -> str:
    told = f"{_many(made.replayed, 'decision')} made again: {made.same} the same"
    if made.told_otherwise:
        told += f" ({made.told_otherwise} for other reasons)"
    told += f", {made.safer} safer, {made.riskier} riskier."
    return told if not made.not_replayed else f"{told} {len(made.not_replayed)} could not be made again."


def _listed(made: ReplayDocument) -> Iterator[str]:
    for kind, caption in (("riskier", "Riskier"), ("safer", "Safer")):
        found = [one for one in made.differences if one.change == kind]
        if found:
            yield ""
            yield f"{caption}:"
            for one in found[:MOST]:
                yield from _difference(one)
            yield from _more(len(found))
    if made.not_replayed:
        yield ""
        yield "Not made again:"
        yield from (f"  line {one.line}, {one.day}: {one.why}." for one in made.not_replayed[:MOST])
        yield from _more(len(made.not_replayed))


def _difference(one: Difference) -> Iterator[str]:
    yield f"  line {one.line}, {one.day}: {_outcome(one.then)} then; {_outcome(one.now)} now."
    parts = [f"riskier in {', '.join(one.riskier_in)}"] if one.riskier_in else []
    parts += [f"safer in {', '.join(one.safer_in)}"] if one.safer_in else []
    yield f"    {'; '.join(parts)}."
    if one.asked_no_more:
        yield f"    Asked no more: {', '.join(one.asked_no_more[:MOST])}."
    if one.asked_anew:
        yield f"    Asked anew: {', '.join(one.asked_anew[:MOST])}."
    if one.same_versions:
        yield "    This very version is said to have made it, and does not: the entry is not what was written."


def _outcome(one: Outcome) -> str:
    dose = "nothing said of a dose" if one.mg_per_day is None else f"{mg(one.mg_per_day)} a day"
    until = "" if one.until is None else f" until {one.until}"
    return f"{one.action.replace('_', ' ')}, {dose}{until}"


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def _more(count: int) -> Iterator[str]:
    if count > MOST:
        yield f"  and {count - MOST} more: --json lists them all."


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    said = line.translate(SAFER)
    return fill(said, COLUMNS, subsequent_indent=f"{indent}  ", break_on_hyphens=False) if said.strip() else ""
