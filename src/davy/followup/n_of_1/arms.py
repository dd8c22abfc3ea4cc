"""The arms of a trial: what each is, in words that a regimen has, and what safety says of it."""

from __future__ import annotations

from dataclasses import dataclass

from davy.errors import Fault, InputError
from davy.followup.n_of_1.design_file import DesignArm
from davy.people.person import Person
from davy.people.regimen import NO_SUPPLEMENT, Regimen
from davy.people.regimen_text import GRAMMAR, parse_regimen, regimen_text
from davy.planning.insight import learn
from davy.safety.caps import permitted
from davy.safety.check import check
from davy.safety.verdict import Finding

NOTHING = frozenset({"none", "nothing", "no supplement"})
PLACEBO = frozenset({"placebo", "sham"})
DRAWS = 200
USUAL_FORM, USUAL_MG = "citrate", 100.0
USUAL_TIMES = (("08:00", "21:00"), ("13:00", "22:30"), ("12:00", "16:00"), ("22:30",), ("15:00",))
LEAST_MG = 25.0
"""What is tried where nothing is named: CLINICAL.md section 7, start low, split, a soluble form of the trials.
A cap that leaves less than the least for an intake refuses the usual dose instead of shrinking it to nothing."""


@dataclass(frozen=True)
class JudgedArm:
    """An arm with what safety says of it."""

    arm: DesignArm
    regimen: Regimen
    verdict: str
    findings: tuple[Finding, ...]


def arms_of(person: Person, asked: tuple[str, ...]) -> tuple[DesignArm, ...]:
    """The arms that were asked for, the comparator first; none asked for: the usual dose within the cap, against none.

    Raises
    ------
    InputError : fewer than two, no arm that is placebo or none, the same twice, or one that does not read.
    """
    asked = asked or ("none", _usual(person))
    found: list[DesignArm] = []
    faults: list[Fault] = []
    for text in asked:
        word = text.strip().lower()
        if word in NOTHING or word in PLACEBO:
            words = "no magnesium besides food" if word in NOTHING else "a placebo that looks and tastes the same"
            found.append(
                DesignArm(id="0-none" if word in NOTHING else "0-placebo", regimen="none", comparator=True, words=words)
            )
            continue
        try:
            regimen = parse_regimen(text)
        except InputError as error:
            faults += [Fault(f"--arms {text!r}", fault.what, fault.right) for fault in error.faults]
            continue
        dose = regimen.elemental_mg_per_day
        form = regimen.steps[0].intakes[0].form
        name = f"{len([one for one in found if not one.comparator]) + 1}-{form}-{dose:g}mg"
        found.append(
            DesignArm(id=name, regimen=regimen_text(regimen), comparator=False, words=f"{dose:g} mg a day as {form}")
        )
    faults += _wrong(found)
    if faults:
        raise InputError(faults)
    return tuple(sorted(found, key=lambda one: one.id))


def _usual(person: Person) -> str:
    """The usual dose within the cap, at the first times that the person's medicines leave free."""
    regimens: list[str] = []
    for times in USUAL_TIMES:
        room = permitted(person) / len(times)
        each = min(USUAL_MG, room) if room >= LEAST_MG else USUAL_MG
        regimens.append(f"{USUAL_FORM} {each:g}mg @ {','.join(times)}")
    free = (one for one in regimens if check(person, parse_regimen(one)).word != "refused")
    return next(free, regimens[0])


def _wrong(found: list[DesignArm]) -> list[Fault]:
    faults: list[Fault] = []
    right = f'as --arms none "{GRAMMAR.partition(", like ")[2].partition(" from ")[0]}"'
    if len(found) < 2:
        faults.append(Fault("--arms", f"{len(found)} arm", f"two at least, {right}"))
    if sum(one.comparator for one in found) > 1:
        faults.append(Fault("--arms", "both placebo and none", "one comparator"))
    if len({one.regimen for one in found}) < len(found):
        faults.append(Fault("--arms", "two arms are the same", "arms that differ"))
    if len(found) > 4:
        faults.append(Fault("--arms", f"{len(found)} arms", "at most four: each needs its blocks in every cycle"))
    return faults


def judged(person: Person, arms: tuple[DesignArm, ...], *, seed: int = 0) -> tuple[JudgedArm, ...]:
    """Every arm before the same gates as a plan: the person, the caps, the clock, and where serum might go."""
    screened = check(person, None)
    regimens = [parse_regimen(arm.regimen) for arm in arms]
    if screened.word == "refused":
        return tuple(
            JudgedArm(arm, regimen, "allowed" if regimen == NO_SUPPLEMENT else "refused", screened.findings)
            for arm, regimen in zip(arms, regimens, strict=True)
        )
    worst = learn(person, "literature", draws=DRAWS, seed=seed).worst(regimens)
    found: list[JudgedArm] = []
    for arm, regimen, forecast in zip(arms, regimens, worst, strict=True):
        verdict = check(person, regimen, forecast)
        found.append(JudgedArm(arm, regimen, verdict.word, verdict.findings))
    return tuple(found)
