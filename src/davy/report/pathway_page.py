"""The page of ``davy pathways run ID --report``: figure, anchors, equations, parameters; articles beside literature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from davy.pathways.anchoring import Anchored as AnchorRun
from davy.pathways.catalogue import BODY, Pathway, pathway
from davy.pathways.explained import Explained
from davy.pathways.homes import experiment, module
from davy.pathways.rows import PARAMETER_SETS, ParameterSet, PathwayParameterRow, PortRow
from davy.pathways.run import OutputValue, PathwayRun, run
from davy.pathways.sweep import Swept, swept, swept_ports
from davy.report.equations import infix_equation, model_equations
from davy.report.figure_response import Anchored, Curve, Response, response_figure
from davy.report.layout import Table, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import Dress, contents, document
from davy.report.pathway_words import (
    BANDS,
    GRADES,
    KINDS,
    PROVENANCES,
    banded,
    beyond,
    effect_words,
    explained,
    held,
    interval,
    off_band,
    sentence,
    share,
    shown,
    united,
)
from davy.report.references import References
from davy.report.section_references import cited_sources
from davy.report.words import plain

_MOST_FIGURES = 3
_FOOTER = (
    "A pathway is a model of a mechanism, not advice. No dose of Davy's rests on a pathway; the safety gates and the "
    "planner know none of them."
)
_DRESS = Dress(
    style=".equation{margin:.25rem 0;padding:.3rem 0}.equation math{font-size:1.06rem}"
    ".equation math *{math-style:normal}"
    ".equation mfrac>*{padding-block:.12em}"
    ".hypothesis{font:700 26px system-ui,sans-serif;letter-spacing:.06em;fill:var(--stop);opacity:.3}"
    ".hypothesis.tight{font-size:17px}"
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
        _trials(made.asked.explains, references),
        equations(found),
        parameters(found, references),
        attack(found),
        cited_sources(references),
    ]


def _outputs(made: PathwayShown, references: References) -> Html:
    found = made.asked.pathway
    at = [f"{port.label}: {shown(made.asked.inputs[name], port.unit)}" for name, port in found.inputs.items()]
    heads = ["Observable", "Literature", f"{sentence(made.literature.band)}, 5 to 95 %"]
    heads += ["As the articles state"] if made.differs else []
    rows: list[tuple[Child, ...]] = []
    for own, other in zip(made.literature.outputs, made.articles.outputs, strict=True):
        value, band = banded(own.value, own.p05, own.p95)
        cells: tuple[Child, ...] = (own.label, united(value, own.unit), f"{band or 'none'}{_absent(own)}{_beyond(own)}")
        stated = f"{held(other.value, None, None, other.unit)}{_beyond(other) if other.outside == 'value' else ''}"
        rows.append((*cells, stated) if made.differs else cells)
    outputs = Table("What comes out", tuple(heads), tuple(rows), prose=True)
    told = (
        None if made.differs else el("p.small", "The articles state no number here that differs from the literature.")
    )
    return section(
        "says",
        "What it says",
        el("p.lead", found.row.says, references.cite(found.row.source)),
        el("p.small", f"Grade {GRADES[found.grade]}. It {KINDS[found.kind]}."),
        el("p.small", f"Computed at: {'; '.join(at)}.") if at else None,
        table(outputs),
        el("p.small", f"{BANDS[made.literature.band]} (5 to 95 % of {made.literature.draws} draws)."),
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
    """The outputs along magnesium; along another input where magnesium moves none of them."""
    found = made.asked.pathway
    ports = swept_ports(found)
    for port in ports[:1] if found.experiment else ports:
        own = swept(found, port, made.asked.asked)
        other = swept(found, port, made.asked.asked, parameter_set="articles", draws=0) if made.differs else None
        names = [name for name in found.outputs if any(_varies(one, name) for one in (own, other) if one)]
        if names:
            return _drawn(made, own, other, names[:_MOST_FIGURES])
    return NOTHING


def _drawn(made: PathwayShown, own: Swept, other: Swept | None, names: Sequence[str]) -> Html:
    found = made.asked.pathway
    drawn = [figure(response_figure(_response(made, own, other, name))) for name in names]
    still = [
        f"{one.label}: {shown(made.asked.inputs[key], one.unit)}"
        for key, one in found.inputs.items()
        if key != own.port
    ]
    told = el("p.small", f"Held in every figure: {'; '.join(still)}.") if still else None
    heading = "What magnesium changes" if own.port in found.magnesium_inputs() else "What moves it"
    return section("figure", heading, told, drawn)


def _varies(own: Swept, name: str) -> bool:
    """Whether the line moves, or how wide its band is."""
    for line in (own.value[name], own.p05[name], own.p95[name]):
        there = line[np.isfinite(line)]
        if len(there) > 1 and float(there.max() - there.min()) > 0.0:
            return True
    return False


def _response(made: PathwayShown, own: Swept, other: Swept | None, name: str) -> Response:
    found = made.asked.pathway
    port, output = found.inputs[own.port], found.outputs[name]
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
        hypothesis=made.asked.watermark is not None,
    )


def labelled(port: PortRow) -> str:
    """A port for an axis, with its unit."""
    return port.label if port.unit in ("1", "-", "") else f"{port.label} [{port.unit}]"


def _curve(one: Swept, name: str) -> Curve:
    value, low, high, middle = (tuple(values[name].tolist()) for values in (one.value, one.p05, one.p95, one.p50))
    return Curve(value, low, high, middle)


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
                sentence(one.what) + ("" if one.parameter_set == "literature" else " (run as the articles state it)"),
                references.cite(one.sources),
            ),
            interval(one.low, one.high, one.unit),
            held(one.value, one.low, one.high, one.unit),
            one.status if one.pair is None else f"{one.status}; contradicts {one.pair}, {_pair(one)}",
            "yes" if one.use == "calibrated" else "no",
        )
        for one in anchors
    )
    heads = ("What it is held to", "Interval", "The model", "Met", "Set a parameter")
    own = [one for one in anchors if one.parameter_set == "literature"]
    met = sum(one.status == "met" for one in own)
    stated = len(anchors) - len(own)
    beside = f" {stated} of the rows below {'is' if stated == 1 else 'are'} the articles' and not counted."
    return section(
        "anchors",
        f"Its anchors: {met} of {len(own)} met",
        el(
            "p.small",
            "An anchor is a published observation that the model has to reproduce. One that set a parameter is met by "
            f"construction and proves nothing.{beside if stated else ''}",
        ),
        table(Table("Anchors", heads, rows, prose=True)),
    )


def _pair(one: AnchorRun) -> str:
    return "and the band reaches both" if one.pair_bracketed else "and the band does not reach both"


def _trials(explains: Sequence[Explained], references: References) -> Html:
    """What trials saw of the outcomes this bears on, and how much of it the mechanism explains."""
    if not explains:
        return NOTHING
    rows: list[tuple[Child, ...]] = []
    for one in explains:
        seen = "no number" if one.effect is None else effect_words(one.effect)
        dose = "" if one.dose_mg is None else f"{one.dose_mg:.0f} mg a day"
        rows.append(
            (
                (sentence(plain(one.outcome)), references.cite(one.sources)),
                seen,
                dose,
                sentence(explained(one.sentence)),
            )
        )
    heads = ("Outcome", "Trials (95 % interval)", "Dose", "Share of it that this explains")
    return section("trials", "What trials saw", table(Table("Trials", heads, tuple(rows), prose=True)))


def equations(found: Pathway) -> Html:
    """The equations, as the model itself has them; those of the articles after them where they have their own."""
    lines = [_scrolled(_equations(found, "literature"))]
    if found.as_stated is not None:
        lines += [el("h3", "As the articles state it"), _scrolled(_equations(found, "articles"))]
    return section("equations", "Equations", lines)


def _scrolled(lines: Sequence[Html]) -> Html:
    """Equations that scroll sideways by themselves on a narrow screen, also by the keyboard."""
    return el("div.scroll", {"tabindex": 0, "role": "group", "aria-label": "Equations"}, lines)


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
    made = Table("Values and where they come from", tuple(heads), tuple(rows), (1, 2), prose=True)
    return section("parameters", "Parameters", table(made))


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
        unit = "" if own.unit in ("1", "-") else own.unit
        cells = (name, f"{own.value:.4g}", span, unit, (PROVENANCES[own.provenance], references.cite(own.source)))
    if not stated:
        return cells
    return (*cells, "" if other is None else (f"{other.value:.4g}", references.cite(other.source)))


def attack(found: Pathway) -> Html:
    """What a specialist would still attack."""
    return section("attack", "What a specialist would attack", el("p", found.row.attack))


def _beyond(one: OutputValue) -> str:
    return f" ({beyond(one)})" if one.outside else ""


def _absent(one: OutputValue) -> str:
    absent = f" (absent in {share(one.absent)} of draws)" if one.absent else ""
    return absent + (f"; {off_band(one)}" if off_band(one) else "")
