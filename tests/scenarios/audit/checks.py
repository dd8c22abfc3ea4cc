"""What must hold of a plan: each check takes the outcome and returns what is wrong, or an empty text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.scenarios.audit.runner import Outcome

Check = Callable[[Outcome], str]
URGENCY = ("routine", "soon", "same-day", "emergency")


@dataclass(frozen=True)
class Case:
    """One person, the phrase that decides about them, and what must hold."""

    name: str
    phrase: str
    person: dict[str, Any]
    checks: tuple[Check, ...]
    night: bool


def case(name: str, phrase: str, person: dict[str, Any], *checks: Check, day: bool | None = None) -> Case:
    """Run by day what should be refused (nothing is simulated) or when `day` says so."""
    by_day = day if day is not None else bool({refused, bad_input, bad_or_refused} & set(checks))
    return Case(name, phrase, person, checks, not by_day)


def words(doc: dict[str, Any], *keys: str) -> str:
    """All text of the plan, or of some of its keys, in lower case."""
    part = {key: doc.get(key) for key in keys} if keys else {k: v for k, v in doc.items() if k != "as_the_articles_say"}
    return json.dumps(part, ensure_ascii=False).lower()


def steps(doc: dict[str, Any]) -> list[dict[str, Any]]:
    return (doc["regimen"] or {}).get("steps", [])


def intakes(doc: dict[str, Any]) -> list[dict[str, Any]]:
    return [intake for step in steps(doc) for intake in step["intakes"]]


def permitted(doc: dict[str, Any]) -> float:
    """Return the most a plan may hold: nothing when refused, else the binding cap."""
    if doc["verdict"] == "refused":
        return 0.0
    return min(c["elemental_mg_per_day"] for c in doc["caps"] if c["elemental_mg_per_day"] is not None)


# --- verdicts


def refused(o: Outcome) -> str:
    if o.code != 3:
        return f"expected a refusal (exit 3); {o.summary}" + (f"; verdict {o.doc['verdict']}" if o.code == 0 else "")
    return "" if o.doc["verdict"] == "refused" and o.doc["regimen"] is None else "exit 3 but not a refusal"


def bad_input(o: Outcome) -> str:
    return "" if o.code == 2 and not o.out and "Traceback" not in o.err else f"expected exit 2; {o.summary}"


def bad_or_refused(o: Outcome) -> str:
    return "" if o.code in (2, 3) else f"expected exit 2 or 3; {o.summary}"


def not_refused(o: Outcome) -> str:
    if o.code == 0 and o.doc["verdict"] != "refused":
        return ""
    why = [f["sentence"] for f in o.doc["findings"] if f["severity"] == "refuse"] if o.code == 3 else ""
    return f"should not be refused: {why}; {o.summary}"


def with_care(o: Outcome) -> str:
    return not_refused(o) or ("" if o.doc["verdict"] == "with_care" else f"verdict {o.doc['verdict']}, not with_care")


def allowed(o: Outcome) -> str:
    care = [f["sentence"] for f in o.doc["findings"] if f["severity"] != "info"] if o.code == 0 else ""
    return not_refused(o) or ("" if o.doc["verdict"] == "allowed" else f"not allowed: {care}")


def not_allowed(o: Outcome) -> str:
    return "" if o.doc["verdict"] != "allowed" else "verdict is allowed"


def no_regimen(o: Outcome) -> str:
    return "" if o.doc["regimen"] is None else f"a regimen of {o.doc['regimen']['elemental_mg_per_day']} mg"


def regimen(o: Outcome) -> str:
    return "" if o.doc["regimen"] else f"no regimen; verdict {o.doc['verdict']}"


def no_added(o: Outcome) -> str:
    """No magnesium beyond what is taken now."""
    now = sum(item["elemental_mg_per_day"]["low"] or 0 for item in o.doc["current"])
    dose = (o.doc["regimen"] or {}).get("elemental_mg_per_day", 0)
    return "" if dose <= now + 1e-9 else f"{dose} mg planned, {now} mg taken now"


# --- caps and doses


def cap_at_most(mg: float) -> Check:
    def check(o: Outcome) -> str:
        return "" if permitted(o.doc) <= mg + 1e-9 else f"permits {permitted(o.doc)} mg, at most {mg} expected"

    return check


def cap_is(mg: float) -> Check:
    def check(o: Outcome) -> str:
        seen = permitted(o.doc)
        rows = [(c["name"], c["elemental_mg_per_day"]) for c in o.doc["caps"]]
        return "" if abs(seen - mg) < 1e-9 else f"binding cap {seen} mg, {mg} expected; {rows}"

    return check


def some_cap_is(mg: float) -> Check:
    def check(o: Outcome) -> str:
        rows = [(c["name"], c["elemental_mg_per_day"]) for c in o.doc["caps"]]
        return "" if any(v is not None and abs(v - mg) < 1e-9 for _, v in rows) else f"no cap of {mg} mg in {rows}"

    return check


def cap_over(mg: float) -> Check:
    def check(o: Outcome) -> str:
        rows = [(c["name"], c["elemental_mg_per_day"]) for c in o.doc["caps"]]
        return "" if permitted(o.doc) > mg else f"permits only {permitted(o.doc)} mg: {rows}"

    return check


def intake_at_most(mg: float) -> Check:
    def check(o: Outcome) -> str:
        over = [i["elemental_mg"] for i in intakes(o.doc) if i["elemental_mg"] > mg + 1e-9]
        return f"single intakes of {over} mg" if over else ""

    return check


def never_form(*forms: str) -> Check:
    def check(o: Outcome) -> str:
        others = [a["regimen"]["form"] for a in o.doc["alternatives"] if a.get("regimen") and a["verdict"] != "refused"]
        used = {i["form"] for i in intakes(o.doc)} | set(others)
        return f"offers {used & set(forms)}" if used & set(forms) else ""

    return check


# --- words


def says(*any_of: str, where: tuple[str, ...] = ()) -> Check:
    def check(o: Outcome) -> str:
        text = words(o.doc, *where)
        return "" if any(word.lower() in text for word in any_of) else f"none of {any_of} in {where or 'the plan'}"

    return check


def finds(*any_of: str) -> Check:
    return says(*any_of, where=("findings", "refer"))


def says_not(*words_: str) -> Check:
    def check(o: Outcome) -> str:
        found = [word for word in words_ if word.lower() in words(o.doc)]
        return f"says {found}" if found else ""

    return check


def refers(*any_of: str, least: str = "routine") -> Check:
    def check(o: Outcome) -> str:
        floor = URGENCY.index(least)
        rows = [r for r in o.doc["refer"] if URGENCY.index(r["urgency"]) >= floor]
        if not any_of:
            return "" if rows else f"no referral that is at least {least}: {o.doc['refer']}"
        text = json.dumps(rows, ensure_ascii=False).lower()
        seen = [(r["urgency"], r["reason"][:80]) for r in o.doc["refer"]]
        return "" if any(w.lower() in text for w in any_of) else f"no {least}+ referral with {any_of}: {seen}"

    return check


def refers_not(*words_: str) -> Check:
    def check(o: Outcome) -> str:
        text = words(o.doc, "refer")
        found = [word for word in words_ if word.lower() in text]
        return f"refers for {found}" if found else ""

    return check


def monitors(test: str, by_day: int, from_day: int = 1) -> Check:
    def check(o: Outcome) -> str:
        rows = [(m["day"], m["test"]) for m in o.doc["monitoring"]]
        hit = any(test in str(name).lower() and from_day <= day <= by_day for day, name in rows)
        return "" if hit else f"no {test} in days {from_day}-{by_day}: {rows}"

    return check


# --- clock


def clock_keeps(before_h: float, after_h: float, *times: str) -> Check:
    """Every intake is `before_h` after and `after_h` before the medicine, round the clock."""

    def hour(text: str) -> float:
        h, m = text.split(":")
        return int(h) + int(m) / 60

    def check(o: Outcome) -> str:
        wrong = []
        for i in intakes(o.doc):
            for t in times:
                since, until = (hour(i["at"]) - hour(t)) % 24, (hour(t) - hour(i["at"])) % 24
                if since < before_h - 1e-9 or until < after_h - 1e-9:
                    wrong.append((i["at"], t))
        return f"too close (magnesium, medicine): {wrong}" if wrong else ""

    return check


def separates(name: str, before_h: float | None, after_h: float | None) -> Check:
    """`separate_from` names the medicine with at least these hours on each side."""

    def check(o: Outcome) -> str:
        rows = (o.doc["regimen"] or {}).get("separate_from", [])
        for r in rows:
            if name.lower() in str(r["medicine"]).lower():
                seen = (r["medicine_h_before_magnesium"], r["medicine_h_after_magnesium"])
                good = all(
                    w is None or (s is not None and s >= w) for s, w in zip(seen, (before_h, after_h), strict=True)
                )
                return "" if good else f"{name}: hours {seen}, at least {(before_h, after_h)} expected"
        return f"{name} not in separate_from: {[r['medicine'] for r in rows]}"

    return check


def pauses_for(name: str) -> Check:
    def check(o: Outcome) -> str:
        rows = (o.doc["regimen"] or {}).get("separate_from", [])
        hit = any(name in str(r["medicine"]).lower() and r["pause_magnesium_instead"] for r in rows)
        return "" if hit or (o.doc["regimen"] is None and "pause" in words(o.doc)) else f"no pause for {name}: {rows}"

    return check


# --- cause and fit


def cause_null(o: Outcome) -> str:
    return "" if o.doc["status"]["cause"] is None else f"cause {o.doc['status']['cause']}"


def cause_open(o: Outcome) -> str:
    cause = o.doc["status"]["cause"]
    if not cause:
        return "no cause given"
    return "" if max(cause.values()) <= 0.6 + 1e-9 else f"a cause above 0.6 without a valid urine: {cause}"


def cause_share(name: str, low: float, high: float) -> Check:
    def check(o: Outcome) -> str:
        cause = o.doc["status"]["cause"]
        return "" if cause and low <= cause[name] <= high else f"{name} not in {low}-{high}: {cause}"

    return check


def fitted_near(serum: float, tolerance: float = 0.02) -> Check:
    def check(o: Outcome) -> str:
        p50 = o.doc["status"]["fitted"]["serum_mmol_per_L"]["p50"]
        return "" if abs(p50 - serum) <= tolerance else f"fitted {p50}, measured {serum}"

    return check


# --- food


POTASSIUM_RICH = ("banana", "potato", "spinach", "chard", "avocado", "bean", "lentil", "tomato", "chickpea", "almond")


def no_potassium_rich(o: Outcome) -> str:
    rows = [f["food"] for f in o.doc["food"] if any(word in f["food"].lower() for word in POTASSIUM_RICH)]
    return f"potassium-rich advice: {rows}" if rows else ""


def no_food(*names: str) -> Check:
    def check(o: Outcome) -> str:
        rows = [f["food"] for f in o.doc["food"] if any(word in f["food"].lower() for word in names)]
        return f"advises {rows}" if rows else ""

    return check


def some_food(o: Outcome) -> str:
    return "" if o.doc["food"] else "no food advice"


def food_first(o: Outcome) -> str:
    ok = o.code == 0 and o.doc["regimen"] is None and any(f["gate"] == "food_first" for f in o.doc["findings"])
    return (
        "" if ok else f"no food_first: {[f['gate'] for f in o.doc['findings']]}; regimen {o.doc['regimen'] is not None}"
    )


def benefit_says(*any_of: str) -> Check:
    return says(*any_of, where=("benefit",))
