"""What was declared: each condition and symptom is judged by its own row.

A word that was not understood is named and makes nothing bolder.
"""

from __future__ import annotations

from collections.abc import Iterator

from davy.safety.case import Case, listed, words
from davy.safety.limits import Action, ConditionRow, SymptomRow
from davy.safety.saying import care, inform, refuse
from davy.safety.verdict import Cap, Finding, Referral, Said

SAY = {"info": inform, "care": care, "refuse": refuse}


def judged(gate: str, action: Action, sentence: str, measured: str, sources: tuple[str, ...]) -> Iterator[Finding]:
    """The finding that an action of a rule table stands for; none for ``none``."""
    if action != "none":
        yield SAY[action](gate, sentence, measured, None, sources)


def conditions(case: Case) -> Iterator[Said]:
    """Every declared condition by its row of condition_rules.csv."""
    for name in case.person.conditions:
        row = case.rules.conditions.get(name)
        if row is None:
            yield from _without_rule("condition", name)
            continue
        yield from _by_row(case, row, "condition")
        if row.cap_mg is not None and (row.cap_profiles == "all" or not case.clinician):
            yield Cap(
                f"condition-{name}",
                row.cap_mg,
                f"{words(name).capitalize()}: at most {row.cap_mg:g} mg a day.",
                row.source,
            )


def symptoms(case: Case) -> Iterator[Said]:
    """Every reported symptom by its row of symptom_rules.csv."""
    for name in case.person.symptoms:
        row = case.rules.symptoms.get(name)
        if row is None:
            yield from _without_rule("symptom", name)
        else:
            yield from _by_row(case, row, "symptom")


def _by_row(case: Case, row: ConditionRow | SymptomRow, kind: str) -> Iterator[Said]:
    action = row.clinician if case.clinician else row.personal
    yield from judged(f"{kind}-{row.id}", action, row.sentence or "", words(row.id), row.source)
    if row.refer is not None and row.urgency is not None:
        yield Referral(row.refer, row.urgency, row.source)


def _without_rule(kind: str, name: str) -> Iterator[Said]:
    yield care(
        f"{kind}-{name}",
        f"Davy has no rule for {words(name)}, so it makes nothing bolder; show this plan to someone who knows it.",
        words(name),
        sources=("davy-rule",),
    )


def flare(case: Case) -> Iterator[Said]:
    """Inflammatory bowel disease with signs of a flare: refused, refer."""
    signs = case.symptoms_marked("flare") + case.symptoms_marked("fever") + case.conditions_marked("flare")
    if case.conditions_marked("ibd") and signs:
        row = case.rules.conditions["inflammatory-bowel-disease-flare"]
        yield refuse(
            "bowel-flare",
            f"Inflammatory bowel disease with {listed(tuple(words(sign) for sign in signs))} counts as a flare: "
            "refused until it is quiet again.",
            listed(tuple(words(sign) for sign in signs)),
            sources=row.source,
        )
        yield Referral(row.refer or "", "soon", row.source)


def not_understood(case: Case) -> Iterator[Said]:
    """Words that Davy does not know are named, with care."""
    if case.person.not_understood:
        yield care(
            "not-understood",
            f"Not understood: {listed(case.person.not_understood)}. Nothing was judged by these words, so show the "
            "plan to someone who knows them.",
            listed(case.person.not_understood),
            sources=("davy-rule",),
        )
    for doubt in case.person.doubts:
        yield care("doubtful-entry", doubt, sources=("davy-rule",))


GATES = (conditions, symptoms, flare, not_understood)
"""CLINICAL.md sections 1 to 6 where a fact alone decides."""
