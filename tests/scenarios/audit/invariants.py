"""What holds of every plan, whoever it is for: shapes, and the rules that know no exception."""

from __future__ import annotations

from typing import Any

from tests.scenarios.audit.checks import intakes, steps
from tests.scenarios.audit.runner import Outcome

KEYS = (
    "schema davy person profile parameter_set seed today verdict findings caps status current food regimen "
    "total_nonfood_mg_per_day alternatives targets expected prediction_to_check benefit monitoring stop_rules refer "
    "disagreements as_the_articles_say fingerprints"
).split()
ROWS = {
    "findings": "gate severity measured limit unit sentence sources",
    "caps": "name elemental_mg_per_day binding sources",
    "current": "item elemental_mg_per_day action",
    "food": "food portion mg low high sources",
    "alternatives": "regimen verdict probability why_not",
    "targets": "name output low high unit by_day probability mc_error",
    "expected": "output unit day p05 p50 p95",
    "benefit": "outcome unit comparator estimate low high interval k n trial_doses_mg trial_forms mismatch per_100 "
    "certainty sentence sources",
    "monitoring": "day test why act_if sources",
    "stop_rules": "when do sources",
    "refer": "reason urgency sources",
    "disagreements": "topic articles_say evidence_says effect_on_this_plan claim_ids",
}
REGIMEN = "form elemental_mg_per_day steps label_reads take_with separate_from"
SEPARATE = "medicine medicine_h_before_magnesium medicine_h_after_magnesium pause_magnesium_instead sources"
OUTPUTS = {
    "serum_mmol_per_L",
    "rbc_mmol_per_L",
    "urine_mmol_per_d",
    "absorbed_mmol_per_d",
    "csf_mmol_per_L",
    "ionised_mmol_per_L",
    "rbc_free_mmol_per_L",
}
CLOSED = {
    ("findings", "severity"): {"info", "care", "refuse"},
    ("current", "action"): {"keep", "replace", "reduce", "ask_prescriber"},
    ("refer", "urgency"): {"routine", "soon", "same-day", "emergency"},
    ("alternatives", "verdict"): {"allowed", "with_care", "refused"},
    ("benefit", "interval"): {"confidence", "prediction", None},
}


def shape(doc: dict[str, Any]) -> list[str]:
    """Keys that are missing, and words outside their closed list."""
    wrong = [f"key {key} is missing" for key in KEYS if key not in doc]
    if wrong:
        return wrong
    for key, fields in ROWS.items():
        for row in doc[key]:
            wrong += [f"{key}: {field} is missing" for field in fields.split() if field not in row]
    for (key, field), closed in CLOSED.items():
        wrong += [f"{key}.{field} = {row[field]!r}" for row in doc[key] if row.get(field) not in closed]
    wrong += [
        f"status.{k} is missing"
        for k in ("prediction", "fitted", "cause", "cause_prior", "parameters", "next_tests")
        if k not in doc["status"]
    ]
    if doc["regimen"]:
        wrong += [f"regimen.{k} is missing" for k in REGIMEN.split() if k not in doc["regimen"]]
        for row in doc["regimen"].get("separate_from", []):
            wrong += [f"separate_from.{k} is missing" for k in SEPARATE.split() if k not in row]
    wrong += [
        f"fingerprints.{k} is missing"
        for k in ("model", "knowledge", "engine", "input")
        if k not in doc["fingerprints"]
    ]
    if doc["as_the_articles_say"] is not None:
        said = doc["as_the_articles_say"]
        wrong += [
            f"as_the_articles_say.{k} is missing"
            for k in ("regimen", "verdict", "findings", "expected")
            if k not in said
        ]
    return [*wrong, *([] if doc["schema"] == "davy.plan/1" else [f"schema {doc['schema']}"])]


def verdict(o: Outcome) -> list[str]:
    """Exit status, verdict, findings and regimen tell one story."""
    doc, wrong = o.doc, []
    worst = {f["severity"] for f in doc["findings"]}
    said = "refused" if "refuse" in worst else "with_care" if "care" in worst else "allowed"
    if said != doc["verdict"]:
        wrong.append(f"verdict {doc['verdict']} but the worst finding says {said}")
    if (o.code, doc["verdict"] == "refused") not in {(0, False), (3, True)}:
        wrong.append(f"exit {o.code} with verdict {doc['verdict']}")
    if doc["verdict"] == "refused" and doc["regimen"] is not None:
        wrong.append("refused with a regimen")
    if (
        doc["verdict"] == "allowed"
        and doc["regimen"] is None
        and "food_first" not in {f["gate"] for f in doc["findings"]}
    ):
        wrong.append(f"no regimen, allowed, no food_first: {[f['gate'] for f in doc['findings']]}")
    wrong += [f"finding {f['gate']} says nothing" for f in doc["findings"] if len(f["sentence"]) < 15]
    wrong += [
        f"finding {f['gate']} has no source" for f in doc["findings"] if f["severity"] != "info" and not f["sources"]
    ]
    return wrong


def doses(doc: dict[str, Any]) -> list[str]:
    """No plan exceeds its binding cap; steps are weekly and rise by 100 at most; intakes are real."""
    wrong: list[str] = []
    binding = [c for c in doc["caps"] if c["binding"]]
    known = [c["elemental_mg_per_day"] for c in doc["caps"] if c["elemental_mg_per_day"] is not None]
    if known and (not binding or min(known) != min(c["elemental_mg_per_day"] for c in binding)):
        rows = [(c["name"], c["elemental_mg_per_day"], c["binding"]) for c in doc["caps"]]
        wrong.append(f"the binding cap is not the least: {rows}")
    if not doc["regimen"]:
        return wrong
    total, regimen = doc["total_nonfood_mg_per_day"], doc["regimen"]
    if not known or total > min(known) + 1e-9:
        wrong.append(f"total {total} mg over the cap {min(known, default=None)}")
    daily = [sum(i["elemental_mg"] for i in s["intakes"]) for s in steps(doc)]
    if not daily or abs(max(daily) - regimen["elemental_mg_per_day"]) > 0.51:
        wrong.append(f"elemental_mg_per_day {regimen['elemental_mg_per_day']} is not the highest step of {daily}")
    if total < max(daily, default=0) - 0.51:
        wrong.append(f"total {total} is less than the steps {daily}")
    wrong += titration(doc, daily)
    wrong += [f"an intake of {i['elemental_mg']} mg" for i in intakes(doc) if not 0 < i["elemental_mg"] <= 200 + 1e-9]
    wrong += [f"{len(s['intakes'])} intakes a day" for s in steps(doc) if len(s["intakes"]) > 4]
    wrong += [f"offers {i['form']}" for i in intakes(doc) if i["form"] in {"sulfate", "hydroxide"}]
    return wrong


def titration(doc: dict[str, Any], daily: list[float]) -> list[str]:
    """Start at 100 (or at what is taken now), weekly steps."""
    wrong: list[str] = []
    now = sum(item["elemental_mg_per_day"]["high"] or 0 for item in doc["current"])
    spans = [(s["from_day"], s["to_day"]) for s in steps(doc)]
    if daily and daily[0] > max(100, now) + 0.51:
        wrong.append(f"starts at {daily[0]} mg (taken now: {now})")
    # Without a baseline the first 28 days are for the diary (section 7): nothing from day 0, then the first step.
    # A short course may pause it too.
    pauses = any(row["pause_magnesium_instead"] for row in doc["regimen"].get("separate_from", []))
    if spans and spans[0][0] not in (0, 28) and not pauses:
        wrong.append(f"the first step starts on day {spans[0][0]}")
    for (a, b), (c, _), x, y in zip(spans, spans[1:], daily, daily[1:], strict=False):
        if b != c or b - a < 7 or y - x > 100 + 0.51:
            wrong.append(f"step {a}-{b} at {x} mg, then {y} mg from {c}")
    return wrong


def numbers(doc: dict[str, Any]) -> list[str]:
    """Bands are ordered, probabilities are probabilities, shares sum to one."""
    wrong: list[str] = []
    for row in [*doc["expected"], *((doc["as_the_articles_say"] or {}).get("expected") or [])]:
        if row["output"] not in OUTPUTS:
            wrong.append(f"output {row['output']}")
        wrong += [
            f"{row['output']}: band out of order"
            for a, b, c in zip(row["p05"], row["p50"], row["p95"], strict=True)
            if not a <= b <= c
        ][:1]
        if len(row["day"]) != len(row["p50"]):
            wrong.append(f"{row['output']}: days and values differ in length")
    wrong += [
        f"target {t['name']}: probability {t['probability']}"
        for t in doc["targets"]
        if t["probability"] is not None and not 0 <= t["probability"] <= 1
    ]
    if any(f["gate"] == "target_out_of_reach" for f in doc["findings"]):
        reached = [t["probability"] for t in doc["targets"] if t["probability"] is not None and t["probability"] > 0.5]
        wrong += [f"out of reach, but the probability is {p}" for p in reached]
    wrong += [f"red cell is a target: {t}" for t in doc["targets"] if str(t["output"]).startswith("rbc")]
    wrong += [
        f"{p['name']}: informed {p['informed']}" for p in doc["status"]["parameters"] if not 0 <= p["informed"] <= 1
    ]
    cause = doc["status"]["cause"]
    if cause is not None and (
        set(cause) != {"diet", "absorption", "gut_loss", "renal", "other"} or abs(sum(cause.values()) - 1) > 1e-3
    ):
        wrong.append(f"cause shares: {cause}")
    wrong += [
        f"{f['food']}: {f['low']}-{f['mg']}-{f['high']} mg" for f in doc["food"] if not f["low"] <= f["mg"] <= f["high"]
    ]
    wrong += [
        f"current {c['item']}: {c['elemental_mg_per_day']}"
        for c in doc["current"]
        if None not in c["elemental_mg_per_day"].values()
        and c["elemental_mg_per_day"]["low"] > c["elemental_mg_per_day"]["high"]
    ]
    return wrong


def articles(doc: dict[str, Any]) -> list[str]:
    """Refuse a refused article dose that still stands as a clock-timed regimen."""
    said = doc["as_the_articles_say"]
    if not said:
        return ["as_the_articles_say is empty"]
    return ["the refused article dose is clock-timed"] if said["verdict"] == "refused" and said["regimen"] else []


def every_plan(o: Outcome) -> list[str]:
    """All of it; the first level that fails hides the next, which would only stumble over it."""
    wrong = shape(o.doc)
    return wrong or [*verdict(o), *doses(o.doc), *numbers(o.doc), *articles(o.doc)]
