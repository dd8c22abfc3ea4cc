"""Every number of a plan, walked back to the ids of what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from davy.planning.result import Plan


@dataclass(frozen=True)
class Explained:
    """One number or rule of a plan: where it stands, what it says, which source ids carry it."""

    part: str
    what: str
    sources: tuple[str, ...]


def explain(plan: Plan) -> tuple[Explained, ...]:
    """What each part of the plan rests on, in the order of the report.

    Ids resolve by ``davy evidence show ID``: facts, claims, sources, or the rules `davy-rule` and `davy-model`.
    """
    return (*_judged(plan), *_given(plan), *_foreseen(plan), *_watched(plan), *_articles(plan))


def sources_of(plan: Plan) -> tuple[str, ...]:
    """Every source id that the plan rests on, once each."""
    return tuple(dict.fromkeys(source for entry in explain(plan) for source in entry.sources))


def _judged(plan: Plan) -> Iterator[Explained]:
    for finding in plan.verdict.findings:
        yield Explained(f"findings/{finding.gate}", finding.sentence, finding.sources)
    for cap in plan.caps:
        said = f"at most {cap.elemental_mg_per_day:g} mg a day{' (binding)' if cap.binding else ''}"
        yield Explained(f"caps/{cap.name}", said, cap.sources)
    for referral in plan.refer:
        yield Explained("refer", referral.reason, referral.sources)


def _given(plan: Plan) -> Iterator[Explained]:
    for food in plan.food:
        yield Explained(
            f"food/{food.food}", f"{food.mg:g} mg in {food.portion} ({food.low:g}-{food.high:g})", food.sources
        )
    if plan.regimen is not None:
        binding = tuple(source for cap in plan.caps if cap.binding for source in cap.sources)
        said = f"{plan.regimen.elemental_mg_per_day:g} mg of {plan.regimen.form} a day"
        yield Explained("regimen/dose", said, tuple(dict.fromkeys((*plan.regimen.sources, *binding))))
        yield Explained(
            "regimen/titration", "at most 100 mg a day more each week, from at most 100 mg", ("f-165", "davy-rule")
        )
        for apart in plan.regimen.separate_from:
            hours = f"{apart.medicine_h_before_magnesium:g} h before or {apart.medicine_h_after_magnesium:g} h after"
            yield Explained(f"regimen/separate/{apart.medicine}", hours, apart.sources)


def _foreseen(plan: Plan) -> Iterator[Explained]:
    if plan.expected:
        model = plan.fingerprints.get("model", "")[:12]
        said = f"simulated by body model {model} with the parameter set '{plan.parameter_set}' and seed {plan.seed}"
        yield Explained("expected", said, ("davy-model",))
    for target in plan.targets:
        said = f"{target.low:g}-{target.high:g} {target.unit} by day {target.by_day}"
        yield Explained(f"targets/{target.name}", said, target.sources)
    for benefit in plan.benefit:
        yield Explained(f"benefit/{benefit.outcome}", benefit.sentence, benefit.sources)


def _watched(plan: Plan) -> Iterator[Explained]:
    for check in plan.monitoring:
        yield Explained(f"monitoring/{check.test}", f"day {check.day}: {check.why}", check.sources)
    for rule in plan.stop_rules:
        yield Explained("stop_rules", f"{rule.when}: {rule.do}", rule.sources)


def _articles(plan: Plan) -> Iterator[Explained]:
    for entry in plan.disagreements:
        yield Explained(f"disagreements/{entry.topic}", entry.evidence_says, (*entry.claim_ids, *entry.sources))
    if plan.as_the_articles_say is not None:
        yield Explained("as_the_articles_say", plan.as_the_articles_say.sentence, plan.as_the_articles_say.claim_ids)
