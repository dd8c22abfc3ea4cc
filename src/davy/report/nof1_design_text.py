"""What ``davy nof1 design`` prints: the design and its error rates, or what a refusal says and what to do instead."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from davy.followup.n_of_1.checklist import Filled, checklist
from davy.followup.n_of_1.design import Design, Instead
from davy.followup.n_of_1.priors import number as prior_number
from davy.report.terminal import COLUMNS, SAFER
from davy.report.trial_text import aligned
from davy.report.words import short


def design_text(made: Design, *, written: str | None = None) -> str:
    """A design or a refusal as text that fits a terminal."""
    head = "NO TRIAL OF THIS KIND, AND WHY" if made.refusal else "A TRIAL OF ONE PERSON"
    lines = [f"{head}: {made.row.words}, {made.person}"]
    lines += wrap(made.refusal.sentence if made.refusal else aim_words(made), COLUMNS)
    lines += [
        "",
        *aligned(("arm", "", "safety"), [(one.arm.id, one.arm.words, plainly(one.verdict)) for one in made.judged]),
    ]
    refused = (found.sentence for one in made.judged for found in one.findings if found.severity == "refuse")
    for sentence in dict.fromkeys(refused):
        lines += wrap(sentence, COLUMNS, initial_indent="  ! ", subsequent_indent="    ")
    if made.file is not None:
        lines += ["", *(line for told in plan_words(made) for line in wrap(told, COLUMNS))]
        rows = [(one.label, str(one.cycle), f"{one.from_day}-{one.to_day}") for one in made.file.blocks]
        lines += ["", *aligned(("pack", "cycle", "days"), rows)]
    if made.tried:
        lines += ["", *(line for told in rate_words(made) for line in wrap(told, COLUMNS))]
        lines += ["", f"Power for {made.smallest:g} {made.row.unit}, by length of block and by lag of effect"]
        lines += aligned(*sensitivity(made))
    if made.refusal is not None:
        lines += ["", *(line for told in instead_words(made, made.refusal.instead) for line in wrap(told, COLUMNS))]
    lines += ["", "Baseline"]
    for told in made.baseline.told:
        lines += wrap(told, COLUMNS, initial_indent="  - ", subsequent_indent="    ")
    if made.file is not None:
        blank = sum(1 for one in (*checklist(made, "cent"), *checklist(made, "spent")) if one.answer is None)
        lines += [
            "",
            *wrap(f"CENT 2015 and SPENT 2019 are filled in with --json or --report; {blank} items are yours.", COLUMNS),
        ]
        lines += [
            f"The design is in {written}; keep it for `davy nof1 analyse --design`."
            if written
            else "Keep it: --out design.yaml, for `davy nof1 analyse --design`."
        ]
    return "\n".join(lines).translate(SAFER) + "\n"


def plainly(verdict: str) -> str:
    """A verdict in plain words."""
    return {"allowed": "allowed", "with_care": "with care", "refused": "refused"}[verdict]


def aim_words(made: Design) -> str:
    """What the trial would find out."""
    label = "blinded" if made.blinded else "open: taking it, placebo response included"
    return f"Does it change {made.row.words} by {made.smallest:g} {made.row.unit} or more, for this person? ({label})"


def plan_words(made: Design) -> list[str]:
    """How it runs, a sentence each."""
    if made.layout is None or made.null is None or made.power is None:
        return []
    weeks = -(-(made.layout.days + made.run_in_days) // 7)
    looks = " and ".join(f"day {day}" for day in made.looks)
    told = [
        f"{made.run_in_days} days of run-in (diary only), then {len(made.layout.order)} blocks of "
        f"{made.layout.block_days} days in {made.layout.cycles} cycles, each shuffled (seed {made.ask.seed}). "
        f"{weeks} weeks in all.",
        f"The rule: benefit is declared where P(benefit) is above {made.null.threshold:g}, at {looks} alone.",
        f"Without any effect it is declared in {100 * made.null.kept:.1f} % of trials; an effect of {made.smallest:g} "
        f"{made.row.unit} is found in {100 * made.power.overall:.0f} % (simulated, over the prior on the lag).",
    ]
    if made.blinded:
        told.append(
            "Blinding: someone who does not read the diary fills the packs by the code in the design file and keeps "
            "it; "
            f"the person sees labels alone. SHA-256 of the code: {made.code}"
        )
    else:
        told.append("The trial is open: its effect is that of taking it, placebo response included.")
    return told


def rate_words(made: Design) -> list[str]:
    """Error rates in sentences."""
    told: list[str] = []
    if made.null is not None and made.power is not None:
        null, looks = made.null, len(made.looks)
        told.append(
            f"Type-I error of one look at 0.95: {null.single:.3f}; of {looks} looks at 0.95: {null.peeking:.3f}; "
            f"at {null.threshold:g}: {null.kept:.3f} ({null.diaries:,} simulated diaries). "
            f"Power {made.power.overall:.2f}; least that is accepted {prior_number('least-power'):g}."
        )
    if made.visible is not None:
        power = 80 if made.refusal is None else round(100 * prior_number("least-power"))
        told.append(f"Seen in {power} % of trials: an effect of {made.visible:.3g} {made.row.unit} or more.")
    return told


def sensitivity(made: Design) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Power by length of block and lag of effect."""
    heads = ("block", "cycles", "over the prior", *(f"lag {lag:g} d" for lag in made.lags.days))
    rows = [
        (
            f"{one.block_days} d",
            str(one.cycles),
            f"{one.power.overall:.2f}",
            *(f"{power:.2f}" for power in one.power.by_lag),
        )
        for one in made.tried
    ]
    return heads, rows


def instead_words(made: Design, instead: Instead | None) -> list[str]:
    """The best plan without a comparison within the person."""
    unit = made.row.unit
    if instead is None:
        return ["No plan instead either: no magnesium is added here. `davy plan` says whom to ask."]
    told = [
        f"Instead: {instead.before_days} days of diary before anything changes, then {instead.after_days} days of what "
        f"`davy plan` allows, and the two compared. By chance alone that shows an improvement of up to "
        f"{short(instead.chance)} {unit}."
    ]
    if instead.placebo is not None:
        told.append(
            f"Placebo arms of trials improved by {short(instead.placebo.low)} to {short(instead.placebo.high)} {unit}."
        )
    if instead.regression is not None and instead.regression.high > 0:
        told.append(
            f"Regression to the mean brings {short(instead.regression.low)} to {short(instead.regression.high)} {unit} "
            "to somebody who begins where this person does."
        )
    told.append("A before and after can show that it got better, not why.")
    return told


def design_document(made: Design) -> dict[str, Any]:
    """The document (schema davy.nof1-plan/1); `design` is the file that the analysis reads, null where refused."""
    return {
        "schema": "davy.nof1-plan/1",
        "person": made.person,
        "outcome": made.row.id,
        "unit": made.row.unit,
        "smallest_difference": made.smallest,
        "verdict": "refused" if made.refusal else "designed",
        "refusal": None if made.refusal is None else _plain(made.refusal),
        "arms": [
            {"id": one.arm.id, "regimen": one.arm.regimen, "verdict": one.verdict,
             "findings": [_plain(finding) for finding in one.findings]}
            for one in made.judged
        ],
        "open_label": not made.blinded,
        "label": "blinded" if made.blinded else "taking it, placebo response included",
        "weeks": None if made.layout is None else -(-(made.layout.days + made.run_in_days) // 7),
        "cycles": None if made.layout is None else made.layout.cycles,
        "block_days": None if made.layout is None else made.layout.block_days,
        "run_in_days": made.run_in_days,
        "looks": list(made.looks),
        "type_i_error": None if made.null is None else made.null.kept,
        "errors": None if made.null is None else _plain(made.null),
        "power": None if made.power is None else made.power.overall,
        "visible_difference": made.visible,
        "lag_prior": {"days": list(made.lags.days), "weights": list(made.lags.weights)},
        "sensitivity": [
            {"block_days": one.block_days, "cycles": one.cycles, "power": one.power.overall,
             "by_lag": list(one.power.by_lag)}
            for one in made.tried
        ],
        "baseline": {"level": made.baseline.level * made.row.daily_factor, "daily_sd": made.baseline.sd,
                     "rho": made.baseline.rho_mean, "missing_share": made.baseline.missing_share,
                     "diary_days": made.baseline.days, "from": list(made.baseline.told)},
        "blinding": {"blinded": made.blinded, "code_sha256": made.code,
                     "labels": [] if made.file is None else [one.label for one in made.file.blocks]},
        "checklists": {} if made.file is None else {
            "cent_2015": [_item(one) for one in checklist(made, "cent")],
            "spent_2019": [_item(one) for one in checklist(made, "spent")],
        },
        "seed": made.ask.seed,
        "design": None if made.file is None else made.file.model_dump(mode="json", by_alias=True),
    }  # fmt: skip


def _item(one: Filled) -> dict[str, Any]:
    return {"item": one.item, "section": one.section, "what": one.what, "answer": one.answer, "note": one.note}


def _plain(value: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(value)
