"""An Apple Health export of any size, of an invented person, and what it takes to bring it in.

The mix is that of a watch worn day and night and a food app: mostly heart rate, energy and steps, which Davy passes
over; some 50 stages of sleep, 8 beat-to-beat series and 14 foods a day, which it keeps.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.processes import spent
from benchmarks.rows import Row

GIGABYTE = 10**9
LAST = date(2026, 11, 20)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_GB">
 <ExportDate value="2026-11-20 20:00:00 +0100"/>
 <Me HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexNotSet"/>
"""
_WATCH = (
    'sourceName="Ada\u2019s Apple\u00a0Watch" sourceVersion="11.1" device="&lt;&lt;HKDevice: 0x{address:x}&gt;, '
    'name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,4, software:11.1&gt;"'
)
_PHONE = 'sourceName="Phone" sourceVersion="18.1"'
_FOOD = 'sourceName="Food diary" sourceVersion="4"'
_PASSED_OVER = (
    ("HKQuantityTypeIdentifierHeartRate", "count/min", 900),
    ("HKQuantityTypeIdentifierActiveEnergyBurned", "kcal", 700),
    ("HKQuantityTypeIdentifierBasalEnergyBurned", "kcal", 300),
    ("HKQuantityTypeIdentifierStepCount", "count", 250),
    ("HKQuantityTypeIdentifierDistanceWalkingRunning", "km", 200),
    ("HKQuantityTypeIdentifierRespiratoryRate", "count/min", 100),
)
_STAGES = ("AsleepCore", "AsleepDeep", "AsleepREM", "Awake")


def write(path: Path, size: int = GIGABYTE, seed: int = 8) -> int:
    """Write an export of about so many bytes; how many days it covers.

    Parameters
    ----------
    path : where to. size : in bytes; whole days are written until it is reached. seed : of the values.
    """
    draw = random.Random(seed)  # noqa: S311 # invented values, no secret
    written = days = 0
    with path.open("w", encoding="utf-8") as file:
        written += file.write(_HEAD)
        while written < size:
            written += sum(file.write(line) for line in _day(LAST - timedelta(days=days), draw))
            days += 1
        file.write("</HealthData>\n")
    return days


def _day(day: date, draw: random.Random) -> Iterator[str]:
    offset = "+0200" if 4 <= day.month <= 10 else "+0100"
    watch = _WATCH.format(address=draw.getrandbits(33))

    def at(seconds: int) -> str:
        return f"{day} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02} {offset}"

    def record(kind: str, who: str, unit: str, start: int, end: int, value: str) -> str:
        created, began, ended = at(min(end + 5, 86399)), at(start), at(end)
        return (
            f' <Record type="{kind}" {who}{unit} creationDate="{created}" startDate="{began}" endDate="{ended}" '
            f'value="{value}"'
        )

    for kind, unit, count in _PASSED_OVER:
        for _ in range(count):
            start = draw.randrange(86300)
            yield record(kind, watch, f' unit="{unit}"', start, start + 60, f"{draw.uniform(1, 90):.6g}") + "/>\n"
    for k in range(50):
        value = f"HKCategoryValueSleepAnalysis{_STAGES[draw.randrange(4)]}"
        start = 600 + 480 * k
        zone = '  <MetadataEntry key="HKTimeZone" value="Europe/Berlin"/>\n'
        line = record("HKCategoryTypeIdentifierSleepAnalysis", watch, "", start, start + 480, value)
        yield f"{line}>\n{zone} </Record>\n"
    for k in range(8):
        line = record(
            "HKQuantityTypeIdentifierHeartRateVariabilitySDNN", watch, ' unit="ms"', 9000 * k, 9000 * k + 60, "40"
        )
        beats = "".join(
            f'   <InstantaneousBeatsPerMinute bpm="{draw.randrange(50, 90)}" time="3:00:{n:02}.50\u202fAM"/>\n'
            for n in range(50)
        )
        name = "HeartRateVariabilityMetadataList"
        yield f"{line}>\n  <{name}>\n{beats}  </{name}>\n </Record>\n"
    for k in range(14):
        start, value = 25200 + 3000 * k, f"{draw.uniform(5, 60):.4g}"
        line = record("HKQuantityTypeIdentifierDietaryMagnesium", _FOOD, ' unit="mg"', start, start, value) + "/>\n"
        yield line
        yield f' <Correlation type="HKCorrelationTypeIdentifierFood" {_FOOD}>\n {line} </Correlation>\n'
    yield record("HKQuantityTypeIdentifierRestingHeartRate", watch, ' unit="count/min"', 0, 0, "58") + "/>\n"
    if draw.random() < 0.2:
        value = "HKCategoryValueSeverityModerate"
        yield record("HKCategoryTypeIdentifierHeadache", _PHONE, "", 50000, 60000, value) + "/>\n"


def imported(size: int = GIGABYTE) -> Iterable[Row]:
    """Time and memory of ``davy records import`` for an export of that size."""
    with tempfile.TemporaryDirectory() as folder:
        file, into = Path(folder, "export.xml"), Path(folder, "me")
        days = write(file, size)
        used = spent([sys.executable, "-m", "davy", "records", "import", str(file), "--into", str(into), "--json"])
        case = f"an Apple Health export of {size / GIGABYTE:g} GB, {days} days"
    yield Row("import, peak memory", case, used.peak, "MiB", 200, at_least=False)
    yield Row("import, CPU time", case, used.cpu, "s", 60, at_least=False, detail=f"wall {used.wall:.0f} s")


if __name__ == "__main__":
    for row in imported(int(float(sys.argv[1]) * GIGABYTE) if len(sys.argv) > 1 else GIGABYTE):
        print(row)
