"""Details for the professional: the fit, the cause, every finding's numbers, the fingerprints."""

from __future__ import annotations

from davy.planning.known import PersonStatus
from davy.planning.result import Plan
from davy.report.documents import FitDocument, SimulateDocument
from davy.report.layout import Table, section, table
from davy.report.markup import Child, Html, el
from davy.report.reading import Reading
from davy.report.section_findings import against
from davy.report.words import CAUSES, first_up, percent, short
from davy.safety.verdict import Verdict


def details(reading: Reading) -> Html:
    """What a colleague needs to recompute and to judge this plan; identifiers are allowed here alone."""
    plan = reading.plan
    return section(
        "details",
        "Details",
        el(
            "details.professional",
            {"open": "open"},
            el("summary", "For a professional: names here are those of the model and of the JSON document"),
            fitted_parameters(plan.status),
            causes(plan.status),
            gates(plan.verdict),
            made_with(plan),
        ),
    )


def fitted_parameters(status: PersonStatus) -> Child:
    """Each individual parameter before and after the labs, and the fitted present state."""
    if not status.parameters:
        return None
    rows = tuple(
        (
            el("code", one.name),
            "" if one.unit == "1" else one.unit,
            short(one.prior_p50),
            f"{short(one.p50)} ({short(one.p05)} to {short(one.p95)})",
            percent(max(one.informed, 0.0)),
        )
        for one in status.parameters
    )
    heads = ("Parameter", "Unit", "Before your labs", "After (5 to 95 %)", "Band narrowed by your labs")
    fitted = tuple(
        (el("code", name), short(q.p50), f"{short(q.p05)} to {short(q.p95)}") for name, q in status.fitted.items()
    )
    return (
        el("h3", "What your labs taught the model"),
        table(Table(f"Individual parameters ({status.prediction})", heads, rows, (2, 3, 4))),
        table(Table("Fitted present state", ("Output", "Median", "5 to 95 %"), fitted, (1, 2))) if fitted else None,
    )


def causes(status: PersonStatus) -> Child:
    """Why serum is low, in shares, with what was believed before the labs."""
    cause, prior = status.cause, status.cause_prior
    if cause is None:
        return None
    rows = tuple(
        (first_up(CAUSES[name]), percent(share), percent(prior[name]) if prior and name in prior else "")
        for name, share in sorted(cause.items(), key=lambda item: -item[1])
    )
    made = Table("Why serum is low: shares", ("Cause", "With your labs", "Before them"), rows, (1, 2))
    return (el("h3", "Why it is low"), table(made))


def gates(verdict: Verdict) -> Child:
    """Every finding with its numbers and source ids."""
    if not verdict.findings:
        return None
    rows = tuple(
        (el("code", found.gate), found.severity, against(found), el("code", ", ".join(found.sources)))
        for found in verdict.findings
    )
    return (
        el("h3", "Gates"),
        table(Table("Findings of the safety gates", ("Gate", "Severity", "Numbers", "Sources"), rows, prose=True)),
    )


def made_with(plan: Plan | SimulateDocument | FitDocument) -> Child:
    """Version, seed and fingerprints: the same ones give the same document."""
    rows: list[tuple[Child, ...]] = [
        ("Davy", plan.davy),
        ("Person", plan.person),
        ("Day of the plan", plan.today),
        ("Profile", plan.profile),
        ("Parameter set", plan.parameter_set),
        ("Seed", str(plan.seed)),
    ]
    rows += [(f"Fingerprint: {name}", el("code.hash", mark)) for name, mark in plan.fingerprints.items()]
    made = Table("The same inputs give the same plan", ("What", "Value"), tuple(rows))
    return (el("h3", "Made with"), table(made))
