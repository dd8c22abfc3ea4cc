"""What the documents of a qualification say, one sentence a finding: the dossier cites these by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Documents = Mapping[str, Mapping[str, Any]]
Rows = Sequence[Mapping[str, Any]]

KEY_QUANTITIES = ("kid_fTm", "gut_f_act", "intake", "absorbed magnesium", "next serum")
"""What a plan rests on, of all that is calibrated."""

NINETY = 0.9


@dataclass(frozen=True)
class Finding:
    """One result.

    Attributes
    ----------
    part : the document that it is of; None for what is on record.
    held : whether it is as it has to be; None where it is a measurement without a bound.
    """

    id: str
    what: str
    sentence: str
    part: str | None
    held: bool | None


def findings(documents: Documents) -> dict[str, Finding]:
    """Every finding by id, of the documents that are there."""
    found: dict[str, Finding] = {}
    for part, say in _SAYING.items():
        document = documents.get(part)
        if document is not None and document.get("available"):
            found |= {one.id: one for one in say(document)}
    return found


def rows_of(documents: Documents, name: str) -> Rows:
    """The rows of a document; none where its part does not exist."""
    document = documents.get(name)
    return document["rows"] if document is not None else ()


def number(value: float) -> str:
    """A number with the digits that it can carry."""
    return "0" if value == 0 else f"{value:.2g}" if abs(value) < 0.01 or abs(value) >= 1000 else f"{value:.3g}"


def quantity_words(name: str) -> str:
    """A calibrated quantity in plain words."""
    from davy.forecast.priors import prior_rows

    kinds = (*prior_rows("component"), *prior_rows("fitted"), *prior_rows("nuisance"))
    return _SPELLED.get(name) or next((row.label for row in kinds if row.parameter == name), name)


_SPELLED = {"intake": "magnesium from food and water", "kid_GFR": "filtration"}


def percent(value: float) -> str:
    """A share as a percentage."""
    return f"{100 * value:.1f} %"


def _verification(document: Mapping[str, Any]) -> Iterable[Finding]:
    for row in document["rows"]:
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        if row["value"] is None:
            yield Finding(row["id"], row["what"], f"not run: {row['note']}", "verification", None)
            continue
        bound = f"at most {number(row['limit'])}{unit}" if row["limit"] else "none allowed"
        yield Finding(row["id"], row["what"], f"{number(row['value'])}{unit} ({bound})", "verification", row["held"])


def _sbc(document: Mapping[str, Any]) -> Iterable[Finding]:
    method, designs = document["method"], document["designs"]
    counts = [one["persons"] for one in designs]
    persons = f"{min(counts):,}" if min(counts) == max(counts) else f"{min(counts):,} to {max(counts):,}"
    level = f"family-wise {percent(method['family'])}"
    told = (
        f"{document['inside']} of {document['curves']} rank curves lie inside their band ({level}); "
        f"{persons} persons in each of {len(designs)} designs"
    )
    yield Finding("sbc", "simulation-based calibration", told, "sbc", document["inside"] == document["curves"])
    planted = document["planted"]
    names = "; ".join(f"{one['says']}: {'caught' if one['caught'] else 'missed'}" for one in planted)
    caught = all(one["caught"] for one in planted)
    yield Finding("planted", "errors put into the fit on purpose", names, "sbc", caught)
    rows = document["contraction"]
    if rows:
        ratios = [row["widest_ratio"] for row in rows]
        told = (
            f"against the reference, posterior spreads differ by a factor between {min(ratios):.2f} and "
            f"{max(ratios):.2f} at most, over {len(rows)} sets of persons"
        )
        yield Finding("contraction", "contraction by the labs", told, "sbc", None)


def _coverage(document: Mapping[str, Any]) -> Iterable[Finding]:
    for truth, label in document["truths"].items():
        rows = [row for row in key_rows(document["rows"]) if row["truth"] == truth]
        if truth == "as-believed" or not rows:
            continue
        told = ", ".join(f"{quantity_words(row['quantity'])} {percent(row['actual'])}" for row in rows)
        yield Finding(truth, label, f"90 % intervals hold: {told}", "coverage", None)
    for row in document["rows"]:
        if row["design"] == "plan":
            told = (
                f"the 90 % interval of a plan held {percent(row['actual'])} of {row['n']} results "
                f"({percent(row['low'])} to {percent(row['high'])})"
            )
            held = row["low"] <= NINETY <= row["high"]
            yield Finding("plan-coverage", "the dated prediction of a plan", told, "coverage", held)


def key_rows(rows: Rows) -> list[Mapping[str, Any]]:
    """The rows of the 90 % interval of what a plan rests on."""
    return [row for row in rows if row["nominal"] == NINETY and row["quantity"] in KEY_QUANTITIES]


def _misfits(document: Mapping[str, Any]) -> Iterable[Finding]:
    rows = [row for row in document["rows"] if row.get("met") is not None]
    met = sum(bool(row["met"]) for row in rows)
    held = all(row.get("status_holds") is not False for row in document["rows"])
    told = (
        f"{met} of {len(rows)} published figures are met within their tolerance; the others are listed with their size"
    )
    yield Finding("misfits", "published experiments re-run on the body", told, "misfits", held)


def _sentence(name: str, what: str) -> Callable[[Mapping[str, Any]], Iterable[Finding]]:
    def say(document: Mapping[str, Any]) -> Iterable[Finding]:
        told = document.get("sentence") or f"{len(document['rows'])} rows"
        yield Finding(name, what, str(told).rstrip("."), name, None)

    return say


def _versions(document: Mapping[str, Any]) -> Iterable[Finding]:
    verified: Mapping[str, int] = document["verified"]
    total = sum(verified.values())
    told = ", ".join(f"{name} {count}" for name, count in sorted(verified.items(), key=lambda one: -one[1]))
    sentence = f"of {total} parameters and priors, by how they were found: {told}"
    yield Finding("assumed", "where the numbers of the body come from", sentence, "versions", None)


_SAYING: dict[str, Callable[[Mapping[str, Any]], Iterable[Finding]]] = {
    "verification": _verification,
    "sbc": _sbc,
    "coverage": _coverage,
    "misfits": _misfits,
    "trials": _sentence("trials", "published trials run again"),
    "predictive": _sentence("predictive", "surveys beside simulated surveys"),
    "decisions": _sentence("decisions", "decisions on virtual persons"),
    "adapt": _sentence("adapt", "following a plan, virtual persons"),
    "n_of_1": _sentence("n_of_1", "trials of one person"),
    "pathways": _sentence("pathways", "fast pathways"),
    "versions": _versions,
}
