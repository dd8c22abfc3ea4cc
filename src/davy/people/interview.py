"""The questions of ``davy new``, as data: what to ask, when, and whether an answer reads.

Nothing here asks or prints. Answers are texts by question key; an empty one is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from davy.errors import Fault, InputError
from davy.people.food_groups import food_groups
from davy.people.lines import Entries, duplicates, plain_entries, read_tree
from davy.people.person import Goal

Units = Literal["us", "metric"]
Answers = Mapping[str, str]

GOAL_WORDS: dict[Goal, str] = {
    "general": "to know whether I need any",
    "migraine-prevention": "fewer migraines",
    "tension-type-headache": "fewer tension headaches",
    "sleep": "to sleep better",
    "muscle-cramps": "fewer muscle cramps",
    "muscle-recovery": "to recover faster after sport",
    "fatigue": "less tiredness",
    "neuropathy": "nerve pain or numb feet",
    "repletion": "my magnesium was low",
    "blood-pressure": "my blood pressure",
    "glycaemia": "my blood sugar",
    "longevity": "to stay well for long",
}
ALARM_SIGNS: dict[str, str] = {
    "thunderclap-headache": "a sudden headache, worse than any before",
    "neurological-deficit": "new weakness or numbness on one side, trouble speaking or seeing",
    "progressive-headache": "a headache that keeps getting worse",
    "fever": "fever or a stiff neck",
    "seizure": "a seizure",
    "tetany": "hands or feet that cramp and lock",
    "fainting": "fainting",
    "arrhythmia": "an irregular heartbeat",
    "slow-pulse": "a slow pulse",
    "drowsiness": "unusual sleepiness",
    "muscle-weakness": "weak muscles",
    "vomiting": "vomiting",
    "diarrhoea": "diarrhoea",
    "dehydration": "drinking too little, or dehydration",
    "poor-intake-5-days": "almost nothing eaten for five days or more",
}
SEXES = {"female": "woman", "male": "man"}
YES_NO = {"yes": "yes", "no": "no"}
COUNTRIES = {"US": "the United States", "EU": "the European Union", "other": "somewhere else"}
LABELS = {
    "elemental": 'magnesium itself ("Magnesium (as glycinate) 100 mg")',
    "salt": 'the compound ("Magnesium glycinate 1000 mg")',
    "unknown": "I cannot tell",
}


@dataclass(frozen=True)
class Question:
    """One line to ask.

    Attributes
    ----------
    topic : which of the numbered questions it belongs to, from 1.
    choices : what may be chosen and how it reads; empty where the answer is free. A number or the word both answer.
    several : whether more than one choice, or a list divided by commas, may be given.
    """

    key: str
    topic: int
    text: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False


def _choice(key: str, topic: int, text: str, choices: Mapping[str, str], hint: str = "") -> Question:
    return Question(key, topic, text, hint, tuple(choices.items()))


def _food() -> tuple[Question, ...]:
    hint = "portions a day; 0 for none, 0.5 for every other day"
    return tuple(
        Question(f"food-{group.id}", 6, group.question or group.id, f"{hint}; one portion: {group.portion}")
        for group in food_groups()
    )


def _size(units: Units) -> tuple[Question, Question]:
    us = units == "us"
    weight = Question("weight", 3, "How much do you weigh?", "pounds, like 178" if us else "kilograms, like 81")
    height = Question("height", 3, "How tall are you?", "like 5 ft 6 in" if us else "centimetres, like 168")
    return weight, height


def _tablet() -> tuple[Question, ...]:
    return (
        Question(
            "supplement",
            7,
            "Do you take a magnesium tablet, capsule or powder? Which kind?",
            "the form on the label, like glycinate, citrate or oxide; none if you take none",
        ),
        Question("supplement-mg", 7, "How many milligrams does the label state per tablet or scoop?", "like 400"),
        _choice("supplement-means", 7, "Milligrams of what?", LABELS),
        Question("supplement-per-day", 7, "How many of them do you take a day?", "like 1; 0.5 for every other day"),
    )


def _labs(units: Units) -> tuple[Question, ...]:
    creatinine, serum = ("0.9 mg/dL", "1.9 mg/dL") if units == "us" else ("80 umol/L", "0.82 mmol/L")
    kidney = f"eGFR like 68, or creatinine like {creatinine}"
    day, from_day = "year-month-day, like 2026-09-02", "From which day is it?"
    return (
        Question("kidney", 8, "Do you have a kidney value from a blood test?", kidney),
        Question("kidney-date", 8, from_day, day),
        Question("serum", 9, "Do you have a magnesium value from a blood test?", f"with its unit, like {serum}"),
        Question("serum-date", 9, from_day, day),
    )


def _lists() -> tuple[Question, ...]:
    return (
        Question(
            "medicines",
            10,
            "Which medicines do you take, also now and then and without prescription?",
            "divided by commas, like omeprazole, sumatriptan 6 days a month; none if none",
            several=True,
        ),
        Question(
            "conditions",
            11,
            "Which illnesses or conditions do you have?",
            "divided by commas, like type 2 diabetes, migraine; none if none",
            several=True,
        ),
        Question(
            "signs",
            12,
            "Is one of these true at present?",
            "numbers divided by commas; none if none",
            tuple(ALARM_SIGNS.items()),
            several=True,
        ),
    )


def questions(units: Units) -> tuple[Question, ...]:
    """Every question, in order; some apply only after certain answers (`applies`)."""
    return (
        Question("age", 1, "How old are you?", "years"),
        _choice("sex", 2, "Which sex do your laboratory's reference ranges go by?", SEXES),
        _choice("pregnant", 2, "Are you pregnant?", YES_NO),
        *_size(units),
        _choice("country", 4, "Where do you live?", COUNTRIES, "it decides which upper level applies"),
        _choice("goal", 5, "What is it for?", {str(goal): words for goal, words in GOAL_WORDS.items()}),
        *_food(),
        *_tablet(),
        *_labs(units),
        *_lists(),
    )


def topics() -> int:
    """How many numbered questions there are."""
    return max(question.topic for question in questions("metric"))


def _takes_tablet(answers: Answers) -> bool:
    said = answers.get("supplement", "").strip().lower()
    return said not in ("", "none", "no", "0")


def _may_be_pregnant(answers: Answers) -> bool:
    try:
        age = float(answers.get("age", "") or 30)
    except ValueError:
        age = 30.0
    sex = answers.get("sex", "").strip().lower()
    return sex in ("female", "f", "1") and 12 <= age <= 55


def applies(question: Question, answers: Answers) -> bool:
    """Whether a question is asked after these answers."""
    if question.key == "pregnant":
        return _may_be_pregnant(answers)
    if question.key.startswith("supplement-"):
        return _takes_tablet(answers)
    if question.key.endswith("-date"):
        return answers.get(question.key.removesuffix("-date"), "").strip().lower() not in ("", "no", "none")
    return True


def chosen(question: Question, text: str) -> str:
    """The word of a choice that was answered by its number, its word or its first letter.

    Raises
    ------
    InputError : it is none of the choices.
    """
    said = text.strip().lower()
    words = [word for word, _ in question.choices]
    if said.isdigit() and 1 <= int(said) <= len(words):
        return words[int(said) - 1]
    for word, meaning in question.choices:
        if said in (word.lower(), meaning.lower()):
            return word
    initials = [word for word in words if said and word.lower().startswith(said)]
    if len(initials) == 1:
        return initials[0]
    raise InputError(
        [Fault(question.key, f"'{text.strip()}' is not one of the choices", f"a number from 1 to {len(words)}")]
    )


def answers_from_text(text: str, *, name: str) -> dict[str, str]:
    """The answers of a file that holds one ``key: answer`` a line; what is left out is unknown.

    Raises
    ------
    InputError : a key is no question, is given twice, or is not answered by a single text.
    """
    tree = read_tree(text, name)
    if not isinstance(tree, Entries):
        raise InputError([Fault(name, "answers are a set of keys", "like age: 58")])
    keys = [question.key for question in questions("metric")]
    faults = [
        Fault(f"{name}, line {repeat}, field {place[-1]}", f"'{place[-1]}' was already answered on line {first}")
        for place, first, repeat in duplicates(tree)
    ]
    answers: dict[str, str] = {}
    for key, value in plain_entries(tree).items():
        if key not in keys:
            faults.append(Fault(f"{name}, field {key}", f"'{key}' is not a question", f"one of: {', '.join(keys)}"))
        elif isinstance(value, str):
            answers[key] = value
        elif isinstance(value, list):
            answers[key] = ", ".join(str(part) for part in cast("list[object]", value))
        else:
            faults.append(Fault(f"{name}, field {key}", "an answer is a single text", "like age: 58"))
    if faults:
        raise InputError(faults)
    return answers
