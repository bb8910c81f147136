
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund import match
from verbund.matching import Introduction, Matcher
from verbund.matching.lists import SideName
from verbund.records.organisation import Organisation

TEXTS = (
    "Laserreinigung von Formen",
    "Laser cleaning of moulds",
    "Prüfung von Schweißnähten",
    "Weld seam inspection with laser triangulation",
    "Freiformoptik für Head-up-Displays",
    "free-form mirrors for head-up displays",
    "Wir suchen Partner für Lidar",
    "Infrared cameras for night vision",
    "",
)
TOWNS = ("Jena", "Gera", "Stuttgart", "")

texts = st.lists(st.sampled_from(TEXTS), max_size=3).map(lambda said: tuple(filter(None, said)))
words = st.fixed_dictionaries(
    {
        "offers": texts,
        "requests": texts,
        "topics": texts,
        "profile": st.sampled_from(TEXTS),
        "city": st.sampled_from(TOWNS),
        "contact_name": st.sampled_from(["", "", "A. Beispiel"]),
    }
)


def members(prefix: str, said: list[dict[str, object]]) -> list[Organisation]:
    return [
        Organisation(id=f"{prefix}{number}", name=f"{prefix}{number} GmbH", **one)  # type: ignore[arg-type]  # test values
        for number, one in enumerate(said)
    ]


def of_one(found: tuple[Introduction, ...], side: SideName, id_: str) -> list[Introduction]:
    return [i for i in found if getattr(i, side).id == id_]


def told(found: list[Introduction] | tuple[Introduction, ...]) -> list[object]:
    return [(i.left, i.right, i.explanation) for i in found]


@settings(max_examples=30, deadline=None)
@given(st.lists(words, min_size=1, max_size=5), st.lists(words, min_size=1, max_size=5))
def test_suggest_is_the_row_of_the_whole(
    left: list[dict[str, object]], right: list[dict[str, object]]
) -> None:
    ours, theirs = members("A", left), members("X", right)
    whole = match(ours, theirs, top=99, per_organisation=99).introductions
    matcher = Matcher(ours, theirs)

    for side, side_members in (("left", ours), ("right", theirs)):
        for member in side_members:
            suggested = matcher.suggest(side, member.id, top=99)
            assert told(suggested) == told(of_one(whole, side, member.id))
            assert [i.rank for i in suggested] == list(range(1, len(suggested) + 1))
