"""The words that Davy understands: row types and readers of the tables that name things.

Matching is generous where being understood can only make a plan more careful. A word that stays unmatched is kept as it
was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, Protocol

from davy.tables import Row, SourcedRow, Words, read_table

HIDDEN_MAGNESIUM = ("magnesium-product", "magnesium-antacid", "magnesium-laxative", "prenatal-vitamin")
"""Classes of medicines that hold magnesium."""

Solubility = Literal["soluble", "slow", "poor"]


class TermRow(Row):
    """A condition or a symptom: identification only, its rules live with safety."""

    id: str
    label: str
    synonyms: Words = ()
    note: str | None = None


class MedicineClassRow(Row):
    """A class of medicines: ATC prefixes, generic and common brand names; identification only."""

    id: str
    label: str
    atc: Words = ()
    names: Words = ()
    note: str | None = None


class LabTestRow(SourcedRow):
    """A laboratory test: the unit that Davy holds it in, what else is accepted, what cannot be and what is usual.

    Attributes
    ----------
    impossible_low, impossible_high : outside these [unit] a value is bad input.
    usual_low, usual_high : inside these [unit] a value raises no doubt about its unit; not a reference range.
    """

    id: str
    label: str
    analyte: str
    unit: str
    units: Words
    impossible_low: float
    impossible_high: float
    usual_low: float
    usual_high: float
    synonyms: Words = ()


class FormRow(SourcedRow):
    """A magnesium salt: its formula, its elemental fraction, how it dissolves."""

    id: str
    label: str
    salt: str
    formula: str
    hydrate: str | None = None
    molar_mass_g_per_mol: float
    mg_atoms: float
    elemental_fraction: float
    worst_fraction: float
    solubility: Solubility
    osmotic_mosm_per_mmol: float
    synonyms: Words = ()
    repletion_candidate: bool
    articles_fraction_absorbed: float | None = None


class ProductRow(SourcedRow):
    """A product as sold: its form, its elemental magnesium per unit, what its label states."""

    id: str
    label: str
    form: str
    elemental_mg_per_unit: float
    unit_name: Literal["tablet", "capsule", "scoop", "sachet"]
    label_reads: str
    label_means: Literal["elemental", "salt", "unknown"]
    splittable: bool


def conditions() -> tuple[TermRow, ...]:
    """Every condition that has a name here."""
    return read_table("conditions.csv", TermRow)


def symptoms() -> tuple[TermRow, ...]:
    """Every symptom that has a name here."""
    return read_table("symptoms.csv", TermRow)


def medicine_classes() -> tuple[MedicineClassRow, ...]:
    """Every class of medicines, with its codes and names."""
    return read_table("medicines.csv", MedicineClassRow)


def lab_tests() -> tuple[LabTestRow, ...]:
    """Every laboratory test, with its units and its possible values."""
    return read_table("labs.csv", LabTestRow)


def forms() -> tuple[FormRow, ...]:
    """Every magnesium salt, with its elemental fraction."""
    return read_table("forms.csv", FormRow)


def products() -> tuple[ProductRow, ...]:
    """Real products and strengths."""
    return read_table("products.csv", ProductRow)


def plain(text: str) -> str:
    """A text without case, accents and punctuation: words divided by one space."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...


def _phrases(rows: tuple[_Named, ...]) -> dict[str, str]:
    """Each plain phrase and the id it stands for; an id always stands for itself."""
    found = {plain(word): row.id for row in rows for word in (*row.synonyms, row.label)}
    return found | {plain(row.id): row.id for row in rows}


@cache
def _condition_phrases() -> dict[str, str]:
    return _phrases(conditions())


@cache
def _symptom_phrases() -> dict[str, str]:
    return _phrases(symptoms())


@cache
def _form_phrases() -> dict[str, str]:
    return _phrases(forms())


@cache
def _test_phrases() -> dict[str, str]:
    return _phrases(lab_tests())


_DENIAL = re.compile(r"\b(no|not|without|never|denies|family|mother|father|resolved|rule out|ruled out)\b")


def _spoken_of(text: str, phrases: dict[str, str]) -> tuple[str, ...]:
    """The ids whose phrase is the text, or stands in it as whole words; the longest phrase wins where two overlap."""
    said = plain(text)
    if said in phrases:
        return (phrases[said],)
    if _DENIAL.search(said):
        return ()
    rest, found = f" {said} ", dict[str, None]()
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        if len(phrase) > 2 and f" {phrase} " in rest:
            rest = rest.replace(f" {phrase} ", " | ")
            found[phrases[phrase]] = None
    return tuple(found)


def conditions_in(text: str) -> tuple[str, ...]:
    """The condition ids that a text speaks of; empty where none is understood."""
    return _spoken_of(text, _condition_phrases())


def symptoms_in(text: str) -> tuple[str, ...]:
    """The symptom ids that a text speaks of; empty where none is understood."""
    return _spoken_of(text, _symptom_phrases())


def canonical_form(text: str) -> str | None:
    """The form id of a salt in any spelling ("Magnesium bisglycinate"), or None."""
    said = plain(text)
    bare = " ".join(word for word in said.split() if word not in ("magnesium", "mg"))
    phrases = _form_phrases()
    return phrases.get(said) or phrases.get(bare) or phrases.get(f"magnesium {bare}")


def canonical_test(text: str) -> str | None:
    """The id of a laboratory test in any spelling, or None."""
    return _test_phrases().get(plain(text))


def lab_test(test: str) -> LabTestRow:
    """The row of a laboratory test by its id."""
    return next(row for row in lab_tests() if row.id == test)


def form(form_id: str) -> FormRow | None:
    """The row of a form by its id, or None where Davy does not know it."""
    return next((row for row in forms() if row.id == form_id), None)


@cache
def _medicine_names() -> tuple[tuple[str, str], ...]:
    return tuple((plain(name), row.id) for row in medicine_classes() for name in row.names)


@cache
def _medicine_codes() -> tuple[tuple[str, str], ...]:
    return tuple((code, row.id) for row in medicine_classes() for code in row.atc)


def classes_of(name: str | None, atc: str | None) -> tuple[str, ...]:
    """The medicine classes of a name ("Losec 20 mg") and of an ATC code; both are heard, in the order of the table."""
    said = f" {plain(name)} " if name else ""
    code = atc.strip().upper() if atc else ""
    found = {row for phrase, row in _medicine_names() if said and f" {phrase} " in said}
    found |= {row for prefix, row in _medicine_codes() if code and code.startswith(prefix)}
    return tuple(row.id for row in medicine_classes() if row.id in found)
