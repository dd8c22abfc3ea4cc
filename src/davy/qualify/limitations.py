"""What is not credible, each with its size: worked out of the documents of a qualification, never written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from davy.qualify.findings import NINETY, Documents, key_rows, number, percent, quantity_words, rows_of

_SHORT = 0.85
_HARDLY = 0.1


@dataclass(frozen=True)
class Limitation:
    """One limitation; `about` groups them."""

    about: str
    what: str
    size: str


def limitations(documents: Documents) -> tuple[Limitation, ...]:
    """Every limitation that the results show, group by group."""
    return tuple(one for find in _FOUND for one in find(documents))


def _misfits(documents: Documents) -> Iterable[Limitation]:
    for row in rows_of(documents, "misfits"):
        if row.get("kind") == "known":
            yield Limitation("The body", row["item"], row["statement"])
        elif row.get("met") is False:
            told = f"{number(row['value'])} {_unit(row)} against {number(row['target'])} ± {number(row['tolerance'])}"
            before = row.get("before_in_tolerances")
            was = "" if before is None else f"; before the last change {before:+.1f}"
            yield Limitation("The body", row["item"], f"{told}: {row['miss_in_tolerances']:+.1f} tolerances off{was}")


def _unit(row: Mapping[str, Any]) -> str:
    return "" if row["unit"] in ("-", "1") else str(row["unit"])


def _coverage(documents: Documents) -> Iterable[Limitation]:
    document = documents.get("coverage")
    if document is None or not document.get("available"):
        return
    labels: Mapping[str, str] = document["truths"]
    short: dict[str, list[str]] = {}
    for row in key_rows(document["rows"]):
        if row["truth"] != "as-believed" and row["actual"] < _SHORT:
            told = f"{quantity_words(row['quantity'])} {percent(row['actual'])}"
            short.setdefault(row["truth"], []).append(told)
    for truth, told in short.items():
        size = f"90 % intervals hold less: {', '.join(told)}"
        yield Limitation("Where the world is not as the fit believes", labels[truth], size)
    for row in document["rows"]:
        if row["design"] == "plan" and not row["low"] <= NINETY <= row["high"]:
            told = f"it holds {percent(row['actual'])} of {row['n']} results, not 90 %"
            yield Limitation("Prediction", "the dated interval of a plan", told)


def _uniformity(documents: Documents) -> Iterable[Limitation]:
    for row in rows_of(documents, "sbc"):
        if not row["inside"]:
            told = f"ranks {row['excess']:+.3f} off at {row['at']:.2f}, p {number(row['p_value'])} (n {row['n']})"
            yield Limitation("Calibration of the fit", f"{quantity_words(row['quantity'])}, {row['design']}", told)


def _prior(documents: Documents) -> Iterable[Limitation]:
    document = documents.get("sbc")
    if document is None or not document.get("available"):
        return
    best: dict[str, float] = {}
    for row in document["contraction"]:
        best[row["quantity"]] = max(best.get(row["quantity"], 0.0), row["reference"])
    for name, value in best.items():
        if value < _HARDLY:
            told = f"the best of the designs takes {percent(max(value, 0.0))} of its variance away"
            yield Limitation("What labs do not tell", f"{quantity_words(name)} stays prior", told)


def _trials(documents: Documents) -> Iterable[Limitation]:
    for row in rows_of(documents, "trials"):
        if row.get("hit") is False:
            size = "the virtual trials mostly find another answer"
            if row.get("miss") is not None:
                size = f"reported {number(row['reported'])} {row['unit']}, {number(row['miss'])} from what is predicted"
            yield Limitation("Trials", f"{row['trial']}: {row['what']}", size)


def _surveys(documents: Documents) -> Iterable[Limitation]:
    for row in rows_of(documents, "predictive"):
        if row.get("counted") and row.get("inside") is False:
            told = f"reported {number(row['reported'])} {row['unit']}, {number(row['miss'])} from the simulated median"
            yield Limitation("Surveys", row["what"], told)


def _verification(documents: Documents) -> Iterable[Limitation]:
    for row in rows_of(documents, "verification"):
        if row["held"] is not True:
            size = row["note"] if row["held"] is None else f"{number(row['value'])}, at most {number(row['limit'])}"
            yield Limitation("Verification", row["what"], size)


def _assumed(documents: Documents) -> Iterable[Limitation]:
    document = documents.get("versions")
    if document is not None and document.get("available"):
        verified: Mapping[str, int] = document["verified"]
        told = f"{verified.get('assumed', 0)} of {sum(verified.values())}"
        yield Limitation("Sources", "parameters and priors that no source gives", told)


def _absent(documents: Documents) -> Iterable[Limitation]:
    for name, document in documents.items():
        if not document.get("available"):
            yield Limitation("Not there yet", name.replace("_", " "), str(document["note"]))


_FOUND: tuple[Callable[[Documents], Iterable[Limitation]], ...] = (
    _misfits,
    _trials,
    _surveys,
    _coverage,
    _uniformity,
    _prior,
    _verification,
    _assumed,
    _absent,
)
