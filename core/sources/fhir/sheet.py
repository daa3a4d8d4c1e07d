"""This is the place where one resource lies while it is normalised: where it stood, what was odd, what its references mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from core.domain.codes import Concept
from core.domain.records import KINDS_SHOWN, SHARED_KINDS, Reference
from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import Node, Notes, clean, leaves, nodes_of
from core.sources.fhir.identity import anonymous_id
from core.sources.fhir.names import profile_of
from core.sources.fhir.references import LONGEST
from core.sources.fhir.shared_words import words_for
from core.sources.fhir.type_names import NEEDS_A_PERSON

_MANY = 200
_POINTERS_KEPT = 20_000
_LONGEST_KEPT = 300
_SHARED = frozenset(SHARED_KINDS)
_OWNED = frozenset(KINDS_SHOWN) | NEEDS_A_PERSON


class Pointer(NamedTuple):
    """What a reference means: its key ("origin|Type/id", "" where unknown), "Type/id" or the text as sent, its name, whether
    it is of a kind that many records share, and that kind ("" where unknown)."""

    key: str
    target: str
    words: Concept | None = None
    shared: bool = False
    kind: str = ""


class Lookup(Protocol):
    """What a package knows about its references (PackageIndex; a server's answer may have its own)."""

    def resolve(self, text: str, origin: str, scope: int) -> str: ...
    def resolve_identifier(self, kind: str, system: str, value: str) -> str: ...
    def words(self, key: str) -> Concept | None: ...
    @property
    def pointers(self) -> dict[tuple[str, int, str], Pointer]:
        """References that were looked up before, by origin, Bundle and address; kept as long as the package."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """Where a resource came from: its place in the file, its bytes, the base URL of its id, its Bundle, the package."""

    path: str
    raw: bytes
    lookup: Lookup
    origin: str = ""
    full_url: str = ""
    scope: int = 0


@dataclass(slots=True)
class Sheet:
    """A resource being normalised. Asks are total: what can't be read is noted and answered with nothing. `shared` collects
    the keys of the shared records it refers to."""

    resource: Node
    kind: str
    context: Context
    notes: Notes = field(default_factory=Notes)
    shared: dict[str, None] = field(default_factory=dict)
    _contained: dict[str, Node] | None = None

    def contained(self, reference: str) -> Node | None:
        """The resource inside this one that "#id" means."""
        if self._contained is None:
            self._contained = {}
            for inner in nodes_of(self.resource, "contained", self.notes):
                name = inner.get("id")
                if type(name) is str:
                    self._contained[name.lstrip("#")] = inner
        return self._contained.get(reference.lstrip("#"))

    def pointer(self, node: Node) -> Pointer:
        """What a Reference (or a CodeableReference's) means; the same addresses come again and again and are remembered."""
        said = node.get("reference")
        if type(said) is dict:
            node, said = said, said.get("reference")
        if type(said) is not str or said[:1] == "#" or not ("/" in said or ":" in said):
            return self._looked_up(node, said)
        context = self.context
        asked = (context.origin, context.scope, said)
        found = context.lookup.pointers.get(asked)
        if found is None:
            found = self._looked_up(node, said)
            if found.key and len(said) < _LONGEST_KEPT:
                if len(context.lookup.pointers) >= _POINTERS_KEPT:
                    context.lookup.pointers.clear()
                context.lookup.pointers[asked] = found
        return found

    def _looked_up(self, node: Node, said: object) -> Pointer:
        key = self._key(node, said)
        words = self._inside_words(said) if type(said) is str and said[:1] == "#" else None
        if words is None and key:
            words = self.context.lookup.words(key)
        target = key.partition("|")[2] if key else (clean(said)[:300] if type(said) is str else "")
        kind = target.partition("/")[0]
        return Pointer(key, target, words, bool(key) and (kind in _SHARED or kind not in _OWNED), kind if key else "")

    def _key(self, node: Node, said: object) -> str:
        context = self.context
        if type(said) is not str or not said or len(said) > LONGEST:
            return self._by_identifier(node)
        text = said.strip()
        if text.startswith("#"):
            return self._inside(text)
        kind = node.get("type")
        if "/" not in text and ":" not in text and "?" not in text and type(kind) is str:
            text = f"{kind}/{text}"
        return context.lookup.resolve(text, context.origin, context.scope) or self._by_identifier(node)

    def _by_identifier(self, node: Node) -> str:
        """A logical reference: only an identifier."""
        identifier = node.get("identifier")
        if type(identifier) is not dict:
            return ""
        system, value, kind = identifier.get("system"), identifier.get("value"), node.get("type")
        if type(system) is not str or type(value) is not str:
            return ""
        kinds = (kind,) if type(kind) is str else ("Patient", *SHARED_KINDS)
        found = {self.context.lookup.resolve_identifier(each, system, value) for each in kinds} - {""}
        return found.pop() if len(found) == 1 else ""

    def _inside(self, text: str) -> str:
        """The key of a contained resource: of the record it stands for where its identifier is known, else a name of its own."""
        inner = self.contained(text)
        if inner is None:
            return ""
        kind = inner.get("resourceType")
        for identifier in nodes_of(inner, "identifier", Notes()):
            found = self._by_identifier({"identifier": identifier, "type": kind})
            if found:
                return found
        if kind != "Patient":
            return ""
        name = anonymous_id(profile_of(inner, Notes()))
        return f"{self.context.origin}|Patient/{name}" if name else ""

    def _inside_words(self, text: str) -> Concept | None:
        """What a contained resource is called; people's names are left where they are."""
        inner = self.contained(text)
        kind = inner.get("resourceType") if inner else ""
        if inner is None or kind == "Patient" or type(kind) is not str:
            return None
        return words_for(kind, inner)

    def reference(self, role: str, node: Node) -> Reference | None:
        """A Reference with what it points at and what that is called, or None where it says nothing."""
        found = self.pointer(node)
        if found.shared:
            self.shared[found.key] = None
        display = node.get("display")
        if display is None and type(node.get("reference")) is dict:
            display = node["reference"].get("display")
        words = clean(display) if type(display) is str else ""
        words = words or (found.words.title if found.words else "")
        return Reference(role, found.target, words) if found.target or words else None

    def top_references(self) -> tuple[Reference, ...]:
        """Every reference that stands at the top of the resource, its role being the field's name."""
        found = (self.reference(role, node) for role, node in self._references())
        return tuple([each for each in found if each is not None])

    def note_shared(self) -> None:
        """Only see which shared records the resource refers to."""
        for _, node in self._references():
            found = self.pointer(node)
            if found.shared:
                self.shared[found.key] = None

    def _references(self) -> list[tuple[str, Node]]:
        """(field, Reference) of every reference at the top."""
        found: list[tuple[str, Node]] = []
        for role, value in self.resource.items():
            kind = type(value)
            if kind is dict:
                if _points(value):
                    found.append((role, value))
            elif kind is list and value and type(value[0]) is dict and _points(value[0]):
                found += [(role, item) for item in value[:_MANY] if type(item) is dict]
        return found

    def concept(self, *keys: str) -> Concept:
        """The first of these fields ("series.modality" for one further in) that says what this is."""
        for key in keys:
            value = self.resource.get(key) if "." not in key else next(leaves(self.resource, tuple(key.split("."))), None)
            if value is not None:
                concept = concept_of(value, self.notes, f"{key}.")
                if concept.codings or concept.text:
                    return concept
        return Concept()


def _points(node: Node) -> bool:
    """Whether this is a Reference, be it only by identifier or by its words (a Coding with words has a code or a system)."""
    if "reference" in node:
        return True
    return ("identifier" in node and "type" in node) or ("display" in node and "code" not in node and "system" not in node)
