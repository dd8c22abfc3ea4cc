"""Rules on the pathways: what their rows promise each other, and what was computed from them before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from davy.errors import DavyError, KnowledgeError
from davy.evidence.rows import Claim, Fact, Study
from davy.pathways.build import curve_files
from davy.pathways.catalogue import BODY, MAGNESIUM, Pathway, catalogue, pathway
from davy.pathways.curves import FOLDER, stored_curve
from davy.pathways.draws import parameter_lanes
from davy.pathways.homes import experiment, module
from davy.pathways.measure import measure
from davy.pathways.record import anchors_of, fresh
from davy.pathways.rows import PARAMETER_SETS, FeedRow, PortRow
from davy.qualify.library import Knowledge, Rule
from davy.qualify.pathway_units import units_agree
from davy.qualify.problem import Problem, at
from davy.tables import knowledge_file

_INSIDE = ("brain", "cord", "nerve")
_LOCAL = ("interstitial", "csf", "neuron-free", "cell-free", "matrix-free")
_BLOOD = ("plasma-ionised", "serum-total")
_DOSE = "dose"  # of a trial's arm: what people were given, and no magnesium that a cell reads
_ADAPTER = "P00"
_NO_UNIT = {"-", "1"}
AGAIN = "`davy pathways build` computes it again"


def magnesium_is_local(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a magnesium input says where it is, and that brain, cord and nerve read no plasma."""
    site = {line.cells["id"]: line.cells.get("site", "") for line in knowledge.of("pathways.csv")}
    kind = {line.cells["id"]: line.cells.get("kind", "") for line in knowledge.of("pathways.csv")}
    for line in knowledge.of("pathway_ports.csv"):
        name, where = line.cells.get("port", ""), line.cells.get("compartment", "")
        if line.cells.get("direction") != "in" or not name.startswith(MAGNESIUM):
            continue
        owner = line.cells.get("pathway", "")
        if not where:
            yield at(line, "compartment", "a magnesium input says which magnesium it reads")
        elif where == _DOSE and kind.get(owner) == "empirical":
            continue
        elif site.get(owner) in _INSIDE and where not in _LOCAL and not owner.startswith(_ADAPTER):
            yield at(line, "compartment", f"{site[owner]} reads no {where} magnesium: only an adapter (P00) does")


def recalled_is_a_hypothesis(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a pathway with a recalled number is of grade D."""
    grade = {line.cells["id"]: line.cells.get("grade", "") for line in knowledge.of("pathways.csv")}
    for line in knowledge.of("pathway_parameters.csv"):
        recalled = "recalled" in line.cells.get("provenance", "") or line.cells.get("verified") == "memory"
        if recalled and line.cells.get("set") == "literature" and grade.get(line.cells["pathway"]) != "D":
            yield at(line, "provenance", "a recalled number makes the pathway a hypothesis: grade D, or read it")
    for file, owner in (("pathways.csv", "id"), ("pathway_anchors.csv", "pathway")):
        for line in knowledge.of(file):
            if line.cells.get("verified") == "memory" and grade.get(line.cells[owner]) != "D":
                yield at(line, "verified", "a recalled row makes the pathway a hypothesis: grade D, or read it")


def facts_are_kept(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a parameter that names a fact has its value, and that an empirical effect names one."""
    kind = {line.cells["id"]: line.cells.get("kind", "") for line in knowledge.of("pathways.csv")}
    for line in knowledge.of("pathway_parameters.csv"):
        name = line.cells.get("fact", "")
        if not name:
            measured = line.cells.get("provenance") == "measured" and line.cells.get("set") == "literature"
            registered = any(isinstance(knowledge.registry.get(one), Fact | Study) for one in line.words("source"))
            if measured and not registered and kind.get(line.cells["pathway"]) == "empirical":
                yield at(line, "fact", "a measured effect names the fact that holds it, or cites a fact or a study")
            continue
        entry = knowledge.registry.get(name)
        if not isinstance(entry, Fact):
            yield at(line, "fact", f"no fact has the id {name!r}")
        elif not _same(entry.value, line.cells.get("value", "")):
            yield at(line, "value", f"{line.cells.get('value')} is not the value of {name}, {entry.value}")


def claims_exist(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a pathway is about claims that there are."""
    for line in knowledge.of("pathways.csv"):
        for name in line.words("claims"):
            if not isinstance(knowledge.registry.get(name), Claim):
                yield at(line, "claims", f"no claim has the id {name!r}")


def pathways_fit(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that rows and models of each pathway fit each other, and that each measure reads."""
    lines = {line.name: line for line in knowledge.of("pathways.csv")}
    try:
        found = catalogue()
    except KnowledgeError as error:
        yield Problem("pathways.csv", str(error))
        return
    for one in found:
        for wrong in (*_rows_fit(one), *_model_fits(one), *_measures_read(one)):
            yield at(lines[one.id], "id", wrong) if one.id in lines else Problem("pathways.csv", wrong)


def effects_concern_somebody(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that what goes with a dose is an output of a pathway that takes one, and is told to somebody."""
    known = {name for file in ("goals.csv", "conditions.csv") for name in knowledge.ids(file)}
    known |= {f"form:{name}" for name in knowledge.ids("forms.csv")}
    for line in knowledge.of("pathway_people.csv"):
        name, output = line.cells.get("pathway", ""), line.cells.get("output", "")
        if output not in _outputs_of(name):
            yield at(line, "output", f"{output!r} is no output of {name!r}")
        elif not any(port.compartment == _DOSE for port in pathway(name).inputs.values()):
            yield at(line, "pathway", f"{name} takes no dose")
        for word in line.words("people"):
            if word not in known:
                yield at(line, "people", f"{word!r} is no goal, condition or form")


def computed_is_fresh(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that curves and anchors on record are of today's rows, and that each anchor stands as its row says."""
    try:
        found = catalogue()
    except KnowledgeError:
        return
    for one in found:
        try:
            yield from _stale(one)
        except DavyError as error:
            yield Problem("pathways.csv", f"{one.id}: {error}")
    yield from _strays()


def _stale(one: Pathway) -> Iterator[Problem]:
    for name in PARAMETER_SETS:
        home = one.home_of(name)
        for along in () if home.endswith(".ant") else experiment(home).grids:
            if stored_curve(one, name, along) is None:
                told = f"the response curve of {one.id} along {along} ({name}) is missing or stale: {AGAIN}"
                yield Problem(FOLDER, told)
    if one.anchors and not fresh(one):
        yield Problem("pathway_anchors.csv", f"the anchors of {one.id} on record are stale or were changed: {AGAIN}")
        return
    for anchor in anchors_of(one):
        if not anchor.holds:
            told = f"{one.id} {anchor.anchor}: {anchor.status} ({anchor.value}), on record as {anchor.expected}"
            yield Problem("pathway_anchors.csv", told)


def _strays() -> Iterator[Problem]:
    folder = knowledge_file(FOLDER)
    known = curve_files()
    for entry in folder.iterdir() if folder.is_dir() else ():
        if f"{FOLDER}/{entry.name}" not in known:
            yield Problem(f"{FOLDER}/{entry.name}", f"the curve of no pathway: {AGAIN}")


def _same(fact: str | None, value: str) -> bool:
    try:
        return fact is not None and abs(float(fact) - float(value)) <= 1e-9 * max(1.0, abs(float(value)))
    except ValueError:
        return False


def _rows_fit(found: Pathway) -> Iterator[str]:
    if not found.outputs:
        yield "has no output port"
    for name, port in found.inputs.items():
        if port.value is None or not (port.low is None or port.high is None or port.low <= port.value <= port.high):
            yield f"the input {name} has no default within its range"
    for name in PARAMETER_SETS:
        try:
            parameter_lanes(found, name, 1)
        except DavyError as error:
            yield str(error)
    for row in found.outcomes:
        if row.map is not None and not row.map_source:
            yield f"the map to {row.outcome} has no source: without one no share of a trial's effect may be told"
    for port, feed in found.feeds.items():
        yield from _feed_fits(found, port, feed)


def _feed_fits(found: Pathway, port: str, feed: FeedRow) -> Iterator[str]:
    source, _, output = feed.feed.partition(".")
    if port not in found.inputs:
        yield f"a feed is of {port!r}, which is no input"
    elif source == BODY:
        if feed.when != "coupled":
            yield f"the feed {feed.feed} is of the body, which is there only when coupled"
        if port in found.magnesium_inputs() and found.inputs[port].compartment not in _BLOOD:
            yield f"{feed.feed} is no {found.inputs[port].compartment} magnesium: that comes from an adapter (P00)"
    elif output not in _outputs_of(source):
        yield f"the feed {feed.feed} is no output of a pathway"
    else:
        yield from _ends_fit(feed, _outputs_of(source)[output], found.inputs[port])


def _ends_fit(feed: FeedRow, given: PortRow, taken: PortRow) -> Iterator[str]:
    if given.unit != taken.unit and not {given.unit, taken.unit} <= _NO_UNIT:
        yield f"the feed {feed.feed} gives {given.unit} where {taken.port} takes {taken.unit}"
    if taken.port.startswith(MAGNESIUM) and given.compartment != taken.compartment:
        yield f"the feed {feed.feed} is {given.compartment} magnesium, and {taken.port} takes {taken.compartment}"


def _outputs_of(name: str) -> Mapping[str, PortRow]:
    try:
        return pathway(name).outputs
    except DavyError:
        return {}


def _model_fits(found: Pathway) -> Iterator[str]:
    for name in PARAMETER_SETS:
        home = found.home_of(name)
        given = {*found.inputs, *found.parameters[name]}
        try:
            if not home.endswith(".ant"):
                experiment(home)
                continue
            model = module(found, name)
        except DavyError as error:
            yield f"{home}: {error}"
            continue
        missing = [port for port in found.outputs if port not in (*model.states, *model.outputs)]
        unread = sorted(given - set(model.parameters) - _passed_on(found)) if name == "literature" else []
        yield from (f"{home}: {wrong}" for wrong in units_agree(found, name, model))
        if missing:
            yield f"{home} gives no {', '.join(missing)}"
        if unread:
            yield f"{home} reads no {', '.join(unread)}"
        if model.states and found.row.horizon_d is None:
            yield f"{home} changes with time, so a horizon_d is needed"


def _passed_on(found: Pathway) -> set[str]:
    """Inputs that a pathway takes for those that feed it."""
    sources = (feed.feed.partition(".")[0] for feed in found.feeds.values() if feed.when == "always")
    return {port for source in sources if source != BODY for port in pathway(source).inputs}


def _measures_read(found: Pathway) -> Iterator[str]:
    for row in found.anchors:
        try:
            asked = measure(row.measure).asked
        except KnowledgeError as error:
            yield f"anchor {row.anchor}: {error}"
            continue
        for one in asked:
            about = pathway(one.pathway) if one.pathway else found
            known = {*about.inputs, *about.parameters[row.set], "at_d"}
            if not one.own and one.output not in about.outputs:
                yield f"anchor {row.anchor}: {one.output!r} is no output of {about.id}"
            yield from (f"anchor {row.anchor}: {port!r} is no input" for port, _ in one.at if port not in known)


RULES: tuple[Rule, ...] = (
    magnesium_is_local,
    recalled_is_a_hypothesis,
    facts_are_kept,
    claims_exist,
    pathways_fit,
    effects_concern_somebody,
    computed_is_fresh,
)
"""Every rule on the pathways, in the order of the report."""
