"""From the answers of ``davy new`` to a commented person file that reads back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

from davy.errors import Fault, InputError
from davy.people.file import MOST_ITEMS
from davy.people.food_groups import food_groups, screened_mg_per_day
from davy.people.interview import Answers, Question, Units, applies, chosen, questions
from davy.people.read import person_from_text
from davy.people.vocabulary import classes_of, conditions_in, symptoms_in
from davy.units import height_cm, weight_kg

MOST_PORTIONS = 30.0

HEAD = """\
# A person file for Davy. Change any line, add what you learn, and run Davy again.
# A line that begins with # is a note. What is left out is unknown: never zero, never normal.
davy: 1"""


class _Answered:
    """The answers that apply, read one at a time."""

    def __init__(self, answers: Answers, units: Units) -> None:
        self.units: Units = units
        self._questions = {question.key: question for question in questions(units)}
        self._answers = answers

    def text(self, key: str) -> str:
        """The answer as typed, or nothing where it is unknown or does not apply."""
        asked = applies(self._questions[key], self._answers)
        return self._answers.get(key, "").strip() if asked else ""

    def choice(self, key: str) -> str:
        """The word that was chosen, or nothing."""
        return chosen(self._questions[key], self.text(key)) if self.text(key) else ""

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number between two ends, or None where it is unknown."""
        said = self.text(key)
        if not said:
            return None
        try:
            value = float(said.replace(",", "."))
        except ValueError:
            raise InputError([Fault(key, f"'{said}' is not a number", "only the number; Enter for unknown")]) from None
        if not low <= value <= high:
            raise InputError([Fault(key, f"{said} is not possible here", f"from {low:g} to {high:g}")])
        return value

    def words(self, key: str) -> list[str] | None:
        """The parts of a list, empty for "none", or None where it is unknown."""
        said = self.text(key)
        if not said:
            return None
        if said.lower() in ("none", "no", "nothing", "0"):
            return []
        parts = [part.strip() for part in re.split(r"[,;\n]", said) if part.strip()]
        if len(parts) > MOST_ITEMS or any(len(part) > 300 for part in parts):
            raise InputError([Fault(key, "this list is too long", "divide the words by commas")])
        return parts

    def question(self, key: str) -> Question:
        """The question of a key."""
        return self._questions[key]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _size(said: _Answered, key: str) -> str:
    """Weight or height with its unit; a bare number is in the units that were chosen."""
    text = said.text(key)
    if not text:
        return ""
    bare = re.fullmatch(r"[\d.]+", text)
    feet = re.fullmatch(r"(\d)\s*(?:ft|feet|foot|'|\s|,|-)\s*(\d{1,2})", text)
    us = said.units == "us"
    if bare:
        text += (" lb" if us else " kg") if key == "weight" else (" in" if us else " cm")
    elif key == "height" and feet:
        text = f"{feet[1]} ft {feet[2]} in"
    reads = weight_kg(text) if key == "weight" else height_cm(text)
    if reads is None:
        right = "like 178 lb or 81 kg" if key == "weight" else "like 5 ft 6 in or 168 cm"
        raise InputError([Fault(key, f"'{said.text(key)}' does not read", right)])
    return text


def _about(said: _Answered) -> Iterator[str]:
    age = said.number("age", 0, 120)
    yield f"age_y: {age:g}" if age is not None else "# age_y:        # unknown"
    sex = said.choice("sex")
    yield f"sex: {sex}" if sex else "# sex:          # unknown; reference ranges go by it"
    for key in ("weight", "height"):
        size = _size(said, key)
        yield f"{key}: {_quoted(size)}" if size else f"# {key}:       # unknown"
    pregnant = said.choice("pregnant")
    if pregnant:
        yield f"pregnant: {'true' if pregnant == 'yes' else 'false'}"
    elif applies(said.question("pregnant"), {"age": said.text("age"), "sex": sex}):
        yield "# pregnant:     # unknown; Davy stays on the careful side until it knows"
    country = said.choice("country")
    if country in ("US", "EU"):
        yield f"jurisdiction: {country}   # whose upper level for supplements applies"
    else:
        yield "# jurisdiction: # absent, so the lower upper level applies"
    goal = said.choice("goal")
    yield f"goals: [{goal}]" if goal else "# goals:        # absent means general"


def _diet(said: _Answered) -> Iterator[str]:
    portions = {group.id: said.number(f"food-{group.id}", 0, MOST_PORTIONS) for group in food_groups()}
    known = {name: value for name, value in portions.items() if value is not None}
    if len(known) == len(portions):
        eaten = ", ".join(f"{name} {value:g}" for name, value in known.items())
        yield f"# portions a day: {eaten}"
        yield f"diet: {{magnesium_mg_per_day: {screened_mg_per_day(known):.0f}, method: screener}}"
        return
    missing = ", ".join(name for name in portions if name not in known)
    yield f"# diet:         # unknown; not answered: {missing}" if known else "# diet:         # unknown"


def _tablet(said: _Answered) -> Iterator[str]:
    form = said.text("supplement")
    if not form:
        yield "# supplements:  # not answered; none reported"
        return
    if form.lower() in ("none", "no", "0"):
        yield "supplements: []"
        return
    label, per_day = said.number("supplement-mg", 0, 20000), said.number("supplement-per-day", 0, 60)
    entry = f"form: {_quoted(form)}"
    entry += f", label_mg: {label:g}" if label is not None else ""
    entry += f", label_means: {said.choice('supplement-means') or 'unknown'}"
    entry += f", per_day: {per_day:g}" if per_day is not None else ""
    yield "# Antacids, laxatives, prenatals and electrolyte powders with magnesium belong here or under medicines too."
    yield f"supplements:\n  - {{{entry}}}"


def _dated(said: _Answered, key: str, test: str, value: str, unit: str) -> str:
    day = said.text(f"{key}-date")
    if not day:
        return f"  # {test} {value} {unit}: its day is unknown, and a value without a day cannot be used"
    return f"  - {{date: {_quoted(day)}, test: {test}, value: {value}, unit: {_quoted(unit)}}}"


def _value(said: _Answered, key: str) -> tuple[str, str] | None:
    text = said.text(key)
    if not text or text.lower() in ("no", "none"):
        return None
    match = re.fullmatch(r"(?:e?gfr|creatinine|magnesium)?[\s:=]*([\d.,]+)\s*([^\d\s].*)?", text, re.IGNORECASE)
    if match is None:
        raise InputError([Fault(key, f"'{text}' does not read", "the number and its unit")])
    return match[1].replace(",", "."), (match[2] or "").strip()


def _labs(said: _Answered) -> Iterator[str]:
    rows: list[str] = []
    kidney, serum = _value(said, "kidney"), _value(said, "serum")
    if kidney is not None:
        value, unit = kidney
        creatinine = "creatinine" in said.text("kidney").lower() or (unit and "min" not in unit.lower())
        if (creatinine and not unit) or (not unit and value.startswith("0.")):
            raise InputError([Fault("kidney", f"'{value}' looks like a creatinine without its unit", "like 0.9 mg/dL")])
        test, unit = ("creatinine", unit) if creatinine else ("egfr", unit or "mL/min/1.73m2")
        rows.append(_dated(said, "kidney", test, value, unit))
    if serum is not None:
        if not serum[1]:
            raise InputError([Fault("serum", f"'{serum[0]}' has no unit", "like 1.9 mg/dL or 0.82 mmol/L")])
        rows.append(_dated(said, "serum", "serum-magnesium", *serum))
    if any(row.startswith("  -") for row in rows):
        yield "labs:"
    else:
        yield "# labs:         # none yet; a creatinine settles the kidney question"
    yield from rows


def _medicine(part: str) -> str:
    days = re.search(r"[\s,(]*(\d+(?:\.\d+)?)\s*(?:days?|x|times)\s*(?:a|per|/)\s*month\)?\s*$", part, re.IGNORECASE)
    name = part[: days.start()].strip() if days else part
    entry = f"  - {{name: {_quoted(name or part)}" + (f", days_per_month: {float(days[1]):g}" if days else "") + "}"
    return entry + (
        "" if classes_of(name, None) else "   # Davy does not know this one; it is kept and counts as unknown"
    )


def _lists(said: _Answered) -> Iterator[str]:
    medicines = said.words("medicines")
    if medicines:
        yield "medicines:"
        yield from (_medicine(part) for part in medicines)
    else:
        yield "medicines: []" if medicines == [] else "# medicines:    # not answered; none reported"
    conditions = said.words("conditions")
    if conditions:
        yield "conditions:"
        for part in conditions:
            known = conditions_in(part) or symptoms_in(part)
            yield f"  - {_quoted(part)}" + ("" if known else "   # Davy does not know this word; it is kept and shown")
    else:
        yield "conditions: []" if conditions == [] else "# conditions:   # not answered; none reported"
    signs = said.words("signs")
    if signs:
        words = ", ".join(_sign(said.question("signs"), part) for part in signs)
        yield f"symptoms: [{words}]"
    else:
        yield "symptoms: []" if signs == [] else "# symptoms:     # not answered; none reported"


def _sign(question: Question, part: str) -> str:
    """A sign by its number, or the words themselves where they are no number."""
    return chosen(question, part) if part.isdigit() else _quoted(part)


def person_file(answers: Answers, *, units: Units, today: date, person_id: str) -> str:
    """The commented person file of these answers; it has been read back once and reads.

    Parameters
    ----------
    answers : texts by question key; what is missing or empty is unknown.
    units : in which units bare numbers for weight and height are meant.
    today : the day that dates are judged by.
    person_id : the id of the person; random streams go by it.

    Raises
    ------
    InputError : an answer does not read; the fault names its question.
    """
    said = _Answered(answers, units)
    parts = (_about(said), _diet(said), _tablet(said), _lists(said), _labs(said))
    blocks = ["\n".join(part) for part in parts]
    text = "\n\n".join([f"{HEAD}\nid: {_quoted(person_id)}", *blocks]) + "\n"
    person_from_text(text, name="answers", today=today)
    return text


def check_answer(key: str, text: str, answers: Answers, *, units: Units, today: date) -> str | None:
    """What is wrong with an answer, as a sentence to show; None where it reads. An empty answer always reads.

    Parameters
    ----------
    key : the question.
    text : the answer as typed.
    answers : what was answered before it.
    """
    if not text.strip():
        return None
    # a value is judged before its day is known, as if it were from today
    assumed = {f"{key}-date": today.isoformat()} if key in ("kidney", "serum") else {}
    try:
        person_file({**answers, key: text, **assumed}, units=units, today=today, person_id="you")
    except InputError as error:
        fault = error.faults[0]
        return f"{fault.what[:1].upper()}{fault.what[1:]}." + (f" ({fault.right})" if fault.right else "")
    return None
