"""CONTRACT.md, the terminal door: exit statuses, errors that say where, clean stdout, schemas."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.scenarios.audit.invariants import KEYS
from tests.scenarios.audit.people import TODAY, adult, drug, lab, low, without_labs
from tests.scenarios.audit.runner import FOLDER, davy, plan, written

PLAIN = "davy: 1\nid: potter\nage_y: 45\nsex: male\nweight_kg: 80\n"
REFUSED = adult({"egfr": 20})

BAD: tuple[tuple[str, str | bytes, tuple[str, ...]], ...] = (
    ("unknown-key", PLAIN + "favourite_colour: blue\n", ("favourite_colour", "6")),
    ("duplicate-key", PLAIN + "weight_kg: 90\n", ("weight_kg", "6")),
    ("empty", "", ()),
    ("only-comment", "# nothing\n", ()),
    ("binary", b"\x00\xff\xfe\x89PNG\r\n\x1a\n" + bytes(range(256)), ()),
    ("not-yaml", "davy: [1\nid: {", ()),
    ("a-list", "- davy: 1\n- id: potter\n", ()),
    ("a-word", "potter\n", ()),
    (
        "several",
        "davy: 1\nid: potter\nage_y: forty\nsex: maybe\nweight_kg: -3\n",
        ("age_y", "sex", "weight_kg", "3", "4", "5"),
    ),
    ("negative-age", "davy: 1\nid: potter\nage_y: -3\n", ("age_y", "3")),
    ("future-birth", "davy: 1\nid: potter\nbirth_date: 2027-01-01\n", ("birth_date", "3")),
    (
        "not-a-date",
        PLAIN + "labs:\n  - {date: 2026-13-01, test: egfr, value: 90, unit: mL/min/1.73m2}\n",
        ("date", "7"),
    ),
    (
        "future-lab",
        PLAIN + "labs:\n  - {date: 2027-01-05, test: egfr, value: 90, unit: mL/min/1.73m2}\n",
        ("2027-01-05", "7"),
    ),
    (
        "serum-18",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: serum-magnesium, value: 18, unit: mmol/L}\n",
        ("18", "mg/", "7"),
    ),
    (
        "creatinine-0.9-umol",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: creatinine, value: 0.9, unit: umol/L}\n",
        ("mg/dL", "7"),
    ),
    (
        "creatinine-90-mg",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: creatinine, value: 90, unit: mg/dL}\n",
        ("umol/L", "7"),
    ),
    (
        "unknown-unit",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: serum-magnesium, value: 0.8, unit: stones}\n",
        ("stones", "7"),
    ),
    (
        "unknown-test",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: aura-photograph, value: 0.8, unit: mmol/L}\n",
        ("aura-photograph", "7"),
    ),
    (
        "unknown-lab-key",
        PLAIN + "labs:\n  - {date: 2026-11-01, test: egfr, value: 80, unit: mL/min/1.73m2, colour: red}\n",
        ("colour", "7"),
    ),
    ("unknown-goal", PLAIN + "goals: [flying]\n", ("flying", "6")),
    ("unknown-profile", PLAIN + "profile: emperor\n", ("profile", "6")),
    ("unknown-jurisdiction", PLAIN + "jurisdiction: Mars\n", ("jurisdiction", "6")),
    ("negative-label", PLAIN + "supplements:\n  - {form: citrate, label_mg: -100, per_day: 1}\n", ("label_mg", "7")),
    ("unknown-method", PLAIN + "diet: {magnesium_mg_per_day: 300, method: telepathy}\n", ("method", "6")),
    ("bad-clock", PLAIN + "medicines:\n  - {name: levothyroxine, at: ['25:00']}\n", ("at", "7")),
    ("weight-twice", PLAIN + "weight: 300 lb\n", ("weight",)),
    ("not-a-number", PLAIN.replace("80", ".nan"), ("weight_kg", "5")),
    ("infinite", PLAIN.replace("80", ".inf"), ("weight_kg", "5")),
)


@pytest.mark.parametrize(("text", "told"), [pytest.param(t, w, id=n) for n, t, w in BAD])
def test_bad_input_is_told_where(text: str | bytes, told: tuple[str, ...]) -> None:
    path = written(text, ".yaml")
    for command in ("plan", "check"):
        o = davy(command, path, "--today", TODAY, "--json") if command == "plan" else davy(command, path, "--json")
        assert (o.code, o.out) == (2, ""), (command, o.summary)
        assert "Traceback" not in o.err
        assert Path(path).name in o.err
        err = o.err.replace(path, "").replace(Path(path).name, "")
        assert not [word for word in told if word not in err], err


def test_a_child_is_a_refusal_and_not_an_input_error() -> None:
    assert plan("davy: 1\nid: pupil\nage_y: 9\n").code == 3


USAGE = (
    ("plan", "/nowhere/person.yaml", "--json"),
    ("plan", str(FOLDER), "--json"),
    ("plan", "example:nobody", "--json"),
    ("plan", "example:migraine", "--today", "yesterday", "--json"),
    ("plan", "example:migraine", "--seed", "many", "--json"),
    ("plan", "example:migraine", "--parameter-set", "folklore", "--json"),
    ("plan", "example:migraine", "--frobnicate"),
    ("plan",),
    ("dance",),
    ("schema", "poem"),
    ("simulate", "example:migraine", "--days", "10", "--json"),
    ("simulate", "example:migraine", "--regimen", "none", "--json"),
)


@pytest.mark.parametrize("argv", USAGE, ids=lambda argv: " ".join(argv).replace(str(FOLDER), "FOLDER"))
def test_wrong_usage_is_exit_2(argv: tuple[str, ...]) -> None:
    o = davy(*argv)
    assert (o.code, o.out) == (2, ""), o.summary
    assert o.err.strip()
    assert "Traceback" not in o.err


def test_an_unknown_example_lists_the_known_ones() -> None:
    assert "migraine" in davy("plan", "example:nobody").err


def test_davy_alone_prints_ten_helpful_lines() -> None:
    o = davy()
    lines = [line for line in o.out.splitlines() if line.strip()]
    assert o.code == 0
    assert len(o.out.splitlines()) == 10 or len(lines) == 10, o.out
    assert "davy plan example:migraine" in o.out
    assert "davy new" in o.out


def test_help_exits_0() -> None:
    assert davy("--help").code == 0
    assert davy("plan", "--help").code == 0


def test_every_key_is_there_when_refused() -> None:
    o = plan(REFUSED)
    assert o.code == 3
    assert set(KEYS) <= set(o.doc)
    assert o.err == ""


def test_the_document_repeats_what_was_asked() -> None:
    doc = plan(REFUSED, "--seed", "7").doc
    assert (doc["seed"], doc["today"], doc["person"], doc["profile"]) == (7, TODAY, "potter", "personal")
    assert doc["parameter_set"] == "literature"


def test_same_seed_same_bytes() -> None:
    path = written(adult())
    runs = [davy.__wrapped__("plan", path, "--today", TODAY, "--json").out for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.night
def test_same_bytes_in_another_process() -> None:
    path = written(adult())
    code = "import sys; from davy.cli.main import main; sys.exit(main(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "plan", path, "--today", TODAY, "--json"]
    outs = {
        subprocess.run(argv, capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout
        for seed in ("1", "2")
    }
    assert outs == {davy("plan", path, "--today", TODAY, "--json").out.encode()}


def test_json_and_yaml_say_the_same() -> None:
    import yaml

    person = adult({"egfr": 20})
    a, b = (
        davy("plan", p, "--today", TODAY, "--json").doc
        for p in (written(person), written(yaml.safe_dump(person), ".yaml"))
    )
    assert a == b


PERSONS = {
    "well": adult(),
    "refused": REFUSED,
    "no-labs": without_labs(),
    "low": low(0.66, medicines=[drug("omeprazole")]),
    "bare": {"davy": 1, "id": "stranger"},
}
LONG = adult(
    symptoms=["vomiting", "fever", "loose-stools", "thunderclap-headache", "papilloedema"],
    conditions=[
        "type-2-diabetes",
        "hypertension",
        "heart-failure",
        "frailty",
        "dementia",
        "coeliac",
        "grumbling-spleen",
    ],
    medicines=[
        drug(n) for n in ("omeprazole", "lithium", "digoxin", "levothyroxine", "doxycycline", "furosemide", "zorblaxin")
    ],
)


@pytest.mark.parametrize(
    "who",
    [
        "refused",
        "no-labs",
        "bare",
        pytest.param("well", marks=pytest.mark.night),
        pytest.param("low", marks=pytest.mark.night),
    ],
)
def test_a_plan_is_at_most_40_lines_in_the_terminal(who: str) -> None:
    o = davy("plan", written(PERSONS[who]), "--today", TODAY)
    assert o.code in (0, 3)
    assert 5 <= len(o.out.splitlines()) <= 40, len(o.out.splitlines())


def test_the_longest_refusal_is_at_most_40_lines() -> None:
    o = davy("plan", written(LONG), "--today", TODAY)
    assert o.code == 3
    assert len(o.out.splitlines()) <= 40


@pytest.mark.parametrize("name", ["person", "plan", "fit", "simulate"])
def test_schema_is_a_json_schema(name: str) -> None:
    o = davy("schema", name)
    assert o.code == 0, o.summary
    jsonschema.Draft202012Validator.check_schema(o.doc)
    assert f"davy.{name}/1" in o.out


def test_our_persons_and_plans_keep_their_schemas() -> None:
    people, plans = davy("schema", "person").doc, davy("schema", "plan").doc
    for person in (adult(), low(0.66), REFUSED):
        jsonschema.validate(person, people)
    jsonschema.validate(plan(REFUSED).doc, plans)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"davy": 1, "id": "x", "favourite_colour": "blue"}, people)
    assert set(KEYS) <= set(plans.get("required", [])), set(KEYS) - set(plans.get("required", []))


def test_check_says_what_is_unknown() -> None:
    o = davy("check", written(without_labs()), "--json")
    assert o.code == 0
    assert o.doc["schema"].startswith("davy.")
    assert "egfr" in o.out.lower() or "creatinine" in o.out.lower()
    plain = davy("check", written(adult(conditions=["grumbling-spleen"])))
    assert plain.code == 0
    assert "grumbling-spleen" in plain.out


def test_new_writes_a_file_when_every_answer_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 60))
    target = tmp_path / "me.yaml"
    assert davy.__wrapped__("new", str(target)).code == 0
    text = target.read_text(encoding="utf-8")
    assert "davy: 1" in text
    assert "#" in text
    assert davy.__wrapped__("plan", str(target), "--today", TODAY, "--json").code in (0, 3)


UNITS = {
    "age_y: 45": "birth_date: 1981-11-01",
    "weight_kg: 80": "weight: 176 lb",
    "sex: male": "sex: male\nheight: 5 ft 10 in",
}


def test_us_units_read() -> None:
    text = PLAIN
    for old, new in UNITS.items():
        text = text.replace(old, new)
    text += "goal: migraine-prevention\nlabs:\n  - {date: 2026-11-01, test: creatinine, value: 4.2, unit: mg/dL}\n"
    o = plan(text)
    assert o.code == 3, o.summary


def test_example_ships() -> None:
    for name in ("migraine", "neuropathy"):
        assert davy("check", f"example:{name}").code == 0


@pytest.mark.night
def test_the_report_is_one_page_without_scripts_or_network(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    o = davy.__wrapped__("plan", written(low(0.66)), "--today", TODAY, "--report", str(page))
    assert o.code == 0, o.summary
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text.lower()
    assert not re.search(r'(src|href)="https?://[^"]+\.(css|js|png|woff2?)"', text)
    assert not re.search(r'<(link|img|iframe)[^>]+(src|href)="https?:', text)
    outside = re.sub(r"<details.*?</details>", "", text, flags=re.S)
    assert "fTm" not in outside
    assert "f_act" not in outside
    assert len(re.findall("<table", text)) >= len(re.findall(r"<figure", text))


def test_a_refusal_writes_its_report_too(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    o = davy.__wrapped__("plan", written(REFUSED), "--today", TODAY, "--report", str(page))
    assert o.code == 3
    assert page.stat().st_size > 2000
    assert "eat more" not in page.read_text(encoding="utf-8").lower()


def documents(text: str) -> list[Any]:
    return [json.loads(text)]


@pytest.mark.parametrize(
    "argv",
    [("evidence", "claims", "--json"), ("evidence", "facts", "--json"), ("evidence", "sources", "--json")],
    ids=" ".join,
)
def test_evidence_lists_are_one_document(argv: tuple[str, ...]) -> None:
    o = davy(*argv)
    assert o.code == 0, o.summary
    assert documents(o.out)


def test_all_370_claims_are_there() -> None:
    doc = davy("evidence", "claims", "--json").doc
    rows = doc if isinstance(doc, list) else next(v for v in doc.values() if isinstance(v, list))
    assert len(rows) == 370
    assert {"id", "article", "statement", "verdict", "error_class", "sources", "depends"} <= set(rows[0])


@pytest.mark.night
def test_knowledge_check_passes() -> None:
    assert davy("knowledge", "check").code == 0


def test_lab_helper_is_sound() -> None:
    """The table's own words are accepted: a mistake of the audit would look like one of Davy's."""
    o = davy(
        "check",
        written(
            adult(
                extra=(
                    lab("uacr", 30),
                    lab("b12", 300),
                    lab("cystatin-c", 0.9),
                    lab("hba1c", 6.0),
                    lab("phosphate", 1.0),
                )
            )
        ),
        "--json",
    )
    assert o.code == 0, o.err
