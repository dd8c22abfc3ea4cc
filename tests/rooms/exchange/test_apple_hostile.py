"""Apple Health exports that are broken, cut, huge, or made to do harm: nothing hangs, nothing lies, nothing is lost."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.exchange.devices import apple, brought, entry, headache, magnesium, sleep, written, zipped
from tests.rooms.exchange.importing import Brought

from davy.cli.main import main
from davy.errors import InputError
from davy.exchange.apple_health.stream import Element, Elements

MAGNESIUM = "HKQuantityTypeIdentifierDietaryMagnesium"
LINES = [magnesium(f"2026-11-01 {hour:02}:00:00 +0100", "10") for hour in range(6, 20)]


DAMAGE = [b"", b"<", b">", b'"', b"&", b"\0", b"\xff", b"]]>", b"<!--", b"<![CDATA["]


def outcome(path: Path) -> Brought | str:
    """What a file gives, or the words in which it is refused."""
    try:
        return brought(path)
    except InputError as error:
        return str(error)


def total(made: Brought) -> float:
    return made.day("2026-11-01").dietary_mg.low


def test_a_file_cut_half_way_gives_what_stands_before_the_cut_and_the_whole_one_adds_the_rest(tmp_path):
    whole = apple(*LINES)
    at = whole.index("15:00:00") + 3
    made = brought(written(tmp_path, whole[:at]))
    assert total(made) == 90
    assert [(one.line, "nothing after it was read" in one.why) for one in made.quarantined] == [(21, True)]
    assert {one.id for one in made.records} < {one.id for one in brought(written(tmp_path, whole)).records}


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ('<Record type="x" value="1 < 2"/>', 0),
        (LINES[3].replace('value="10"', 'value="10'), 2),
        (LINES[3].replace("/>", ">"), 0),
        ("</Correlation>", 0),
        (f'<Record type="{MAGNESIUM}" type="{MAGNESIUM}"/>', 0),
        ("<Record Health Mate App Version='2.6'/>", 0),
        (b"\xff\xfe\xff".decode("latin-1"), 0),
    ],
    ids=["less-than", "open quote", "unclosed", "unopened", "twice", "spaces", "letters"],
)
def test_a_broken_line_costs_itself_and_is_named(tmp_path, broken, lost):
    made = brought(written(tmp_path, apple(*LINES[:7], broken, *LINES[7:])))
    assert 140 - 10 * lost <= total(made) <= 150
    if made.quarantined:
        assert made.quarantined[0].line in ((27,) if broken.startswith(LINES[3][:-2]) else (19, 20))
        assert "reading went on at line" in made.quarantined[0].why or "nothing after" in made.quarantined[-1].why
    else:
        assert broken == b"\xff\xfe\xff".decode("latin-1")


def test_bytes_that_are_no_letters_cost_one_line(tmp_path):
    content = apple(*LINES).encode().replace(b"12:00:00", b"12:\xff\xfe:00", 1)
    made = brought(written(tmp_path, content))
    assert (total(made), len(made.quarantined)) == (130, 1)
    assert made.quarantined[0].line == 18


def test_characters_that_xml_forbids_cost_nothing(tmp_path):
    made = brought(written(tmp_path, apple(*LINES, entry("x", "2026-11-01 08:00:00 +0100", "a\x0bb"))))
    assert total(made) == 140
    assert any("XML forbids" in one for one in made.remarks)


def test_a_file_of_broken_places_alone_ends(tmp_path):
    with pytest.raises(InputError, match="broken place 1,000"):
        brought(written(tmp_path, apple(*["<Record type='a'/><b"] * 2500)))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<HealthData>" + "<a>" * 200_000, "nest deeper than 64"),
        ('<HealthData>\n <Record type="' + "x" * 6_000_000, "longer than 4,194,304 bytes"),
        ("<HealthData>\n<!DOCTYPE a [<!ENTITY b 'c'>]></HealthData>", None),
        ("<?xml version='1.0'?><ClinicalDocument/>", "clinical document"),
        ("<?xml version='1.0'?><gpx/>", "no export of Apple Health"),
        ("<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>]><lolz>&lol;</lolz>", "declares an entity"),
        ("<?xml version='1.0'?><!doctype HealthData [<!entity % p SYSTEM 'file:///x'>]><HealthData/>", "an entity"),
        ("<?xml version='1.0'?><!DOCTYPE HealthData [" + "<!-- a -->" * 40_000 + "]><HealthData/>", "no HealthData"),
        ("<?xml version='1.0'?><HealthData/>".encode("utf-16"), "not UTF-8"),
    ],
)
def test_what_is_made_to_do_harm_is_refused_by_name(tmp_path, content, what):
    path = written(tmp_path, content)
    if what is None:
        assert not brought(path).records
        return
    with pytest.raises(InputError, match=what):
        brought(path)


def test_an_entity_that_nobody_declared_is_never_expanded(tmp_path):
    made = brought(written(tmp_path, apple(*LINES[:3], magnesium("2026-11-01 21:00:00 +0100", "&boom;"), *LINES[3:])))
    assert total(made) == 140
    assert "undefined entity" in made.quarantined[0].why


def test_a_type_made_up_for_each_record_takes_no_memory(tmp_path):
    made = brought(written(tmp_path, apple(*[f'<Record type="t{k}"/>' for k in range(5000)], LINES[0])))
    assert len(made.ignored) <= 2001
    assert sum(one.count for one in made.ignored) == 5000


def test_memory_does_not_grow_with_the_file(tmp_path):
    line = entry("HKQuantityTypeIdentifierHeartRate", "2026-11-01 08:00:00 +0100", "70", unit="count/min").encode()

    class Endless(io.RawIOBase):
        def __init__(self, lines: int) -> None:
            self.parts = iter([b"<HealthData>\n", *[line * 200 + b"\n"] * lines, b"</HealthData>"])

        def read(self, size: int = -1) -> bytes:
            return next(self.parts, b"")

    peaks = []
    for lines in (10, 60):
        elements = Elements("export.xml", frozenset((MAGNESIUM,)), frozenset(), frozenset())
        tracemalloc.start()
        assert list(elements.read(Endless(lines))) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert elements.unwanted["records", "HKQuantityTypeIdentifierHeartRate"] == lines * 200
    assert peaks[1] < peaks[0] + 100_000


def bomb(ratio_mib: int = 64) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("export.xml", "w") as member:
        member.write(b"<HealthData>")
        for _ in range(ratio_mib):
            member.write(b" " * 2**20)
    return made.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    with pytest.raises(InputError, match="zip bomb"):
        brought(written(tmp_path, bomb(), "export.zip"))


def test_names_that_lead_out_of_an_archive_are_left_alone(tmp_path):
    names = ("../../export.xml", "/etc/export.xml", "C:/export.xml", "..\\export.xml")
    archive = zipped(
        tmp_path, {**dict.fromkeys(names, apple(*LINES)), "apple_health_export/export.xml": apple(LINES[0])}
    )
    assert total(brought(archive)) == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.zip"]


def test_a_link_in_an_archive_and_in_a_folder_is_not_followed(tmp_path):
    link = zipfile.ZipInfo("export.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError):
        brought(tmp_path / "links.zip")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "export.xml").symlink_to(written(tmp_path, apple(LINES[0]), "outside.xml"))
    with pytest.raises(InputError, match="no export that Davy reads"):
        brought(folder)


def test_an_encrypted_or_cut_archive_is_refused_by_name(tmp_path):
    whole = zipped(tmp_path, {"export.xml": apple(*LINES)}).read_bytes()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        brought(written(tmp_path, bytes(locked), "locked.zip"))
    with pytest.raises(InputError, match="table of contents is missing"):
        brought(written(tmp_path, whole[: len(whole) // 2], "cut.zip"))


def test_a_table_of_contents_that_claims_gigabytes_is_not_read(tmp_path):
    whole = bytearray(zipped(tmp_path, {"export.xml": apple()}).read_bytes())
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 12 : end + 16] = struct.pack("<L", 2**31)
    with pytest.raises(InputError, match="table of contents has 2,147,483,648 bytes"):
        brought(written(tmp_path, bytes(whole), "export.zip"))


def test_a_file_without_a_name_in_an_archive_is_left_alone(tmp_path):
    whole = bytearray(zipped(tmp_path, {"x": "", "export.xml": apple(LINES[0])}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
        whole[whole.index(mark) + at] = 0
    assert total(brought(written(tmp_path, bytes(whole), "export.zip"))) == 10


def test_two_names_for_one_file_and_other_ways_of_packing_are_refused_by_name(tmp_path):
    whole = bytearray(zipped(tmp_path, {"export.xml": apple(*LINES)}).read_bytes())
    whole[6:8] = b"\x00\x08"  # its own header says that the name is UTF-8, and it is not
    whole[30] = 0xB7
    with pytest.raises(InputError, match="damaged"):
        brought(written(tmp_path, bytes(whole), "names.zip"))
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("export.xml", apple(*LINES))
    with pytest.raises(InputError, match="packed in a way"):
        brought(tmp_path / "lzma.zip")


def test_an_archive_that_lost_a_bit_is_refused_before_anything_is_kept(tmp_path):
    with zipfile.ZipFile(tmp_path / "stored.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("export.xml", apple(*LINES))
    whole = (tmp_path / "stored.zip").read_bytes().replace(b'value="10"', b'value="90"', 1)
    with pytest.raises(InputError, match="damaged: Bad CRC"):
        brought(written(tmp_path, whole, "export.zip"))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_to_a_file_ends_in_facts_or_a_refusal(tmp_path_factory, data):
    content = bytearray(
        apple(*LINES, sleep("2026-11-01 23:00:00 +0100", "2026-11-02 06:00:00 +0100", "AsleepREM")).encode()
    )
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(
            st.sampled_from([b"", b"<", b">", b'"', b"&", b"\0", b"\xff", b"]]>", b"<!--", b"<![CDATA["])
        )
        content[at : at + data.draw(st.integers(0, 40))] = change
    path = written(tmp_path_factory.mktemp("damage"), bytes(content))
    made = outcome(path)
    if isinstance(made, str):
        assert made.startswith("export.xml")
        return
    amounts = [day.dietary_mg.low for day in made.days.values() if day.dietary_mg is not None]
    assert sum(amounts) <= 3000 * len(LINES)
    assert all(one.line >= 1 for one in made.records)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_to_an_archive_ends_in_facts_or_a_refusal(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damage")
    content = bytearray(zipped(folder, {"a/export.xml": apple(*LINES)}).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    made = outcome(written(folder, bytes(content[: data.draw(st.integers(4, len(content)))]), "hurt.zip"))
    assert not isinstance(made, str) or "hurt.zip" in made


def test_a_wanted_record_that_the_file_breaks_in_keeps_its_own_words():
    text = f'<HealthData>\n <Record type="{MAGNESIUM}" value="10">\n  <MetadataEntry key="a" value="<"/>\n </Record>\n'
    found = list(
        Elements("export.xml", frozenset((MAGNESIUM,)), frozenset(), frozenset()).read(io.BytesIO(text.encode()))
    )
    assert isinstance(found[0], Element)
    assert found[0].attributes["value"] == "10"


def test_the_command_says_what_is_broken_and_keeps_the_rest(tmp_path, capsys):
    cut = apple(*LINES, headache("2026-11-02 14:00:00 +0100", "2026-11-02 15:00:00 +0100", "Mild"))[:-40]
    into = tmp_path / "me"
    assert main(["records", "import", str(written(tmp_path, cut)), "--into", str(into), "--today", "2026-11-22"]) == 0
    out = capsys.readouterr().out
    assert "14 new records" in out
    assert "not well-formed" in out
