"""Trial files that tests start from, as text."""

from __future__ import annotations

PARALLEL = """\
trial: parallel
people: 300
population:
  recipe: us-adults
  eligibility: {age_y: [18, 75], egfr_mL_per_min_1p73m2: [60, 200]}
arms:
  - {name: placebo, regimen: none}
  - {name: magnesium, regimen: "citrate 180mg @ 08:00,21:00"}
visits:
  - {day: 0, tests: [serum-magnesium, urine-magnesium-24h]}
  - {day: 28, tests: [serum-magnesium, urine-magnesium-24h]}
drop_out_per_year: 1.0
endpoints:
  - {name: serum, test: serum-magnesium, day: 28}
  - {name: urine, test: urine-magnesium-24h, day: 28, measure: change}
"""

CROSSOVER = """\
trial: crossover
people: 60
population: {recipe: us-adults}
arms:
  - {name: none, regimen: none}
  - {name: citrate, regimen: "citrate 150mg @ 08:00,21:00"}
randomisation:
  kind: crossover
  sequences: [[none, citrate], [citrate, none]]
  period_d: 14
  washout_d: 14
visits:
  - {day: 0, tests: [urine-magnesium-24h]}
  - {day: 14, tests: [urine-magnesium-24h, serum-magnesium]}
endpoints:
  - {name: urine, test: urine-magnesium-24h, day: 14}
"""

N_OF_1 = CROSSOVER.replace("crossover", "n-of-1").replace(
    "  sequences: [[none, citrate], [citrate, none]]\n", "  cycles: 3\n"
)
"""Each person takes both, three times, in random order."""


def edited(text: str, *changes: tuple[str, str]) -> str:
    """The text with some words replaced; each has to be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
