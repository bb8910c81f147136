"""SKOS: what is written is read again without a change, and foreign files are read with care."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbund.errors import InvalidInput
from verbund.language.skos import Differences, compare, read_skos, write_skos
from verbund.language.vocabulary import Concept, ConceptKind, vocabulary

BASE = "https://verbund.example/vocabulary#"
LENSES = Concept("lenses", ConceptKind.TECHNOLOGY, "Linsen", "lenses", ("Linse",), ("lens",))
KINDS = ("rdf", "ttl")


def written(*concepts: Concept, kind: str = "rdf") -> bytes:
    return write_skos(concepts, base=BASE, title="Test", kind=kind).encode()


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_vocabulary_survives_both_formats(kind: str) -> None:
    shipped = tuple(vocabulary().concepts.values())
    file = write_skos(shipped, base=BASE, title="Verbund", source="our own", kind=kind)

    read = read_skos(file.encode(), name="file")

    assert read.concepts == shipped
    assert (read.title, read.source, read.findings) == ("Verbund", "our own", ())
    assert compare(shipped, read.concepts) == Differences((), (), ())


_id = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True)
_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)
_name = _text.map(str.strip).filter(bool)
_names = st.lists(_name, max_size=3, unique=True).map(tuple)


@st.composite
def _vocabularies(draw: st.DrawFn) -> tuple[Concept, ...]:
    ids = draw(st.lists(_id, min_size=1, max_size=6, unique=True))
    return tuple(
        Concept(
            id_,
            draw(st.sampled_from(ConceptKind)),
            draw(_name),
            draw(_name),
            draw(_names),
            draw(_names),
            draw(st.sampled_from(["", *ids[:number]])),
            draw(st.sampled_from(["", "Licht bündeln; Licht lenken"])),
            draw(st.sampled_from(["", 'focusing light ("lenses")'])),
        )
        for number, id_ in enumerate(ids)
    )


@given(_vocabularies(), st.sampled_from(KINDS))
def test_any_vocabulary_survives(concepts: tuple[Concept, ...], kind: str) -> None:
    read = read_skos(written(*concepts, kind=kind), name="file")

    assert (read.concepts, read.findings) == (concepts, ())


def test_turtle_as_people_write_it() -> None:
    text = b"""
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        PREFIX ex: <http://example.org/v/>
        # a comment
        ex:process a skos:Collection ; skos:member ex:polishing, ex:Laser_Cutting .
        ex:polishing a skos:Concept ;
            skos:prefLabel "Polieren"@de-DE , 'polishing'@en ; skos:definition \"\"\"Two
            "lines\".\"\"\"@en ; skos:notation "12"^^<http://www.w3.org/2001/XMLSchema#int> ; .
        ex:Laser_Cutting a skos:Concept ; skos:prefLabel "Laserschneiden"@de ;
            skos:altLabel "Trennen \\u0026 Schneiden"@de ; skos:broader ex:polishing .
    """

    read = read_skos(text, name="file.ttl")

    assert read.concepts == (
        Concept("polishing", ConceptKind.PROCESS, "Polieren", "polishing", about_en='Two "lines".'),
        Concept(
            "laser-cutting",
            ConceptKind.PROCESS,
            "Laserschneiden",
            "Laserschneiden",
            ("Trennen & Schneiden",),
            broader="polishing",
        ),
    )
    assert [finding.say("de") for finding in read.findings] == [
        "1\N{NO-BREAK SPACE}Begriff hat nur in einer Sprache einen Namen, der für beide steht,"
        " etwa „Laserschneiden“."
    ]


def test_rdf_xml_as_other_tools_write_it() -> None:
    text = b"""<?xml version="1.0"?>
        <!DOCTYPE rdf:RDF [<!ENTITY skos "http://www.w3.org/2004/02/skos/core#">]>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns:skos="http://www.w3.org/2004/02/skos/core#" xml:base="http://example.org/v">
          <skos:Concept rdf:ID="optics">
            <skos:prefLabel xml:lang="de">Optik</skos:prefLabel>
            <skos:prefLabel xml:lang="en">optics</skos:prefLabel>
            <skos:narrower><skos:Concept rdf:about="#lenses">
              <skos:prefLabel>Linsen</skos:prefLabel><skos:broader rdf:resource="#optics"/>
            </skos:Concept></skos:narrower>
          </skos:Concept>
          <rdf:Description rdf:about="#noise"/>
        </rdf:RDF>"""

    read = read_skos(text, name="file.rdf")

    assert read.concepts == (
        Concept("optics", ConceptKind.TECHNOLOGY, "Optik", "optics"),
        Concept("lenses", ConceptKind.TECHNOLOGY, "Linsen", "Linsen", broader="optics"),
    )
    assert [finding.code for finding in read.findings] == ["skos.no_kind", "skos.half_named"]


def test_a_circle_is_cut() -> None:
    one = Concept("one", ConceptKind.PROCESS, "eins", "one", broader="two")
    two = Concept("two", ConceptKind.PROCESS, "zwei", "two", broader="one")

    read = read_skos(written(one, two), name="file")

    assert sorted(concept.broader for concept in read.concepts) == ["", "two"]
    assert [finding.code for finding in read.findings] == ["skos.circle"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "rdf.broken"),
        (b"@prefix skos: <http://x#> .", "skos.no_concepts"),
        (b"name;city\nX;Jena", "rdf.broken"),
        (b"<?xml version='1.0'?><rdf:RDF", "rdf.broken"),
        (b"\xff\xfe\x00nonsense", "rdf.broken"),
        (b"<html><body>x</body></html>", "rdf.broken"),
        (b"@prefix skos: <http://x#> . skos:a skos:b [ skos:c skos:d ] .", "rdf.broken"),
        (b"@prefix skos: <http://x#> . skos:a skos:b", "rdf.broken"),
        (b"@prefix s: <http://x#> ." + b's:a s:b "' + b"x" * 50_000, "rdf.broken"),
    ],
)
def test_what_is_no_vocabulary_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_skos(content, name="file")

    assert refusal.value.code == code


def test_entities_that_grow_are_refused() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "x">{levels}]><r>&e11;</r>'

    with pytest.raises(InvalidInput, match="neither valid RDF/XML nor Turtle"):
        read_skos(text.encode(), name="file")


def test_no_file_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    text = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}">]><r>&e;</r>'

    with pytest.raises(InvalidInput):
        read_skos(text.encode(), name="file")


def test_differences_are_named() -> None:
    other = Concept("lidar", ConceptKind.TECHNOLOGY, "Lidar", "lidar")
    renamed = Concept("lenses", ConceptKind.TECHNOLOGY, "Linsen", "optical lenses")

    assert compare([LENSES, other], [other, LENSES]) == Differences((), (), ())
    assert compare([LENSES], [renamed, other]) == Differences((other,), ((LENSES, renamed),), ())
    assert compare([LENSES, other], [other]) == Differences((), (), (LENSES,))
