"""What people read: every finding, cap, referral and lab of the people of these tests, as reviewed in sentences.txt.

After a change of wording: `pytest tests/rooms/safety --rewrite-sentences`, then read the difference.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.safety.persons import GOOD, authorised, drug, egfr, serum, someone
from tests.rooms.safety.test_caps import CASES, DUE
from tests.rooms.safety.test_gates import PAIRS
from tests.rooms.safety.test_in_force import RISKS
from tests.rooms.safety.test_referral import REFERRED

import davy.safety
from davy.people.regimen import Intake, Regimen, Step
from davy.safety.check import check, screen
from davy.safety.interactions import windows
from davy.safety.limits import rules
from davy.safety.saying import care, inform, number, refuse

REVIEWED = Path(__file__).with_name("sentences.txt")
RULES = rules()


def everything() -> str:
    """All that safety says to the people of the other tests, one line a finding, cap, referral, lab or window."""
    lines: list[str] = []
    for pair in PAIRS:
        verdict = check(pair.trips, pair.plan, pair.given if pair.plan is not None else None)
        lines += ["", f"== {pair.gate}"] + [line(finding) for finding in verdict.findings if finding.gate == pair.gate]
        lines += [] if pair.plan is not None else beside(pair.trips)
    for person in (*(case[0] for case in CASES), *(case[0] for case in DUE), *(case[0] for case in REFERRED)):
        lines += ["", "== a person", *beside(person)]
    for risk in RISKS:
        person = someone(**({"labs": (serum(0.8),)} | risk))
        lines += [line(finding) for finding in check(person, None).findings if finding.gate == "kidney-unknown"]
    strange = someone(
        conditions=("moon-sickness",),
        symptoms=("blue-hair",),
        medicines=(drug("x", name="abc").model_copy(update={"classes": ()}),),
    )
    lines += ["", "== strange words"] + [line(finding) for finding in check(strange, None).findings]
    for name in RULES.medicines:
        person = someone(medicines=(drug(name, name=f"a {name}", days_per_month=30, at=("08:00",)),))
        lines += ["", f"== a {name}"] + [line(finding) for finding in check(person, None).findings]
        lines += [line(window) for window in windows(person)]
    return "\n".join(lines[1:]) + "\n"


def line(said: Any) -> str:
    """One thing that was said, all its fields."""
    fields = (" ".join(value) if isinstance(value, tuple) else str(value) for value in asdict(said).values())
    return f"{type(said).__name__}: " + " | ".join(fields)


def beside(person: Any) -> list[str]:
    found = screen(person)
    return [line(said) for said in (*found.caps, *found.referrals, *found.due)]


def test_every_sentence_is_as_reviewed(pytestconfig: pytest.Config) -> None:
    said = everything()
    if pytestconfig.getoption("--rewrite-sentences", False):
        REVIEWED.write_text(said, encoding="utf-8")
    assert said.split("\n\n") == REVIEWED.read_text(encoding="utf-8").split("\n\n")


def test_the_room_opens_lazily() -> None:
    for name in davy.safety.__all__:
        found = davy.safety.__getattr__(name)
        assert found is not None
        assert getattr(found, "__name__", name) == name
    with pytest.raises(AttributeError, match=r"module 'davy.safety' has no attribute 'davy'"):
        davy.safety.__getattr__("davy")


def test_the_rules_are_read_whole() -> None:
    assert rules.__wrapped__() == rules()
    assert RULES.marks["diuretic"] == {"thiazide-like", "loop-diuretic", "potassium-sparing-diuretic", "mra"}
    assert RULES.marked_medicines("no such mark") == frozenset()


def test_how_a_gate_speaks() -> None:
    limit = RULES.limit("serum-refuse-above")
    for say, severity in ((refuse, "refuse"), (care, "care"), (inform, "info")):
        finding = say("gate", "Sentence.", 1.1, limit, ("x", *limit.source, "y"))
        assert (finding.gate, finding.severity, finding.sentence, finding.measured) == (
            "gate",
            severity,
            "Sentence.",
            1.1,
        )
        assert (finding.limit, finding.unit, finding.sources) == (1.05, "mmol/L", (*limit.source, "x", "y"))
        bare = say("gate", "Sentence.", sources=("x",))
        assert (bare.measured, bare.limit, bare.unit, bare.sources) == (None, None, "", ("x",))


def test_numbers_as_people_write_them() -> None:
    assert [number(value) for value in (25.0, 52.44, 100.0, 0.0, 1200.0, 0.55)] == [
        "25",
        "52.4",
        "100",
        "0",
        "1200",
        "0.6",
    ]
    assert [number(value, 3) for value in (1.05, 1.0514, 0.7)] == ["1.05", "1.051", "0.7"]


def test_a_kidney_value_is_never_rounded_up_to_its_limit() -> None:
    (sentence,) = (
        one.sentence for one in check(someone(labs=(egfr(29.99), serum(0.8))), None).findings if "below-30" in one.gate
    )
    assert "Kidney function is 29.9 mL/min" in sentence


def test_other_rules_can_be_put_in_the_place_of_davys() -> None:
    strict = RULES.__class__(
        limits={**RULES.limits, "upper-level-eu": RULES.limit("upper-level-eu").model_copy(update={"value": 50.0})},
        conditions=RULES.conditions,
        symptoms=RULES.symptoms,
        medicines=RULES.medicines,
        marks=RULES.marks,
    )
    from davy.safety.caps import caps, permitted, upper_level
    from davy.safety.check import lab_due, referrals
    from davy.safety.clock import free_times
    from davy.safety.intake import present_intake_finding

    person = someone()
    assert permitted(person, strict) == upper_level(person, strict) == 50
    assert [cap.elemental_mg_per_day for cap in caps(person, strict)] == [50]
    assert screen(person, strict).caps == caps(person, strict)
    assert check(person, None, None, strict).word == "allowed"
    empty = RULES.__class__(limits=RULES.limits, conditions={}, symptoms={}, medicines={}, marks={})
    ill = authorised(conditions=("insomnia", "dialysis"), medicines=(drug("ppi", at=("08:00",)),))
    assert referrals(ill, empty) == ()
    assert lab_due(ill, empty) == lab_due(authorised())
    assert windows(ill, empty) == ()
    near = Regimen((Step(0, 84, (Intake("08:00", "citrate", 100),)),))
    assert "too-near-to-medicine" not in {finding.gate for finding in check(ill, near, GOOD, empty).findings}
    assert "too-near-to-medicine" in {finding.gate for finding in check(ill, near, GOOD).findings}
    assert len(free_times(ill, rules=empty)) == 48
    times = ("00:00", "06:00", "12:00", "18:00")
    full = someone(medicines=(drug("iron", at=times), drug("levothyroxine")))
    assert {finding.gate for finding in check(full, None).findings} == {"no-clock-time", "spacing"}
    assert check(full, None, None, empty).findings == ()
    assert present_intake_finding(person, caps(person)[0], empty) is None
