"""Pathways for the terminal: the list, and one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

from davy.pathways.anchoring import Anchored
from davy.pathways.explained import Explained
from davy.pathways.run import OutputValue
from davy.report.pathway_words import interval, share, shown
from davy.report.pathways_document import PathwayDocument, PathwayListed

WIDTH = 100


def list_text(rows: Sequence[PathwayListed]) -> str:
    """One line a pathway."""
    lines = [f"{row.grade}  {row.kind:<9}  {_anchors(row):<12}  {row.id:<28}  {row.title}" for row in rows]
    met, of = sum(row.anchors.met for row in rows), sum(row.anchors.of for row in rows)
    checked, free = sum(row.anchors.checked_met for row in rows), sum(row.anchors.checked_of for row in rows)
    stated, among = sum(row.anchors.articles_met for row in rows), sum(row.anchors.articles_of for row in rows)
    off = sum(row.off_by_default for row in rows)
    told = (
        f"{len(rows)} pathways; {met} of {of} anchors met, {checked} of the {free} that set no parameter among them; "
        f"run with the articles' own numbers, {stated} of {among} of the observations beside them are. "
        f"{off} are hypotheses (grade D): each runs only when it is asked for by name, and none feeds a plan or a dose."
    )
    return "\n".join([*lines, "", fill(told, WIDTH)]) + "\n"


def run_text(made: PathwayDocument) -> str:
    """What one run gave."""
    lines = [f"{made.id}  grade {made.grade}, {made.kind}, parameter set {made.parameter_set}", f"  {made.title}"]
    if made.watermark is not None:
        lines.append(fill(f"  {made.watermark.upper()}", WIDTH, subsequent_indent="  "))
    lines += ["", fill(made.says, WIDTH, initial_indent="  ", subsequent_indent="  "), "", "At"]
    lines += [f"  {name:<24} {value:.6g}" for name, value in made.inputs.items()]
    lines += ["", f"It gives ({made.band} over {made.draws} draws: 5 % to 95 %)"]
    lines += [_output(one) for one in made.outputs]
    if made.anchors:
        lines += ["", "Anchors", *_anchor_lines(made.anchors)]
    if made.explains:
        lines += ["", "Trials", *(fill(_explained(one), WIDTH, subsequent_indent="    ") for one in made.explains)]
    lines += ["", "What a specialist would attack"]
    lines.append(fill(made.attack, WIDTH, initial_indent="  ", subsequent_indent="  "))
    return "\n".join(lines) + "\n"


def _anchors(row: PathwayListed) -> str:
    return f"{row.anchor_status} {row.anchors.met}/{row.anchors.of}" if row.anchors.of else "no anchor"


def _output(one: OutputValue) -> str:
    if one.value is None and one.p50 is None:
        return f"  {one.name:<24} none"
    told = "none" if one.value is None else shown(one.value, one.unit)
    band = "" if one.p05 is None or one.p95 is None else f"  ({one.p05:.4g} to {one.p95:.4g})"
    absent = f", absent in {share(one.absent)} of the draws" if one.absent else ""
    return f"  {one.name:<24} {told}{band}{absent}  {one.label}"


def _explained(one: Explained) -> str:
    if one.effect is None:
        return f"  {one.outcome}: {one.sentence}"
    effect = f"{one.effect.estimate:.3g} ({one.effect.low:.3g} to {one.effect.high:.3g}) {one.unit}"
    dose = f" at {one.dose_mg:.0f} mg a day" if one.dose_mg is not None else ""
    predicted = "" if one.predicted is None else f"; by the mechanism {one.predicted[1]:.3g} {one.unit}"
    return f"  {one.outcome}: trials {effect}{dose}{predicted}: {one.sentence}"


def _anchor_lines(anchors: Sequence[Anchored]) -> Iterator[str]:
    for one in anchors:
        value = "none" if one.value is None else shown(one.value, one.unit)
        held = interval(one.low, one.high, one.unit)
        told = f"{one.status}: {one.what}: {value}; held to {held} ({one.parameter_set}, {one.use})"
        if one.pair is not None:
            told += f"; contradicts {one.pair}, {'both in the band' if one.pair_bracketed else 'not both in the band'}"
        yield fill(told, WIDTH, initial_indent="  ", subsequent_indent="    ")
