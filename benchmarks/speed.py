"""Person-years per CPU second against other simulators, at equal achieved error."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contest import Ratio, contest, reference
from benchmarks.peers import PEERS, RoadRunner
from benchmarks.rows import Row
from benchmarks.scenario import SCENARIOS

_AIMS = {
    ("m12", 1e-4, 1): 14.0,
    ("m40", 1e-4, 1): 20.0,
    ("body", 1e-4, 1): 14.0,
    ("m12", 1e-6, 1): 10.0,
    ("m40", 1e-6, 1): 15.0,
    ("body", 1e-6, 1): 10.0,
    ("m12", 1e-4, 1024): 60.0,
    ("m40", 1e-4, 1024): 75.0,
    ("body", 1e-4, 1024): 60.0,
    ("m12", 1e-6, 1024): 30.0,
    ("m40", 1e-6, 1024): 30.0,
    ("body", 1e-6, 1024): 30.0,
}
_PAIRS = {1: 9, 1024: 5}


def against_roadrunner() -> Iterator[Row]:
    """One person and a thousand, against the fastest peer; aims as in the issue, the body held to those of m12."""
    for name, scenario in SCENARIOS.items():
        exact = reference(scenario)
        peer = RoadRunner(scenario)
        for target in (1e-4, 1e-6):
            for lanes in (1, 1024):
                ratio = contest(scenario, peer, target, lanes, pairs=_PAIRS[lanes], exact=exact)
                who = "1 person" if lanes == 1 else f"{lanes} persons, a core"
                case = f"{name}, 1 year, error {target:g}, libRoadRunner"
                aim = _AIMS[name, target, lanes]
                yield Row(who, case, ratio.median, "x", aim, True, ratio.least, ratio.most, _detail(ratio))


def against_others() -> Iterator[Row]:
    """The other peers, one person, without an aim: libRoadRunner is the bar."""
    for name in ("m12", "body"):
        scenario = SCENARIOS[name]
        exact = reference(scenario)
        for peer_name in ("COPASI", "scikit-sundae", "diffrax"):
            peer = PEERS[peer_name](scenario)
            peer.run(peer.tolerances[0])  # the first run compiles or warms up
            ratio = contest(scenario, peer, 1e-4, 1, pairs=1, exact=exact, candidates=1)
            case = f"{name}, 1 year, error 0.0001, {peer_name}"
            yield Row("1 person", case, ratio.median, "x", detail=_detail(ratio))


def _detail(ratio: Ratio) -> str:
    return (
        f"{ratio.ours_ms:.3g} ms against {ratio.theirs_ms:.3g} ms a person-year; achieved {ratio.our_error:.1e} and "
        f"{ratio.their_error:.1e} at tolerances {ratio.our_tolerance:g} and {ratio.their_tolerance:g}"
    )
