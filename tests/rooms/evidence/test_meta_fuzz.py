"""Whatever a file holds, pooling answers or says what is wrong: no traceback, no number that is not one."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from davy.errors import InputError
from davy.evidence.meta.dose_response import fit_dose_response
from davy.evidence.meta.pooling import PoolOptions, pool
from davy.report.dose_response_page import dose_response_page
from davy.report.dose_response_text import dose_response_text
from davy.report.pool_page import pool_page
from davy.report.pool_text import pool_text

CELLS = st.one_of(
    st.integers(0, 40),
    st.floats(-1e3, 1e3, allow_nan=False),
    st.sampled_from(["", "NA", "x", 0, -1, 1e-9, 1e9, 1e200]),
)
COUNTS = st.integers(0, 30)
METHODS = st.sampled_from(["REML", "DL", "PM", "FE", "MH", "PETO"])
FEW = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def sound(document: dict[str, Any]) -> None:
    json.dumps(document, allow_nan=False)
    for name in ("ci", "pi", "tau2_ci"):
        interval = document.get(name)
        assert interval is None or interval[0] <= interval[1]
    if document.get("se") is not None:
        assert document["se"] >= 0
        assert math.isfinite(document["se"])


@FEW
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), METHODS, st.sampled_from([None, "z", "knha"]))
@example([(929.5, 4.0), (-1.0, 1e9)], "REML", "knha")
@example([(929.5, 1e-9), (-1.0, 0.1)], "DL", "z")
def test_any_cells(cells: list[tuple[Any, Any]], method: Any, test: Any) -> None:
    rows = [{"study": f"S{k}", "yi": yi, "vi": vi} for k, (yi, vi) in enumerate(cells)]
    try:
        made = pool(rows, method=method, test=test)
    except InputError:
        return
    sound(made.as_json())
    assert pool_text(made)
    assert pool_page(made, "fuzz")


@FEW
@given(
    st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=12),
    st.sampled_from(["OR", "RR", "RD", "PETO"]),
    METHODS,
    st.booleans(),
)
@example([(6, 0, 13, 7), (14, 0, 17, 5)], "OR", "MH", False)
def test_any_counts(cells: list[tuple[int, int, int, int]], measure: Any, method: Any, exact: bool) -> None:
    rows = [{"study": f"S{k}", "ai": a, "bi": b, "ci": c, "di": d} for k, (a, b, c, d) in enumerate(cells)]
    try:
        made = pool(rows, measure=measure, method=method, options=PoolOptions(exact=exact and len(rows) < 4))
    except InputError:
        return
    sound(made.as_json())
    assert pool_text(made)
    assert pool_page(made, "fuzz")


@settings(FEW, max_examples=12)
@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(-2, 2), st.floats(0.01, 1)), min_size=1, max_size=8),
    st.sampled_from(["cc", "ir", "ci"]),
    st.integers(1, 3),
)
def test_any_doses(cells: list[tuple[float, float, float]], kind: str, number: int) -> None:
    rows: list[dict[str, object]] = []
    for k in range(number):
        rows.append({"study": k, "dose": -1, "logrr": 0, "se": "", "cases": 30, "n": 500, "type": kind})
        for dose, logrr, se in cells:
            rows.append({"study": k, "dose": dose, "logrr": logrr, "se": se, "cases": 20, "n": 400, "type": kind})
    try:
        made = fit_dose_response(rows)
    except InputError:
        return
    json.dumps(made.as_json(), allow_nan=False)
    assert dose_response_text(made)
    assert dose_response_page(made, "fuzz")
