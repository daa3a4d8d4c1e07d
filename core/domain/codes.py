"""This is the place where codes and concepts of foreign terminologies are held, as they were sent."""

from __future__ import annotations

from dataclasses import dataclass

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
CVX = "http://hl7.org/fhir/sid/cvx"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of one code system (system as URL; OID forms are already turned into the URL)."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """What something is: its codings, first the most useful one, and the text the source gave it."""

    codings: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def title(self) -> str:
        """The best words the source gave: text, else a display, else the bare code, else empty."""
        if self.text:
            return self.text
        return next((c.display for c in self.codings if c.display), self.codings[0].code if self.codings else "")

    def code_in(self, system: str) -> str:
        """The code in that system, or the empty string."""
        return next((c.code for c in self.codings if c.system == system), "")

    @property
    def main(self) -> Coding:
        """The coding that stands for the concept in lists: LOINC first, then SNOMED, RxNorm, CVX, then any."""
        for system in (LOINC, SNOMED, RXNORM, CVX):
            for coding in self.codings:
                if coding.system == system:
                    return coding
        return self.codings[0] if self.codings else Coding("", "", self.text)
