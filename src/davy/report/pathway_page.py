"""The page of ``davy pathways run ID --report``: figure, anchors, equations, parameters; articles beside literature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.pathways.anchoring import Anchored as AnchorRun
from davy.pathways.catalogue import BODY, Pathway, pathway
from davy.pathways.homes import experiment, module
from davy.pathways.rows import PARAMETER_SETS, ParameterSet, PathwayParameterRow, PortRow
from davy.pathways.run import OutputValue, PathwayRun, run
from davy.pathways.sweep import Swept, swept, swept_port
from davy.report.equations import infix_equation, model_equations
from davy.report.figure_response import Anchored, Curve, Response, response_figure
from davy.report.layout import Table, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import Dress, contents, document
from davy.report.pathway_words import GRADES, KINDS, PROVENANCES, interval, share, shown
from davy.report.references import References
from davy.report.section_references import cited_sources

_MOST_FIGURES = 3
_FOOTER = (
    "A pathway is a model of a mechanism, not advice. No dose of Davy's rests on a pathway; the safety gates and the "
    "planner know none of them."
)
_DRESS = Dress(
    style=".equation{overflow-x:auto;margin:.25rem 0;padding:.3rem 0}.equation math{font-size:1.06rem}"
    ".equation math *{math-style:normal}"
    ".watermark{border:2px solid var(--stop);color:var(--stop);padding:.6rem .8rem;font-weight:600}",
    footer=_FOOTER,
)


@dataclass(frozen=True)
class PathwayShown:
    """Both parameter sets of one pathway at the same inputs."""

    asked: PathwayRun
    literature: PathwayRun
    articles: PathwayRun

    @property
    def differs(self) -> bool:
        """Whether the articles state anything that differs."""
        return states_other(self.asked.pathway)


def both_sets(made: PathwayRun) -> PathwayShown:
    """A run, and the same under both parameter sets."""
    found = made.pathway
    draws, seed = made.draws, made.seed
    runs = {made.parameter_set: made} if states_other(found) else dict.fromkeys(PARAMETER_SETS, made)
    for one in PARAMETER_SETS:
        if one not in runs:
            runs[one] = run(found.id, made.asked, parameter_set=one, draws=draws, seed=seed)
    return PathwayShown(made, runs["literature"], runs["articles"])


def states_other(found: Pathway) -> bool:
    """Whether the articles give a pathway, or what always feeds it, another structure or other values."""
    stated = found.parameters["articles"]
    own = found.as_stated is not None or any(row.set == "articles" for row in stated.values())
    feeding = [one.feed.partition(".")[0] for one in found.feeds.values() if one.when == "always"]
    return own or any(states_other(pathway(name)) for name in feeding if name != BODY)


def pathway_page(made: PathwayShown) -> str:
    """One run of a pathway as one HTML document."""
    row = made.asked.pathway.row
    references = References()
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", row.title),
        el("p.made", f"{row.id} \N{MIDDLE DOT} grade {row.grade} \N{MIDDLE DOT} {row.kind}"),
        el("p.watermark", made.asked.watermark) if made.asked.watermark else None,
    )
    sections = [one for one in sections_of(made, references) if one is not NOTHING]
    first, *rest = sections
    return document(f"{row.title}: {row.id}", (header, first, contents(rest)), rest, _DRESS)


def sections_of(made: PathwayShown, references: References) -> list[Html]:
    """The sections, in reading order; the sources that they cite come last."""
    found = made.asked.pathway
    return [
        _outputs(made, references),
        _figures(made),
        _anchors(made.asked.anchors, references),
        equations(found),
        parameters(found, references),
        attack(found),
        cited_sources(references),
    ]


def _outputs(made: PathwayShown, references: References) -> Html:
    found = made.asked.pathway
    at = [f"{port.label} {shown(made.asked.inputs[name], port.unit)}" for name, port in found.inputs.items()]
    heads = ["Observable", "Literature", f"{made.literature.band}, 5 to 95 %"]
    heads += ["As the articles state"] if made.differs else []
    rows: list[tuple[Child, ...]] = []
    for own, other in zip(made.literature.outputs, made.articles.outputs, strict=True):
        cells: tuple[Child, ...] = (own.label, _value(own.value, own.unit), _band(own))
        rows.append((*cells, _value(other.value, other.unit)) if made.differs else cells)
    outputs = Table("What comes out", tuple(heads), tuple(rows), prose=True)
    told = (
        None if made.differs else el("p.small", "The articles state no number here that differs from the literature.")
    )
    return section(
        "says",
        "What it says",
        el("p.lead", found.row.says, references.cite(found.row.source)),
        el("p.small", f"Grade {GRADES[found.grade]}. It {KINDS[found.kind]}."),
        el("p.small", f"At: {'; '.join(at)}.") if at else None,
        table(outputs),
        told,
        _claims(found, references),
    )


def _claims(found: Pathway, references: References) -> Html | None:
    claims = found.row.claims
    if not claims:
        return None
    words = f"The articles speak of it in {len(claims)} {'claim' if len(claims) == 1 else 'claims'}"
    return el("p", words, references.cite(claims), ", listed with their verdicts at the end.")


def _figures(made: PathwayShown) -> Html:
    found = made.asked.pathway
    port = swept_port(found)
    if port is None:
        return NOTHING
    own = swept(found, port, made.asked.asked)
    other = swept(found, port, made.asked.asked, parameter_set="articles", draws=0) if made.differs else None
    names = [name for name in found.outputs if _varies(own, name)][:_MOST_FIGURES]
    drawn = [figure(response_figure(_response(made, own, other, name))) for name in names]
    return section("figure", "What magnesium changes", drawn) if drawn else NOTHING


def _varies(own: Swept, name: str) -> bool:
    values = own.value[name]
    there = values[values == values]
    return len(there) > 1 and float(there.max() - there.min()) > 0.0


def _response(made: PathwayShown, own: Swept, other: Swept | None, name: str) -> Response:
    found = made.asked.pathway
    port, output = found.inputs[own.port], found.outputs[name]
    held = [
        f"{one.label} {shown(made.asked.inputs[key], one.unit)}" for key, one in found.inputs.items() if key != own.port
    ]
    return Response(
        name=f"response-{name.replace('_', '-')}",
        x_label=labelled(port),
        y_label=labelled(output),
        x=tuple(own.x.tolist()),
        literature=_curve(own, name),
        articles=None if other is None else _curve(other, name),
        now=made.asked.inputs[own.port],
        band=made.literature.band,
        anchors=_on_the_axis(made, own.port, name),
        held=f"Held: {'; '.join(held)}." if held else "",
    )


def labelled(port: PortRow) -> str:
    """A port for an axis, with its unit."""
    return port.label if port.unit in ("1", "-", "") else f"{port.label} [{port.unit}]"


def _curve(one: Swept, name: str) -> Curve:
    value, low, high = (tuple(values[name].tolist()) for values in (one.value, one.p05, one.p95))
    return Curve(value, low, high)


def _on_the_axis(made: PathwayShown, port: str, output: str) -> tuple[Anchored, ...]:
    """Anchors that are this output itself at a value of this input, everything else as it is held here."""
    from davy.pathways.measure import measure

    found: list[Anchored] = []
    for one in made.asked.anchors:
        asked = measure(one.measure).asked
        if one.low is None or one.high is None or one.parameter_set != "literature":
            continue
        if len(asked) != 1 or one.measure.partition("(")[0] != output:
            continue
        at = dict(asked[0].at)
        place = at.pop(port, made.asked.pathway.inputs[port].value)
        if place is None or not one.measure.endswith(")") or any(made.asked.inputs.get(k) != v for k, v in at.items()):
            continue
        found.append(Anchored(place, one.low, one.high, one.status == "met"))
    return tuple(found)


def _anchors(anchors: Sequence[AnchorRun], references: References) -> Html:
    if not anchors:
        return section("anchors", "Its anchors", el("p", "No measurement was found that could hold this model up."))
    rows = tuple(
        (
            (
                one.what if one.parameter_set == "literature" else f"{one.what} (as stated)",
                references.cite(one.sources),
            ),
            interval(one.low, one.high, one.unit),
            _value(one.value, one.unit),
            one.status if one.pair is None else f"{one.status}; contradicts {one.pair}, {_pair(one)}",
            "set a parameter" if one.use == "calibrated" else "not used to set anything",
        )
        for one in anchors
    )
    heads = ("What it is held to", "Interval", "The model", "", "Use")
    own = [one for one in anchors if one.parameter_set == "literature"]
    met = sum(one.status == "met" for one in own)
    return section("anchors", f"Its anchors: {met} of {len(own)} met", table(Table("Anchors", heads, rows, prose=True)))


def _pair(one: AnchorRun) -> str:
    return "and the band reaches both" if one.pair_bracketed else "and the band does not reach both"


def equations(found: Pathway) -> Html:
    """The equations, as the model itself has them; those of the articles after them where they have their own."""
    lines = [*_equations(found, "literature")]
    if found.as_stated is not None:
        lines += [el("h3", "As the articles state it"), *_equations(found, "articles")]
    return section("equations", "Equations", lines)


def _equations(found: Pathway, parameter_set: ParameterSet) -> tuple[Html, ...]:
    home = found.home_of(parameter_set)
    if home.endswith(".ant"):
        return model_equations(module(found, parameter_set))
    return tuple(infix_equation(text) for text in experiment(home).equations)


def parameters(found: Pathway, references: References) -> Html:
    """Every parameter with where its value comes from; what the articles state beside it."""
    stated = {key: row for key, row in found.parameters["articles"].items() if row.set == "articles"}
    heads = ["Parameter", "Value", "Central 95 %", "Unit", "Where from"] + (["As stated"] if stated else [])
    rows: list[tuple[Child, ...]] = []
    for key in dict.fromkeys((*found.parameters["literature"], *stated)):
        rows.append(_parameter(key, found.parameters["literature"], stated, references))
    if not rows:
        return NOTHING
    return section("parameters", "Parameters", table(Table("Parameters", tuple(heads), tuple(rows), (1, 2))))


def _parameter(
    key: str,
    literature: Mapping[str, PathwayParameterRow],
    stated: Mapping[str, PathwayParameterRow],
    references: References,
) -> tuple[Child, ...]:
    own, other = literature.get(key), stated.get(key)
    row = own or stated[key]
    name = (row.label, " ", el("code", key))
    if own is None:
        cells: tuple[Child, ...] = (name, "", "", row.unit, "only in the articles")
    else:
        span = "" if own.low is None or own.high is None else f"{own.low:.4g} to {own.high:.4g}"
        cells = (name, f"{own.value:.4g}", span, own.unit, (PROVENANCES[own.provenance], references.cite(own.source)))
    if not stated:
        return cells
    return (*cells, "" if other is None else (f"{other.value:.4g}", references.cite(other.source)))


def attack(found: Pathway) -> Html:
    """What a specialist would still attack."""
    return section("attack", "What a specialist would attack", el("p", found.row.attack))


def _value(value: float | None, unit: str) -> str:
    return "none" if value is None else shown(value, unit)


def _band(one: OutputValue) -> str:
    if one.p05 is None or one.p95 is None:
        return "none"
    absent = f" (absent in {share(one.absent)} of draws)" if one.absent else ""
    return f"{one.p05:.4g} to {one.p95:.4g}{absent}"
