"""The rows of the pathways: what each is, its ports, its parameters, its anchors, and what it could explain."""

from __future__ import annotations

from typing import Literal

from davy.tables import SourcedRow, Words

Grade = Literal["A", "B", "C", "D"]
Kind = Literal["slow", "fast", "empirical"]
ParameterSet = Literal["literature", "articles"]
Site = Literal[
    "brain", "cord", "nerve", "muscle", "vessel", "heart", "gut", "kidney", "pancreas", "immune", "blood", "cell",
    "whole-body",
]  # fmt: skip
Compartment = Literal[
    "plasma-ionised",
    "interstitial",
    "csf",
    "muscle-free",
    "neuron-free",
    "lumen",
    "cell-free",
    "matrix-free",
    "serum-total",
    "dose",
]
Shape = Literal["lognormal", "normal", "uniform", "fixed"]
Provenance = Literal["measured", "calibrated", "recalled", "assumed", "stated"]

PARAMETER_SETS: tuple[ParameterSet, ...] = ("literature", "articles")


class PathwayRow(SourcedRow):
    """One mechanism, or one check of another.

    Attributes
    ----------
    grade : strength of the anchor, A best; D is a hypothesis, off unless asked for.
    home : the model below ``models/pathways/`` (``nmda_block.ant``), or the name of an experiment; blank = that of
        `parent`.
    as_stated : the home that holds the structure of the articles, where it differs.
    parent : the pathway whose model this one runs, with its ports and parameters where this one has none of its own.
    horizon_d : how long a slow pathway runs [d].
    claims : the claims of the articles that the pathway is about.
    says : what the model says at this observable, for a reader.
    short : its name in figures.
    attack : what a specialist would still attack.
    """

    id: str
    title: str
    grade: Grade
    kind: Kind
    home: str | None = None
    as_stated: str | None = None
    site: Site
    parent: str | None = None
    horizon_d: float | None = None
    claims: Words = ()
    says: str
    short: str
    attack: str


class PortRow(SourcedRow):
    """One input or output of a pathway.

    Attributes
    ----------
    compartment : of a magnesium input, and of what an adapter gives; blank else.
    low, high : valid range of an input (what lies outside is refused), plausible range of an output [unit].
    value : an input's default [unit].
    """

    pathway: str
    direction: Literal["in", "out"]
    port: str
    label: str
    unit: str
    compartment: Compartment | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None


class PathwayParameterRow(SourcedRow):
    """One parameter of a pathway under a set; a row of `articles` stands over that of `literature`.

    Attributes
    ----------
    low, high : the central 95 % of `shape`, or its bounds where that is uniform [unit].
    fact : the fact whose value this must equal.
    """

    pathway: str
    set: ParameterSet
    id: str
    label: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    shape: Shape
    provenance: Provenance
    fact: str | None = None


class AnchorRow(SourcedRow):
    """One observation that the model is held to.

    Attributes
    ----------
    measure : arithmetic over outputs at conditions, as ``fraction(mg_mM=0.6) / fraction(mg_mM=1.0)``.
    low, high : the interval that the measure has to lie in [unit].
    pair : the anchor that contradicts this one, as ``anchor`` or ``pathway.anchor``; the band has to reach both.
    use : whether a parameter was set by it, or it was left to check the model.
    expected : the status on record.
    """

    pathway: str
    anchor: str
    what: str
    set: ParameterSet
    measure: str
    low: float | None = None
    high: float | None = None
    unit: str
    pair: str | None = None
    use: Literal["calibrated", "checked"]
    expected: Literal["met", "missed"]


class OutcomeRow(SourcedRow):
    """A trial outcome that an output of a pathway could explain.

    Attributes
    ----------
    benefit : the row of benefits.csv that holds the pooled effect, in place of `estimate`, `low` and `high`.
    null_value : the effect of nothing: 0 of a difference, 1 of a ratio.
    dose_mg : elemental magnesium a day of the trials.
    map : arithmetic from the change of outputs to the outcome, blank where none is accepted.
    map_source : where the map comes from.
    """

    pathway: str
    outcome: str
    output: str
    benefit: str | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    null_value: float
    dose_mg: float | None = None
    map: str | None = None
    map_source: Words = ()


class FeedRow(SourcedRow):
    """What an input of a pathway is joined to: an output of another, or a quantity of the body model.

    Attributes
    ----------
    feed : ``P06_complexV.flux_fraction``, or ``body.kid_Cfree``.
    when : ``always``, or only when the pathways run ``coupled`` to the body.
    """

    pathway: str
    port: str
    feed: str
    when: Literal["always", "coupled"]


class PeopleRow(SourcedRow):
    """Whom an effect that trials found with a dose concerns; nobody else is told of it beside a plan.

    Attributes
    ----------
    output : what they are told.
    people : goals and conditions that have to be there all together, or ``form:glycinate`` of what is taken.
    """

    pathway: str
    output: str
    people: Words
