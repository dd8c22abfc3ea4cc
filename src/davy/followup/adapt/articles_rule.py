"""What the articles promise: a dose that follows the wearable from day to day. It is simulated, never suggested.

The articles name heart rate variability, sleep and activity as cues and give no rule (c-000-037, unsupported). This is
the plainest one: a night below the person's own recent nights asks for more, one above for less, between the doses that
the articles give. Activity is not among Davy's records.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.days import Day
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number

CLAIMS = ("c-000-037", "c-000-033")
CUES = ("hrv_rmssd_ms", "hrv_sdnn_ms", "asleep_min")


@dataclass(frozen=True)
class ArticlesDose:
    """The dose of one day by the articles' daily adjustment [mg/d], what moved it, and the claims behind it.

    Attributes
    ----------
    above_cap_mg : by how much it is above the cap that holds for this person.
    """

    elemental_mg_per_day: float
    sentence: str
    above_cap_mg: float
    claim_ids: tuple[str, ...]


def cue_of(days: Sequence[Day], today: date) -> tuple[str, float] | None:
    """The first cue that is known today, and how far it lies from the person's own recent days [their SD]."""
    recent = today - timedelta(days=days_of_rule("articles-recent"))
    for name in CUES:
        now = next((getattr(day, name) for day in days if day.date == today), None)
        before = [getattr(day, name) for day in days if recent <= day.date < today and getattr(day, name) is not None]
        if now is None or len(before) < days_of_rule("articles-least"):
            continue
        mean = math.fsum(before) / len(before)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in before) / (len(before) - 1))
        if spread > 0:
            return name, (now - mean) / spread
    return None


def adjusted(mg: float, away: float | None) -> float:
    """The next dose from the last one: more after a poor night, less after a good one, within the articles' range."""
    if away is None or abs(away) < number("articles-cue"):
        return mg
    change = number("articles-change") * (1 if away < 0 else -1)
    return min(max(mg + change, number("articles-low")), number("articles-high"))


def articles_dose(days: Sequence[Day], start: date, today: date, cap_mg: float) -> ArticlesDose:
    """Where the daily adjustment has come to today, begun at the lower end on `start`."""
    mg, told = number("articles-low"), "no cue was noted"
    inside = sorted((day for day in days if day.date <= today), key=lambda day: day.date)
    for number_of_day in range(max((today - start).days, 0) + 1):
        day = start + timedelta(days=number_of_day)
        cue = cue_of(inside, day)
        mg = adjusted(mg, None if cue is None else cue[1])
        if cue is not None and day == today:
            told = f"{_WORDS[cue[0]]} lies {abs(cue[1]):.1f} SD {'below' if cue[1] < 0 else 'above'} the week before"
    sentence = f"A dose that follows the wearable would be {mg:g} mg today: {told}. Magnesium is not what it measures."
    return ArticlesDose(mg, sentence, max(mg - cap_mg, 0.0), CLAIMS)


_WORDS = {"hrv_rmssd_ms": "RMSSD", "hrv_sdnn_ms": "SDNN", "asleep_min": "time asleep"}
