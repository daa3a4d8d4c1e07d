"""This is the place where it stands how an Apple Health export looks on paper: its head and its elements."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

WATCH, PHONE, CUFF, SCALE, DIARY = "Casey’s Apple\u00a0Watch", "Casey’s iPhone", "OMRON connect", "Health Mate", "Health"
DEVICES = {
    WATCH: ' device="&lt;&lt;HKDevice: 0x2819bd040&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:9.4&gt;"',
    PHONE: ' device="&lt;&lt;HKDevice: 0x2819bc820&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone13,2, software:16.5&gt;"',
}
VERSIONS = {WATCH: "9.4", PHONE: "16.5", CUFF: "7.2.1", SCALE: "2160040", DIARY: "16.5"}

_ATTRIBUTES = {
    "HealthData": ("locale",),
    "ExportDate": ("value",),
    "Me": ("HKCharacteristicTypeIdentifierDateOfBirth", "HKCharacteristicTypeIdentifierBiologicalSex"),
    "Record": ("type", "unit", "value", "sourceName", "sourceVersion", "device", "creationDate", "startDate", "endDate"),
    "Correlation": ("type", "sourceName", "sourceVersion", "device", "creationDate", "startDate", "endDate"),
    "Workout": ("workoutActivityType", "duration", "durationUnit", "sourceName", "sourceVersion", "device", "creationDate", "startDate", "endDate"),
    "WorkoutStatistics": ("type", "startDate", "endDate", "average", "minimum", "maximum", "sum", "unit"),
    "WorkoutRoute": ("sourceName", "sourceVersion", "device", "creationDate", "startDate", "endDate"),
    "FileReference": ("path",),
    "ActivitySummary": ("dateComponents", "activeEnergyBurned", "activeEnergyBurnedGoal", "activeEnergyBurnedUnit", "appleExerciseTime"),
    "MetadataEntry": ("key", "value"),
    "InstantaneousBeatsPerMinute": ("bpm", "time"),
}  # fmt: skip
_HOLDS = {
    "HealthData": "(ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)",
    "Record": "((MetadataEntry|HeartRateVariabilityMetadataList)*)",
    "Correlation": "((MetadataEntry|Record)*)",
    "Workout": "((MetadataEntry|WorkoutStatistics|WorkoutRoute)*)",
    "WorkoutRoute": "((MetadataEntry|FileReference)*)",
    "HeartRateVariabilityMetadataList": "(InstantaneousBeatsPerMinute*)",
}


def head(exported: str, born: str = "1980-01-01", sex: str = "NotSet") -> str:
    """Everything before the first record: declaration, internal DTD, root, date of export, profile."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE HealthData [", "<!-- HealthKit Export Version: 13 -->"]
    for name in dict.fromkeys((*_ATTRIBUTES, *_HOLDS)):
        lines.append(f"<!ELEMENT {name} {_HOLDS.get(name, 'EMPTY')}>")
        given = "\n".join(f"  {attribute} CDATA #IMPLIED" for attribute in _ATTRIBUTES.get(name, ()))
        if given:
            lines.append(f"<!ATTLIST {name}\n{given}\n>")
    lines += ["]>", '<HealthData locale="en_US">', f' <ExportDate value="{exported}"/>']
    lines.append(
        f' <Me HKCharacteristicTypeIdentifierDateOfBirth="{born}" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSex{sex}"/>'
    )
    return "\n".join(lines) + "\n"


TAIL = "</HealthData>\n"


def opening(kind: str, source: str, unit: str) -> str:
    """A record up to where its dates begin; the same for all of its kind, so written once."""
    measured = f" unit={quoteattr(unit)}" if unit else ""
    return f' <Record type="{kind}" sourceName={quoteattr(source)} sourceVersion="{VERSIONS[source]}"{DEVICES.get(source, "")}{measured}'


def record(begun: str, start: str, end: str, value: object, inside: str = "") -> str:
    """A whole record; `inside` are its children, already written."""
    shown = f'{begun} creationDate="{end}" startDate="{start}" endDate="{end}" value="{value}"'
    return f"{shown}>\n{inside} </Record>\n" if inside else f"{shown}/>\n"


def metadata(key: str, value: str) -> str:
    return f'  <MetadataEntry key="{key}" value={quoteattr(value)}/>\n'
