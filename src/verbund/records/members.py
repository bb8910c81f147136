"""A member list as offices keep it: read whole, and whatever was not understood is listed.

    read_members(path) -> MemberList(organisations, problems)

File kinds are the business of `tables`, headings of `headings`, single cells of `values`; here
rows become organisations, and rows that are one organisation become one record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records import values
from verbund.records.doubles import join_duplicates, with_unique_ids
from verbund.records.entries import LISTS, detail_of, write_entry
from verbund.records.headings import header_score, recognise
from verbund.records.organisation import Detail, Organisation, Origin, Visibility
from verbund.records.places import find_place, known_towns
from verbund.records.problems import Problem, Severity
from verbund.records.rows import Column, Draft, Entry, Mappings, read_rows
from verbund.records.tables import Cell, read_tables
from verbund.records.values import is_nothing
from verbund.wording import Phrase, refuse

Terms = Mapping[tuple[str, str], str]
NO_MAPPINGS: Mappings = {}
NO_TERMS: Terms = {}
AS_IT_IS = "="
_BESIDES = 1000  # rows of a file that are no members: titles, headers, totals, continued ones


@dataclass(frozen=True, slots=True)
class MemberList:
    """The organisations of a file, and everything in it that needs a look."""

    file: str
    organisations: tuple[Organisation, ...]
    problems: tuple[Problem, ...] = ()
    titles: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()


def read_members(
    path: str | Path,
    *,
    mappings: Mappings = NO_MAPPINGS,
    terms: Terms = NO_TERMS,
    most: int | None = None,
) -> MemberList:
    """Read a member list (xlsx, ods, csv, jsonl ...; the format is described in the docs).

    Every sheet with a header row is read. Rows that are one organisation become one record.

    Parameters
    ----------
    mappings
        Fields by column, as somebody chose them for lists with such headings.
    terms
        What a term of a field stands for, where somebody said so: `{("type", "verein"): "network"}`
        with the term folded; an empty text leaves its cells out, `AS_IT_IS` takes them unread.
    most
        How many members a file may hold.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or no sheet has a header with a name column and a member.
    """
    path = Path(path)
    tables = read_tables(path, header_score=header_score, json_item=_json_item)
    rows = sum(1 for grid in tables.grids for row in grid.rows if any(row))
    if most and rows > most + _BESIDES:
        raise refuse("file.too_many", file=path.name, most=most)
    sheets = [read_rows(grid, mappings) for grid in tables.grids]
    if not any(sheet.drafts for sheet in sheets):
        sheets = [read_rows(grid, mappings, name_is_enough=True) for grid in tables.grids]
    drafts = [draft for sheet in sheets for draft in sheet.drafts]
    problems = [*tables.problems, *(problem for sheet in sheets for problem in sheet.problems)]
    if not drafts:
        raise refuse("file.no_members", file=path.name)
    if most and len(drafts) > most:
        raise refuse("file.too_many", file=path.name, most=most)
    several = sum(1 for grid in tables.grids if grid.rows) > 1
    organisations = [build(draft, problems, name_sheet=several, terms=terms) for draft in drafts]
    organisations = with_unique_ids(organisations, problems)
    organisations = join_duplicates(organisations, problems)
    organisations = with_unique_ids(organisations, problems, same_name_is_same=False)
    problems += _unknown_towns(organisations)
    problems = _collapsed(problems)
    problems.sort(key=lambda problem: (problem.sheet, problem.row or 0))
    titles = tuple(title for sheet in sheets for title in sheet.titles)
    columns = tuple(dict.fromkeys(column for sheet in sheets for column in sheet.columns))
    return MemberList(path.name, tuple(organisations), tuple(problems), titles, columns)


def read_columns(path: str | Path) -> tuple[Column, ...]:
    """Return the columns of a file in which no member list was recognised, for somebody to name.

    Raises
    ------
    InvalidInput
        If the file cannot be read.
    """
    tables = read_tables(Path(path), header_score=header_score)
    sheets = [read_rows(grid, NO_MAPPINGS, any_header=True) for grid in tables.grids]
    return tuple(column for sheet in sheets for column in sheet.columns)


def read_fields(cells: Mapping[str, Cell]) -> Organisation:
    """Read a single member whose cells are named by their fields."""
    draft = Draft(Origin("", 0))
    for field, cell in cells.items():
        if not is_nothing(text := values.text_of(cell)) and not values.is_excel_error(text):
            draft.cells[field] = [Entry(cell, text, field, 1.0)]
    return build(draft, [])


def _json_item(key: str, value: object) -> str:
    """Write an item of a list in JSON as a line; a text there is one entry, whatever it holds."""
    heading = recognise(key)
    if heading is None or heading.field not in LISTS:
        return " ".join(str(value).split())
    is_object = isinstance(value, dict)
    detail = (
        detail_of(cast("dict[str, object]", value), heading.field)
        if is_object
        else Detail(field=heading.field, text=str(value))
    )
    return write_entry(detail, "en") if detail else ""


# ---------------------------------------------------------------- one row


def build(
    draft: Draft, problems: list[Problem], *, name_sheet: bool = False, terms: Terms = NO_TERMS
) -> Organisation:
    """Make the organisation of one row; cells that cannot be read become problems, not losses."""
    row_id = f"{draft.origin.sheet}-{draft.origin.row}" if name_sheet else f"{draft.origin.row}"
    found: dict[str, object] = {"id": f"#{row_id}", "origins": (draft.origin,)}
    stated: dict[str, str] = {}
    for field, reading, column, cell in _readings(draft, terms):
        if reading.finding:
            problems.append(draft.problem(reading.finding, column, cell))
        if reading.value is None or reading.value == "":
            continue
        if field not in stated:
            stated[field] = cell
            found[field] = reading.value
        elif reading.value != found[field]:
            problems.append(draft.problem(_field_twice(field, stated[field]), column, cell))
    details: list[Detail] = []
    for field in LISTS:
        items = draft.items(field)
        if field == "topics":
            items = tuple(_topic(item, terms) for item in items)
        found[field] = tuple(dict.fromkeys(item.text for item in items if item.text))
        plain = {Detail(field=field, text=item.text) for item in items}
        details += [item for item in items if item not in plain]
    found["details"] = tuple(details)
    if profile := "\n".join(draft.texts("profile")):
        found["profile"] = profile
    _settle_place(found, draft, problems)
    _settle_contact(found, draft, problems)
    return Organisation(**found)  # type: ignore[arg-type]  # fields are typed by their readers


def _topic(item: Detail, terms: Terms) -> Detail:
    chosen = terms.get(("topics", fold(item.text)), AS_IT_IS)
    return item if chosen == AS_IT_IS else replace(item, text=chosen)


def _field_twice(field: str, kept: object) -> values.Finding:
    return values.Finding("field_twice", values={"field": Phrase(f"field.{field}"), "kept": kept})


def _readings(draft: Draft, terms: Terms) -> Iterator[tuple[str, values.Reading[object], str, str]]:
    """Read each filled cell of a scalar field with the reader of its field."""
    country = _country_of_town(draft)
    for field, read in _READERS.items():
        for entry in draft.entries(field):
            chosen = terms.get((field, fold(entry.text)))
            if chosen == "":
                continue
            cell = entry.cell if chosen in (None, AS_IT_IS) else chosen
            reading = read(cell, entry.factor, country)
            if chosen == AS_IT_IS:
                reading = values.Reading(_line(cell))
            target = _TARGETS.get(field, field)
            if _is_needless(field, reading, draft):
                continue
            if field == "country":
                country = str(reading.value or "")
                state = values.read_state(cell)
                # "Land" may mean the federal state; "TH" under "Country" is Thailand.
                named = entry.column.lower()
                is_country = country in values.COUNTRIES or "countr" in named or "staat" in named
                if state.value in values.STATES and not (country and is_country):
                    country = "DE"
                    yield "state", state, entry.column, entry.text
                    yield "country", values.Reading("DE"), entry.column, entry.text
                    continue
            yield target, reading, entry.column, entry.text
    names = [*draft.texts("first_name"), *draft.texts("last_name")]
    if names:
        text = " ".join(names)
        yield "contact_name", values.Reading(text), "", text


def _is_needless(field: str, reading: values.Reading[object], draft: Draft) -> bool:
    """Tell whether a cell adds nothing to its neighbours, so there is nothing to report."""
    if field in ("city_line", "address") and reading.value is None:
        return bool(draft.entries("city"))  # a street without a town beside a column of towns
    # "Not public" does not contradict "partners".
    return (
        field == "public" and reading.value is Visibility.OWN and bool(draft.entries("visibility"))
    )


def _country_of_town(draft: Draft) -> str:
    """Return the country of a town abroad, whose postal code follows other rules; else nothing."""
    for text in draft.texts("city"):
        place = find_place(text)
        if place and place.country != "DE" and not find_place(text, country="DE"):
            return place.country
    return ""


def _line(cell: Cell) -> str:
    return " ".join(values.text_of(cell).split())


_READERS: dict[str, Callable[[Cell, float, str], values.Reading[object]]] = {
    "id": lambda cell, *_: values.Reading(_line(cell)),
    "name": lambda cell, *_: values.Reading(_line(cell)),
    "key": lambda cell, *_: values.read_key(cell),
    "legal_form": lambda cell, *_: values.Reading(_line(cell)),
    "type": lambda cell, *_: values.read_type(cell),
    "sme": lambda cell, *_: values.read_yes_no(cell),
    "employees": lambda cell, factor, _: values.read_count(cell, factor=factor),
    "turnover_eur": lambda cell, factor, _: values.read_amount(cell, factor=factor),
    "balance_eur": lambda cell, factor, _: values.read_amount(cell, factor=factor),
    "street": lambda cell, *_: values.Reading(_line(cell)),
    "country": lambda cell, *_: values.read_country(cell),
    "city": lambda cell, *_: values.Reading(_line(cell)),
    "postal_code": lambda cell, _, country: values.read_postal_code(cell, country=country),
    "city_line": lambda cell, *_: values.read_city_line(cell),
    "address": lambda cell, *_: values.read_city_line(cell),
    "state": lambda cell, *_: values.read_state(cell),
    "lat": lambda cell, *_: values.read_degrees(cell, largest=90),
    "lon": lambda cell, *_: values.read_degrees(cell, largest=180),
    "position": lambda cell, *_: values.read_position(cell),
    "website": lambda cell, *_: values.read_website(cell),
    "language": lambda cell, *_: values.read_language(cell),
    "segment": lambda cell, *_: values.Reading(_line(cell)),
    "profile_de": lambda cell, *_: values.Reading(values.text_of(cell)),
    "profile_en": lambda cell, *_: values.Reading(values.text_of(cell)),
    "vat": lambda cell, *_: values.read_register_number("vat", cell),
    "register": lambda cell, *_: values.read_register_number("register", cell),
    "ror": lambda cell, *_: values.read_register_number("ror", cell),
    "lei": lambda cell, *_: values.read_register_number("lei", cell),
    "pic": lambda cell, *_: values.Reading(values.text_of(cell)),
    "contact_name": lambda cell, *_: values.Reading(", ".join(values.text_of(cell).split("\n"))),
    "contact_function": lambda cell, *_: values.Reading(_line(cell)),
    "contact_email": lambda cell, *_: values.read_email(cell),
    "contact_phone": lambda cell, *_: values.Reading(_line(cell)),
    "member_status": lambda cell, *_: values.read_member_status(cell),
    "member_since": lambda cell, *_: values.read_day(cell),
    "visibility": lambda cell, *_: values.read_visibility(cell),
    "public": lambda cell, *_: values.read_visibility(cell, yes_means=Visibility.PUBLIC),
}
_TARGETS = {"public": "visibility", "address": "city_line"}


def _settle_place(found: dict[str, object], draft: Draft, problems: list[Problem]) -> None:
    """Split combined cells, and repair a position whose halves are swapped or alone."""
    if any(character.isdigit() for character in str(found.get("city", ""))):
        line = values.read_city_line(str(found["city"]))  # "07743 Jena" under "Ort"
        if line.value and line.value[0]:
            del found["city"]
            _settle_city_line(line.value, found, draft, problems)
    if whole := found.pop("city_line", None):
        _settle_city_line(cast("tuple[str, str]", whole), found, draft, problems)
    if position := found.pop("position", None):
        found["lat"], found["lon"] = cast("tuple[float, float]", position)
    _settle_position(found, draft, problems)


def _settle_city_line(
    line: tuple[str, str], found: dict[str, object], draft: Draft, problems: list[Problem]
) -> None:
    postal_code, city = line
    if fold(str(found.setdefault("city", city))) != fold(city):
        problems.append(draft.problem(_field_twice("city", found["city"]), "", city))
    code = values.read_postal_code(postal_code, country=str(found.get("country", "")))
    if code.value and "postal_code" not in found:
        found["postal_code"] = code.value
        if code.finding:
            problems.append(draft.problem(code.finding, "", f"{postal_code} {city}"))


def _settle_contact(found: dict[str, object], draft: Draft, problems: list[Problem]) -> None:
    """Report a function or phone that belongs to nobody."""
    if "contact_name" in found or "contact_email" in found:
        return
    for field in ("contact_function", "contact_phone"):
        if field in found:
            entry = draft.entries(field)[0]
            del found[field]
            finding = values.Finding("needs_contact", Severity.NOTE)
            problems.append(draft.problem(finding, entry.column, entry.text))


def _settle_position(found: dict[str, object], draft: Draft, problems: list[Problem]) -> None:
    lat, lon = cast("float | None", found.get("lat")), cast("float | None", found.get("lon"))
    if lat is None or lon is None or (lat, lon) == (0.0, 0.0):
        found.pop("lat", None)
        found.pop("lon", None)
        if (lat, lon) != (None, None):
            text = " / ".join("" if value is None else str(value) for value in (lat, lon))
            problems.append(draft.problem(values.Finding("position_unused"), "", text))
    elif found.get("country") in (None, "DE") and 5 <= lat <= 16 and 46 <= lon <= 56:
        found["lat"], found["lon"] = lon, lat
        text = f"{lat} / {lon}"
        problems.append(draft.problem(values.Finding("swapped_position"), "", text))


# ---------------------------------------------------------------- the whole list


def _collapsed(problems: list[Problem]) -> list[Problem]:
    """Say once per column that Excel has cut zeros off, however many rows it has hit."""
    kept: list[Problem] = []
    first_at: dict[tuple[str, str], int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        place = (problem.sheet, problem.column)
        if problem.code != "zero_lost":
            kept.append(problem)
        elif place not in first_at:
            first_at[place] = len(kept)
            kept.append(problem)
        counts[place] += problem.code == "zero_lost"
    for place, index in first_at.items():
        if counts[place] > 1:
            known = {**kept[index].values, "count": counts[place]}
            kept[index] = replace(kept[index], code="zeros_lost", values=known)
    return kept


def _unknown_towns(organisations: list[Organisation]) -> Iterator[Problem]:
    for organisation in organisations:
        if not organisation.city or organisation.lat is not None:
            continue
        place = find_place(
            organisation.city,
            country=organisation.country,
            state=organisation.state,
            postal_code=organisation.postal_code,
        )
        if place:
            continue
        nearest = _nearest_town(organisation.city)
        origin = organisation.origins[0]
        yield Problem(
            "place_unknown_nearest" if nearest else "place_unknown",
            Severity.NOTE,
            origin.file,
            origin.sheet,
            origin.row,
            found=organisation.city,
            values={"name": organisation.name, "nearest": nearest},
        )


@cache
def _nearest_town(city: str) -> str:
    best = process.extractOne(city, known_towns(), scorer=fuzz.ratio, score_cutoff=75)
    return best[0] if best else ""
