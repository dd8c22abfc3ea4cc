"""Pathways for the terminal: the list, and one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill, wrap

from davy.pathways.anchoring import Anchored
from davy.pathways.explained import Explained
from davy.pathways.run import OutputValue
from davy.report.pathway_words import (
    BANDS,
    banded,
    beyond,
    effect_words,
    explained,
    held,
    interval,
    off_band,
    sentence,
    share,
    united,
)
from davy.report.pathways_document import PathwayDocument, PathwayListed
from davy.report.words import plain

WIDTH = 100


def list_text(rows: Sequence[PathwayListed]) -> str:
    """One line a pathway."""
    head = f"{'':<3}{'kind':<9}  {'met':<5}  {'id':<28}  what"
    lines = [head.rstrip(), *(line for row in rows for line in _row(row))]
    met, of = sum(row.anchors.met for row in rows), sum(row.anchors.of for row in rows)
    checked, free = sum(row.anchors.checked_met for row in rows), sum(row.anchors.checked_of for row in rows)
    stated, among = sum(row.anchors.articles_met for row in rows), sum(row.anchors.articles_of for row in rows)
    off = sum(row.off_by_default for row in rows)
    told = (
        f"{len(rows)} pathways. The letter is the grade, from A (measured in people) to D (a hypothesis); then how "
        f"many of its anchors each meets. {met} of {of} anchors are met, {checked} of the {free} that set no parameter "
        f"among them; run with the articles' own numbers, {stated} of {among} of the observations beside them are. "
        f"{off} are hypotheses (grade D): each runs only when it is asked for by name, and none feeds a plan or a dose."
    )
    return "\n".join([*lines, "", fill(told, WIDTH)]) + "\n"


def _row(row: PathwayListed) -> list[str]:
    told = f"{row.grade}  {row.kind:<9}  {_anchors(row):<5}  {row.id:<28}  {row.title}"
    return wrap(told, WIDTH, subsequent_indent=" " * 51) if len(told) > WIDTH else [told]


def run_text(made: PathwayDocument) -> str:
    """What one run gave."""
    lines = [f"{made.id}  grade {made.grade}, {made.kind}, parameter set {made.parameter_set}", f"  {made.title}"]
    if made.watermark is not None:
        lines.append(fill(f"  {made.watermark.upper()}", WIDTH, subsequent_indent="  "))
    lines += ["", fill(made.says, WIDTH, initial_indent="  ", subsequent_indent="  "), "", "At"]
    lines += [f"  {name:<24} {value:.6g}" for name, value in made.inputs.items()]
    lines += ["", f"It gives ({made.band}: 5 % to 95 % of {made.draws} draws)"]
    lines += [line for one in made.outputs for line in _output(one)]
    lines.append(fill(f"{BANDS[made.band]}.", WIDTH, initial_indent="  ", subsequent_indent="  "))
    if made.anchors:
        lines += ["", "Anchors", *_anchor_lines(made.anchors)]
    if made.explains:
        lines += ["", "Trials", *(fill(_explained(one), WIDTH, subsequent_indent="    ") for one in made.explains)]
    lines += ["", "What a specialist would attack"]
    lines.append(fill(made.attack, WIDTH, initial_indent="  ", subsequent_indent="  "))
    return "\n".join(lines) + "\n"


def _anchors(row: PathwayListed) -> str:
    return f"{row.anchors.met}/{row.anchors.of}" if row.anchors.of else "none"


def _output(one: OutputValue) -> list[str]:
    if one.value is None and one.p50 is None:
        return [f"  {one.name:<24} none"]
    value, band = banded(one.value, one.p05, one.p95)
    within = f"  ({band})" if band else ""
    absent = f", absent in {share(one.absent)} of the draws" if one.absent else ""
    told = f"  {one.name:<24} {united(value, one.unit)}{within}{absent}  {one.label}"
    told += f"; {beyond(one)}" if one.outside else ""
    told += f"; {off_band(one)}" if off_band(one) else ""
    return wrap(told, WIDTH, subsequent_indent=" " * 27)


def _explained(one: Explained) -> str:
    if one.effect is None:
        return f"  {sentence(plain(one.outcome))}: {explained(one.sentence)}"
    dose = f" at {one.dose_mg:.0f} mg a day" if one.dose_mg is not None else ""
    predicted = "" if one.predicted is None else f"; by the mechanism {one.predicted[1]:.3g} {one.unit}"
    return (
        f"  {sentence(plain(one.outcome))}: trials {effect_words(one.effect)}{dose}{predicted}. "
        f"Explained by this: {explained(one.sentence)}"
    )


def _anchor_lines(anchors: Sequence[Anchored]) -> Iterator[str]:
    for one in anchors:
        value = held(one.value, one.low, one.high, one.unit)
        use = "set a parameter" if one.use == "calibrated" else "checked"
        told = f"{one.status}: {one.what}: {value}; held to {interval(one.low, one.high, one.unit)}"
        told += f" ({one.parameter_set}, {use})"
        if one.pair is not None:
            told += f"; contradicts {one.pair}, {'both in the band' if one.pair_bracketed else 'not both in the band'}"
        yield fill(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
