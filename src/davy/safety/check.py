"""The check: a person, a regimen and a forecast in; a verdict with every finding out. It judges and never edits.

`None` for the regimen screens the person before anything is simulated. The verdict is the worst finding; nothing is
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from davy.forecast.outcome import Forecast
from davy.people.person import Person
from davy.people.regimen import Regimen
from davy.safety import dose
from davy.safety.caps import binding, caps_among
from davy.safety.case import Case, case_of
from davy.safety.clock import clashes
from davy.safety.intake import above_binding, present_intake_referral
from davy.safety.limits import Rules, rules
from davy.safety.predicted import predicted_serum
from davy.safety.screen import screened
from davy.safety.verdict import Cap, Finding, LabDue, Referral, Said, Severity, Urgency, Verdict, verdict_of

WORST_FIRST: dict[Severity, int] = {"refuse": 0, "care": 1, "info": 2}
URGENT_FIRST: dict[Urgency, int] = {"emergency": 0, "same-day": 1, "soon": 2, "routine": 3}


@dataclass(frozen=True)
class Screened:
    """What safety says of a person alone.

    Attributes
    ----------
    verdict : with every finding, the worst first.
    caps : every cap that applies; the least binds.
    referrals : who else should look, the most urgent first.
    due : which labs are due after a start, the earliest first.
    """

    verdict: Verdict
    caps: tuple[Cap, ...]
    referrals: tuple[Referral, ...]
    due: tuple[LabDue, ...]


def check(
    person: Person, regimen: Regimen | None, forecast: Forecast | None = None, known: Rules | None = None
) -> Verdict:
    """What safety says of a person, and of a regimen with its safety forecast where they are given.

    Parameters
    ----------
    person : who asks.
    regimen : the complete magnesium besides food, or None for the screen; what Davy may not stop is added.
    forecast : its safety forecast (neutral draws, the higher parameter set); without it no regimen is plainly allowed.
    known : the rules; Davy's own by default.
    """
    case = case_of(person, known or rules())
    found, said = _of_person(case)
    if regimen is not None:
        said += _of_regimen(case, binding(found), regimen, forecast)
    return _verdict(said)


def check_each(person: Person, regimens: Sequence[tuple[Regimen, Forecast | None]]) -> tuple[Verdict, ...]:
    """What `check` says of each regimen with its safety forecast; of the person it is asked once."""
    case = case_of(person, rules())
    found, said = _of_person(case)
    cap = binding(found)
    return tuple(_verdict((*said, *_of_regimen(case, cap, regimen, forecast))) for regimen, forecast in regimens)


def screen(person: Person, known: Rules | None = None) -> Screened:
    """Everything that safety says of a person alone, at once."""
    found, said = _of_person(case_of(person, known or rules()))
    return Screened(_verdict(said), found, _referrals(said), _due(said))


def referrals(person: Person, known: Rules | None = None) -> tuple[Referral, ...]:
    """Who else should look, the most urgent first; each reason once, at its highest urgency."""
    return screen(person, known).referrals


def lab_due(person: Person, known: Rules | None = None) -> tuple[LabDue, ...]:
    """Which labs are due after a start, the earliest first, each once with all its reasons."""
    return screen(person, known).due


def _of_person(case: Case) -> tuple[tuple[Cap, ...], tuple[Said, ...]]:
    """The caps of a person, and everything said: by the gates, and of present products above the binding cap."""
    said = screened(case)
    found = caps_among(said)
    # The cap of an unknown amount says that nothing is added; what is known is judged by the others.
    known_amounts = tuple(cap for cap in found if cap.name != "amount-unknown")
    finding = above_binding(case.intake, binding(known_amounts), case.rules)
    return found, said if finding is None else (*said, finding, present_intake_referral(finding))


def _of_regimen(case: Case, cap: Cap, regimen: Regimen, forecast: Forecast | None) -> tuple[Said, ...]:
    """What the gates say of a regimen; one that cannot be meant is not judged further."""
    faults = tuple(dose.faulty(case, regimen))
    if faults:
        return faults
    return (
        *dose.above_cap(case, regimen, cap),
        *(entry for gate in dose.GATES for entry in gate(case, regimen)),
        *clashes(case, regimen),
        *predicted_serum(case, regimen, forecast),
    )


def _verdict(said: Iterable[Said]) -> Verdict:
    """The verdict with the worst finding first, each sentence once."""
    findings = (entry for entry in said if isinstance(entry, Finding))
    once: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda finding: WORST_FIRST[finding.severity]):
        once.setdefault(finding.sentence, finding)
    return verdict_of(tuple(once.values()))


def _referrals(said: Iterable[Said]) -> tuple[Referral, ...]:
    found = (entry for entry in said if isinstance(entry, Referral))
    once: dict[str, Referral] = {}
    for referral in sorted(found, key=lambda referral: URGENT_FIRST[referral.urgency]):
        once.setdefault(referral.reason, referral)
    return tuple(once.values())


def _due(said: Iterable[Said]) -> tuple[LabDue, ...]:
    merged: dict[tuple[int, int, str], LabDue] = {}
    for due in (entry for entry in said if isinstance(entry, LabDue)):
        key = (due.by_day, due.from_day, due.test)
        held = merged.get(key, due)
        why = "; ".join(dict.fromkeys((*held.why.split("; "), due.why)))
        sources = tuple(dict.fromkeys((*held.sources, *due.sources)))
        merged[key] = LabDue(due.test, due.from_day, due.by_day, why, sources)
    return tuple(merged[key] for key in sorted(merged))
