"""Which laboratory values a forecast reads, and a mark that tells whether they are the same as before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from davy.inference.evidence import LABELS
from davy.people.person import Lab

READ = frozenset((*LABELS, "creatinine", "egfr", "cystatin-c"))


def mark_of(labs: Iterable[Lab]) -> str:
    """A mark of the values that a forecast reads [hex]: another value, another mark; their order does not count."""
    said = sorted(
        (lab.date.isoformat(), lab.test, lab.value, lab.comparator or "", str(lab.complete))
        for lab in labs
        if lab.test in READ
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
