"""The documents of the pathways: one page each and one that lists them, from the models and their rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from davy.evidence.registry import resolve
from davy.evidence.rows import Claim, Source
from davy.pathways.anchoring import Anchored
from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.homes import experiment
from davy.pathways.record import anchors_of
from davy.pathways.rows import ParameterSet, PathwayParameterRow, PortRow
from davy.pathways.run import watermark
from davy.report.pathway_words import GRADES, KINDS, PROVENANCES, interval, shown
from davy.tables import knowledge_file

INDEX = "README.md"
_BAR = "\\|"
_MADE = "This page is made from the model and its rows by `davy pathways docs`; change those, not this."


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    found = [(one, anchors_of(one)) for one in catalogue()]
    return {INDEX: index_page(found), **{f"{one.id}.md": pathway_markdown(one, anchors) for one, anchors in found}}


def index_page(found: Sequence[tuple[Pathway, Sequence[Anchored]]]) -> str:
    """The list of all pathways."""
    own = [one for _, anchors in found for one in _own(anchors)]
    free = [one for one in own if one.use == "checked"]
    met, checked = (sum(one.status == "met" for one in some) for some in (own, free))
    lines = [
        "# What magnesium touches",
        "",
        f"{len(found)} pathways; {met} of {len(own)} anchors met, {checked} of the {len(free)} that set no parameter "
        f"among them. {_MADE}",
        "",
        *(f"- Grade {words}" for words in GRADES.values()),
        "",
        *_table(
            ("Pathway", "Grade", "Kind", "Anchors met", "What"),
            [
                (f"[{one.id}]({one.id}.md)", one.grade, one.kind, _count(anchors), one.row.title)
                for one, anchors in found
            ],
        ),
    ]
    return "\n".join(lines) + "\n"


def pathway_markdown(found: Pathway, anchors: Sequence[Anchored]) -> str:
    """The page of one pathway."""
    row = found.row
    lines = [f"# {row.title}", "", f"`{row.id}` · {found.kind}, {KINDS[found.kind]} · {row.site}", ""]
    lines += [f"Grade {GRADES[found.grade]}."]
    mark = watermark(found)
    if mark is not None:
        lines += ["", f"> **{mark}**"]
    if row.parent is not None:
        lines += ["", f"It runs the model of [{row.parent}]({row.parent}.md) at its own inputs."]
    lines += [
        "",
        row.says,
        "",
        "```sh",
        f"davy pathways run {_short(row.id)} --report {_short(row.id).lower()}.html",
        "```",
    ]
    sections = (_ports, _model, _parameters)
    for one in sections:
        lines += one(found)
    lines += [*_anchors(anchors), *_claims(row.claims), "", "## What a specialist would attack", "", row.attack]
    lines += [*_sources(found, anchors), "", _MADE]
    return "\n".join(lines) + "\n"


def _short(name: str) -> str:
    return name.partition("_")[0]


def _own(anchors: Sequence[Anchored]) -> list[Anchored]:
    """Those of the literature; what the articles state stands beside them."""
    return [one for one in anchors if one.parameter_set == "literature"]


def _count(anchors: Sequence[Anchored]) -> str:
    own = _own(anchors)
    return f"{sum(one.status == 'met' for one in own)} of {len(own)}" if own else "none"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', _BAR) for cell in row)} |"


def _ports(found: Pathway) -> list[str]:
    rows = [_port(port) for port in (*found.inputs.values(), *found.outputs.values())]
    return ["", "## What goes in and what comes out", "", *_table(("Port", "What", "Range", "Default"), rows)]


def _port(port: PortRow) -> tuple[str, str, str, str]:
    place = f", {port.compartment}" if port.compartment is not None else ""
    default = "comes out" if port.direction == "out" else "" if port.value is None else shown(port.value, port.unit)
    return (f"`{port.port}`", f"{port.label}{place}", interval(port.low, port.high, port.unit), default)


def _model(found: Pathway) -> list[str]:
    lines = ["", "## The model", "", *_home(found, "literature")]
    if found.as_stated is not None:
        lines += ["", "As the articles state it:", "", *_home(found, "articles")]
    return lines


def _home(found: Pathway, parameter_set: ParameterSet) -> list[str]:
    home = found.home_of(parameter_set)
    if home.endswith(".ant"):
        text = knowledge_file(f"models/pathways/{home}").read_text(encoding="utf-8")
        return ["```c", text.strip(), "```"]
    told = f"A micro-experiment: `src/davy/pathways/experiments/{home}.py`."
    return [told, "", "```", *experiment(home).equations, "```"]


def _parameters(found: Pathway) -> list[str]:
    literature = found.parameters["literature"]
    stated = {key: row for key, row in found.parameters["articles"].items() if row.set == "articles"}
    if not literature and not stated:
        return []
    heads = ["Parameter", "What", "Value", "Central 95 %", "Where from"] + (["As the articles state"] if stated else [])
    rows: list[tuple[str, ...]] = []
    for key in dict.fromkeys((*literature, *stated)):
        cells = _parameter(key, literature.get(key), stated.get(key))
        rows.append((*cells, _stated(stated.get(key))) if stated else cells)
    return ["", "## Parameters", "", *_table(heads, rows)]


def _parameter(key: str, own: PathwayParameterRow | None, other: PathwayParameterRow | None) -> tuple[str, ...]:
    if own is None:
        return (f"`{key}`", other.label if other is not None else "", "", "", "only in the articles")
    span = "fixed" if own.low is None or own.high is None else f"{own.low:g} to {own.high:g}"
    cited = ", ".join(f"`{name}`" for name in own.source)
    return (f"`{key}`", own.label, shown(own.value, own.unit), span, f"{PROVENANCES[own.provenance]} ({cited})")


def _stated(row: PathwayParameterRow | None) -> str:
    if row is None:
        return ""
    return f"{shown(row.value, row.unit)} ({', '.join(f'`{name}`' for name in row.source)})"


def _anchors(anchors: Sequence[Anchored]) -> list[str]:
    if not anchors:
        return ["", "## Its anchors", "", "No measurement was found that could hold this model up."]
    rows = [
        (
            one.what if one.parameter_set == "literature" else f"{one.what} (run as the articles state it)",
            interval(one.low, one.high, one.unit),
            "none" if one.value is None else shown(one.value, one.unit),
            one.status if one.pair is None else f"{one.status}; contradicts {one.pair}",
            "sets a parameter" if one.use == "calibrated" else "checks",
        )
        for one in anchors
    ]
    return ["", "## Its anchors", "", *_table(("What it is held to", "Interval", "The model", "", "Use"), rows)]


def _claims(claims: Sequence[str]) -> list[str]:
    found = [entry for entry in map(resolve, claims) if isinstance(entry, Claim)]
    if not found:
        return []
    rows = [(f"`{one.id}`", one.statement, one.verdict, one.source_says or "") for one in found]
    return ["", "## What the articles say of it", "", *_table(("Claim", "They state", "Verdict", "Sources say"), rows)]


def _sources(found: Pathway, anchors: Sequence[Anchored]) -> list[str]:
    cited = [*found.row.source, *(name for row in found.parameters["literature"].values() for name in row.source)]
    cited += [name for one in anchors for name in one.sources]
    entries = [entry for entry in map(resolve, dict.fromkeys(cited)) if isinstance(entry, Source)]
    if not entries:
        return []
    lines = [f"- {one.citation}{f' <{one.url}>' if one.url else ''} (`{one.id}`)" for one in entries]
    return ["", "## Sources", "", *lines]
