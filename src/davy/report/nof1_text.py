"""What ``davy nof1 analyse`` prints: the verdict first, then the numbers it rests on and what to mind."""

from __future__ import annotations

from textwrap import wrap

from davy.followup.n_of_1.pooled import PooledTrials
from davy.followup.n_of_1.result import Analysis, Contrast
from davy.report.terminal import COLUMNS, SAFER
from davy.report.trial_text import aligned
from davy.report.words import first_up, number, short

VERDICTS = {
    "benefit": "Benefit",
    "harm": "Worse, not better",
    "no_association": "No association",
    "undecided": "No verdict",
}
KINDS = {
    "scale": "a plain scale",
    "count": "counts",
    "binary": "yes or no",
    "ordinal": "ordered levels",
}


def analysis_text(made: Analysis) -> str:
    """An analysis as text that fits a terminal."""
    lines = [headline(made).upper(), *wrap(first_up(made.sentence), COLUMNS), ""]
    rows = [
        (one.arm, str(one.days), str(one.missing), "" if one.mean is None else short(one.mean)) for one in made.arms
    ]
    lines += aligned(("arm", "days", "missing", "mean"), rows)
    for one in made.contrasts:
        lines += wrap(contrast_words(one, made), COLUMNS, initial_indent="  ", subsequent_indent="    ")
    lines += ["", *(line for told in details(made) for line in wrap(told, COLUMNS))]
    if made.missing:
        lines += ["", "If the missing days had been otherwise"]
        rows = [(one.what, short(one.effect), chance(one.p_benefit)) for one in made.missing]
        lines += aligned(("", "effect", "P(benefit)"), rows)
    if made.warnings:
        lines += ["", "Mind"]
        for warning in made.warnings:
            lines += wrap(warning, COLUMNS, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines).translate(SAFER) + "\n"


def headline(made: Analysis) -> str:
    """The verdict in a few words; where an arm did worse it is named, since it may be the placebo."""
    if made.verdict == "harm":
        return f"Worse on {made.main.second} than on {made.main.first}"
    if made.verdict == "benefit":
        return f"Better on {made.main.second} than on {made.main.first}"
    return VERDICTS[made.verdict]


def contrast_words(one: Contrast, made: Analysis) -> str:
    """One arm against another, in a line."""
    return (
        f"{one.second} against {one.first}: {short(one.effect)} ({short(one.low)} to {short(one.high)}) {made.unit}, "
        f"P(benefit) {chance(one.p_benefit)}"
    )


def details(made: Analysis) -> list[str]:
    """How the answer came about, a sentence each."""
    main, test = made.main, made.randomisation
    how = "all" if test.exact else "a sample of the"
    return [
        f"The effect is {main.second} minus {main.first} at steady state, {made.better} is better; the outcome was "
        f"read as {KINDS[made.kind]}.",
        f"The rule: {made.rule}.",
        f"Correlation from one day to the next: {number(main.rho)}. Lag of effect {number(main.lag_d, 1)} d.",
        f"{made.blocks} blocks, {made.cycles} whole cycles. Randomisation test over {how} {test.assignments:,} "
        f"assignments: p = {short(test.p)} (two-sided {short(test.p_two_sided)}); the smallest possible is "
        f"{short(test.smallest_p)}, and calling p <= 0.05 errs in {100 * test.attained:.1f} % of trials without "
        "effect.",
    ]


def chance(p: float) -> str:
    """A probability for reading."""
    return "> 0.999" if p > 0.999 else "< 0.001" if p < 0.001 else f"{p:.3f}"


def pooled_text(made: PooledTrials) -> str:
    """Several trials together as text."""
    interval = "" if made.low is None or made.high is None else f" ({short(made.low)} to {short(made.high)})"
    lines = [f"{len(made.persons)} trials: {made.contrast} {short(made.estimate)}{interval} {made.unit} on average"]
    lines.append(f"Persons differ by an SD of {short(made.between_sd)}.")
    if made.next_low is not None and made.next_high is not None:
        lines.append(f"Another such person: {short(made.next_low)} to {short(made.next_high)}.")
    rows = [
        (
            one.name,
            f"{short(one.effect)} ({short(one.low)} to {short(one.high)})",
            f"{short(one.with_others)} ({short(one.with_others_low)} to {short(one.with_others_high)})",
        )
        for one in made.persons
    ]
    lines += ["", *aligned(("person", "alone", "in the light of the others"), rows)]
    for warning in made.warnings:
        lines += ["", *wrap(warning, COLUMNS)]
    return "\n".join(lines).translate(SAFER) + "\n"
