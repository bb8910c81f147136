from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from verbund.web.core.models import Mail
from verbund.web.networks.models import LegalPage, Network, Role

NETWORK = {
    "name": "Netz A",
    "full_name": "Netzwerk A e. V.",
    "region": "Sachsen",
    "colour": "#1d5fae",
    "dark_colour": "#7fb5f4",
    "language": "de",
    "about_de": "Wir.",
    "about_en": "Us.",
    "website": "netz-a.example",
    "email": "buero@netz-a.example",
}
PERSON = {
    "name": "Nora Neu",
    "email": "neu@example.org",
    "kind": "representative",
    "language": "en",
}


def text_of(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def role_of(person: Any) -> Role:
    return Role.objects.get(user=person)


def test_office_sees_its_people_and_no_others(world: Any, signed_in: Any) -> None:
    page = text_of(signed_in(world.manager_a), "/people/")

    assert "Managerin A" in page
    assert "Person A" in page
    assert world.person_a.email in page
    assert "Person B" not in page
    assert world.manager_b.email not in page


def test_people_of_a_partner_stay_hidden_whatever_the_address_says(
    world: Any, signed_in: Any
) -> None:
    page = text_of(signed_in(world.manager_a), f"/people/?network={world.b.slug}&kind=x&page=999")

    assert "Person A" in page
    assert "Person B" not in page


@pytest.mark.parametrize(
    "address", ["/people/", "/people/invite/", "/people/?export=csv", "/networks/new/"]
)
def test_people_are_for_offices_only(world: Any, signed_in: Any, address: str) -> None:
    assert signed_in(None).get(address)["Location"].startswith("/account/login/?next=")
    assert signed_in(world.person_a).get(address).status_code == 403
    assert signed_in(world.stranger).get(address).status_code == 403


def test_list_takes_as_many_queries_for_three_people_as_for_one(
    world: Any, signed_in: Any, count_queries: Any
) -> None:
    client = signed_in(world.manager_a)
    few = count_queries(lambda: client.get("/people/"))
    for number in range(3):
        factories.representative_of(world.member_a, name=f"Person A{number}")

    assert count_queries(lambda: client.get("/people/")) == few


def test_list_as_a_file_holds_the_same(world: Any, signed_in: Any) -> None:
    answer = signed_in(world.manager_a).get("/people/?export=csv&kind=representative")

    rows = answer.content.decode("utf-8-sig").split("\r\n")
    assert rows[0] == "Name;Mail address;Role;Organisation;since;last sign-in"
    assert [row.split(";")[:4] for row in rows[1:-1]] == [
        ["Person A", world.person_a.email, "representative", "Alpha Karosserie GmbH"]
    ]


def test_ended_roles_have_a_list_of_their_own(world: Any, signed_in: Any) -> None:
    Role.objects.filter(user=world.person_a).update(valid_until=dt.date(2026, 1, 1))
    client = signed_in(world.manager_a)

    assert "Person A" not in text_of(client, "/people/")
    assert "Person A" in text_of(client, "/people/?kind=ended")


def test_invitation_goes_out_and_can_be_undone(world: Any, signed_in: Any) -> None:
    client = signed_in(world.manager_a)

    answer = client.post("/people/invite/", PERSON | {"organisation": world.member_a.pk})

    role = Role.objects.get(user__email="neu@example.org")
    assert role.organisation == world.member_a
    assert Mail.objects.get().to == "neu@example.org"
    page = text_of(client, answer["Location"])
    assert "Nora Neu now has the role; an invitation goes to neu@example.org." in page
    assert f'action="/people/{role.pk}/end/"' in page


@pytest.mark.parametrize("which", ["member_b", None])
def test_nobody_is_invited_for_an_organisation_of_another_network(
    world: Any, signed_in: Any, which: str | None
) -> None:
    chosen = getattr(world, which).pk if which else ""

    page = signed_in(world.manager_a).post("/people/invite/", PERSON | {"organisation": chosen})

    assert page.status_code == 200
    assert "Nothing was saved yet." in page.content.decode()
    assert not Role.objects.filter(user__email="neu@example.org").exists()


def test_colleague_needs_no_organisation(world: Any, signed_in: Any) -> None:
    given = PERSON | {"kind": "manager", "organisation": world.member_a.pk}

    signed_in(world.manager_a).post("/people/invite/", given)

    role = Role.objects.get(user__email="neu@example.org")
    assert (role.kind, role.network, role.organisation) == (Role.Kind.MANAGER, world.a, None)


def test_organisation_of_the_address_is_chosen_already(world: Any, signed_in: Any) -> None:
    address = f"/people/invite/?organisation={world.member_a.pk}"

    assert f'value="{world.member_a.pk}" selected' in text_of(signed_in(world.manager_a), address)


def test_role_ends_and_comes_back_by_undo(world: Any, signed_in: Any) -> None:
    client, role = signed_in(world.manager_a), role_of(world.person_a)

    page = client.post(f"/people/{role.pk}/end/", follow=True).content.decode()

    role.refresh_from_db()
    assert role.valid_until is not None
    assert f'action="/people/{role.pk}/restore/"' in page
    client.post(f"/people/{role.pk}/restore/")
    role.refresh_from_db()
    assert role.valid_until is None


def test_last_manager_is_kept_with_a_reason(world: Any, signed_in: Any) -> None:
    client, role = signed_in(world.manager_a), role_of(world.manager_a)

    page = client.post(f"/people/{role.pk}/end/", follow=True).content.decode()

    role.refresh_from_db()
    assert role.valid_until is None
    assert "can only be ended by another manager" in page


def test_invitation_is_sent_again(world: Any, signed_in: Any) -> None:
    role = role_of(world.person_a)

    page = signed_in(world.manager_a).post(f"/people/{role.pk}/remind/", follow=True)

    assert Mail.objects.get().to == world.person_a.email
    assert "goes to" in page.content.decode()


@pytest.mark.parametrize("what", ["end", "restore", "remind"])
def test_strangers_cannot_touch_roles(world: Any, signed_in: Any, what: str) -> None:
    role = role_of(world.person_b)
    address = f"/people/{role.pk}/{what}/"

    assert signed_in(world.manager_a).post(address).status_code == 404
    assert signed_in(world.person_b).post(address).status_code == 404
    assert signed_in(None).post(address)["Location"].startswith("/account/login/")
    assert signed_in(world.manager_b).get(address).status_code == 405
    role.refresh_from_db()
    assert role.valid_until is None
    assert not Mail.objects.exists()


def test_settings_are_kept(world: Any, signed_in: Any) -> None:
    answer = signed_in(world.manager_a).post(f"/networks/{world.a.slug}/settings/", NETWORK)

    world.a.refresh_from_db()
    assert answer["Location"] == f"/networks/{world.a.slug}/"
    assert (world.a.full_name, world.a.website) == ("Netzwerk A e. V.", "https://netz-a.example")


def test_unreadable_colour_is_refused_and_the_old_one_stays(world: Any, signed_in: Any) -> None:
    address = f"/networks/{world.a.slug}/settings/"

    page = signed_in(world.manager_a).post(address, NETWORK | {"colour": "#ffee00"})

    world.a.refresh_from_db()
    assert world.a.colour == "#1d5fae"
    assert "contrast 1.2 to 1" in page.content.decode()


def test_settings_belong_to_the_own_office(world: Any, signed_in: Any) -> None:
    address = f"/networks/{world.a.slug}/settings/"

    for person in (world.manager_b, world.person_a, world.stranger):
        assert signed_in(person).post(address, NETWORK).status_code == 404
    world.a.refresh_from_db()
    assert world.a.full_name == ""


NEW = {
    "name": "Südthüringer Karosserie",
    "colour": "#b98200",
    "language": "de",
    "manager_name": "Dora",
    "manager_email": "dora@example.org",
}


def test_operator_makes_a_network(world: Any, signed_in: Any) -> None:
    operator = factories.user(is_superuser=True)

    answer = signed_in(operator).post("/networks/new/", NEW)

    assert answer["Location"] == "/networks/suedthueringer-karosserie/"
    network = Network.objects.get(name=NEW["name"])
    assert network.dark_colour == "#f2c04d"
    assert Role.objects.get(network=network).user.email == "dora@example.org"


def test_same_network_twice_is_one(world: Any, signed_in: Any) -> None:
    browser = signed_in(factories.user(is_superuser=True))

    browser.post("/networks/new/", NEW)
    page = browser.post("/networks/new/", NEW | {"name": NEW["name"].upper()})

    assert "There is a network of this name already." in page.content.decode()
    assert Network.objects.filter(name__iexact=NEW["name"]).count() == 1


def test_new_network_begins_with_a_colour_nobody_has(world: Any, signed_in: Any) -> None:
    Network.objects.update(colour="#1d5fae")

    page = signed_in(factories.user(is_superuser=True)).get("/networks/new/")

    assert page.context["form"].initial["colour"] == "#b98200"


def test_legal_page_is_public_and_shown_as_text(world: Any, signed_in: Any) -> None:
    LegalPage.objects.create(
        network=world.a, kind="imprint", text_de="## Wer\n\n<script>x</script>", text_en=""
    )

    page = text_of(signed_in(None), f"/legal/{world.a.slug}/imprint/")

    assert "<h2>Wer</h2>" in page
    assert "<script>x" not in page
    assert "Only available in German." in page
    assert "Change the text" not in page


def test_legal_page_keeps_the_lines_of_an_address(world: Any, signed_in: Any) -> None:
    LegalPage.objects.create(network=world.a, kind="imprint", text_de="Weg 1\n04109 Leipzig")

    page = text_of(signed_in(None), f"/legal/{world.a.slug}/imprint/")

    assert "<p>Weg 1<br />\n04109 Leipzig</p>" in page


def test_unwritten_legal_page_says_who_is_responsible(world: Any, signed_in: Any) -> None:
    page = text_of(signed_in(None), f"/legal/{world.a.slug}/privacy/")

    assert "This page is not written yet" in page
    assert "Netz A is responsible for it." in page


@pytest.mark.parametrize("address", ["/legal/a/nonsense/", "/legal/zz/imprint/"])
def test_unknown_legal_page_is_not_found(world: Any, signed_in: Any, address: str) -> None:
    assert signed_in(None).get(address).status_code == 404


def test_office_writes_from_the_starting_text_and_is_told_of_gaps(
    world: Any, signed_in: Any
) -> None:
    client = signed_in(world.manager_a)
    address = f"/legal/{world.a.slug}/imprint/"
    assert "Angaben gemäß § 5 DDG" in text_of(client, f"{address}edit/")

    page = client.post(
        f"{address}edit/", {"text_de": "Netz A, [Ort]", "text_en": ""}, follow=True
    ).content.decode()

    assert LegalPage.objects.get().text_de == "Netz A, [Ort]"
    assert "Still to be filled in: [Ort]" in page
    assert "Everybody can see these gaps." in page
    assert "Everybody can see these gaps." not in text_of(signed_in(None), address)


def test_legal_pages_are_written_by_the_own_office(world: Any, signed_in: Any) -> None:
    address = f"/legal/{world.a.slug}/imprint/edit/"

    for person in (world.manager_b, world.person_a):
        answer = signed_in(person).post(address, {"text_de": "falsch", "text_en": ""})
        assert answer.status_code == 403
    assert not LegalPage.objects.exists()
