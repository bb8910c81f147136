"""From an empty installation to a network with members."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from verbund.records.organisation import Organisation as Record
from verbund.web.accounts.models import SetupLink, User
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.directory.models import Offer, Request
from verbund.web.directory.services import take_over_member
from verbund.web.networks.colours import DARK_SHEET, ENOUGH, LIGHT_SHEET, contrast
from verbund.web.networks.models import Membership, Network, Organisation, Role
from verbund.web.portal.setup import services
from verbund.web.portal.setup.forms import OWN, PALETTE
from verbund.web.portal.setup.queries import is_set_up, link_of

pytestmark = pytest.mark.django_db

NETWORK = {
    "name": "Photonik Saale",
    "region": "Thüringen",
    "language": "de",
    "shade": PALETTE[0].on_white,
    "own_colour": "",
}
MANAGER = {
    "name": "Ute Beier",
    "email": "Ute@example.org",
    "password": "Fensterbank-77",
    "again": "Fensterbank-77",
}


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def typed(*rows: dict[str, str]) -> dict[str, str]:
    sent = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-{field}": text for field, text in row.items()}
    return sent


def set_up(browser: Client) -> str:
    token = services.make_link()
    browser.post(reverse("setup_network", args=[token]), NETWORK)
    browser.post(reverse("setup_manager", args=[token]), MANAGER)
    return token


def test_three_steps_make_network_manager_and_members(browser: Client) -> None:
    token = services.make_link()

    first = browser.post(reverse("setup_network", args=[token]), NETWORK)
    second = browser.post(reverse("setup_manager", args=[token]), MANAGER)
    rows = typed(
        {"name": "Saale Optik GmbH", "city": "Jena", "offers": "Freiformoptik\n\n Linsen "},
        {"name": "Kahla Laser", "requests": "Linsen"},
    )
    third = browser.post(reverse("setup_members"), rows)

    assert first["Location"] == reverse("setup_manager", args=[token])
    assert second["Location"] == reverse("setup_members")
    assert third["Location"] == reverse("home")
    network, manager = Network.objects.get(), User.objects.get()
    assert (network.slug, network.region, network.colour) == (
        "photonik-saale",
        "Thüringen",
        PALETTE[0].on_white,
    )
    assert (manager.email, manager.is_superuser) == ("ute@example.org", True)
    assert manager.check_password(MANAGER["password"])
    assert Role.objects.get().network == network
    assert browser.session["_auth_user_id"] == str(manager.pk)
    assert sorted(Organisation.objects.values_list("name", "city")) == [
        ("Kahla Laser", ""),
        ("Saale Optik GmbH", "Jena"),
    ]
    assert sorted(Offer.objects.values_list("text_de", "visibility")) == [
        ("Freiformoptik", "own"),
        ("Linsen", "own"),
    ]
    assert [entry.text_de for entry in Request.objects.all()] == ["Linsen"]
    assert AuditEntry.objects.filter(verb="set_up", actor=manager).count() == 1


def test_link_is_kept_as_digest_only() -> None:
    token = services.make_link()

    link = SetupLink.objects.get()
    assert len(link.digest) == 64
    assert token not in link.digest


@pytest.mark.parametrize("name", ["setup_network", "setup_manager"])
def test_guessed_link_is_not_found(name: str, browser: Client) -> None:
    services.make_link()

    assert browser.get(reverse(name, args=["x" * 43])).status_code == 404
    assert browser.post(reverse(name, args=["x" * 43]), NETWORK).status_code == 404
    assert not Network.objects.exists()


def test_used_link_opens_nothing_for_a_stranger(browser: Client) -> None:
    token = set_up(browser)
    stranger = Client()

    for name, sent in (("setup_network", NETWORK), ("setup_manager", MANAGER)):
        answer = stranger.post(reverse(name, args=[token]), sent | {"email": "b@example.org"})
        assert answer.status_code == 410
        assert b"Photonik Saale" not in answer.content
    assert User.objects.count() == Network.objects.count() == 1


def test_used_link_leads_its_user_on(browser: Client) -> None:
    token = set_up(browser)

    answer = browser.get(reverse("setup_manager", args=[token]))

    assert answer["Location"] == reverse("setup_members")


def test_new_link_voids_the_old_one(browser: Client) -> None:
    old, new = services.make_link(), services.make_link()

    assert browser.get(reverse("setup_network", args=[old])).status_code == 410
    assert browser.get(reverse("setup_network", args=[new])).status_code == 200


def test_unused_link_is_void_once_somebody_manages(browser: Client) -> None:
    token = services.make_link()
    network = Network.objects.create(slug="a", name="A")
    user = User.objects.create_user("m@example.org", name="M")
    Role.objects.create(user=user, kind=Role.Kind.MANAGER, network=network)

    assert is_set_up()
    assert browser.get(reverse("setup_network", args=[token])).status_code == 410


def test_two_people_with_one_link_make_one_manager() -> None:
    token = services.make_link()
    link = link_of(token)
    assert link
    network = Network.objects.create(slug="a", name="A")

    def make(email: str) -> User:
        return services.make_manager(
            link,
            network,
            name="A",
            email=email,
            password="Fensterbank-77",  # noqa: S106  # of a test
            language="de",
            on=today(),
        )

    made = make("a@example.org")
    with pytest.raises(services.LinkUsed):
        make("b@example.org")
    assert list(User.objects.all()) == [made]


def test_going_back_changes_the_network_and_makes_no_second(browser: Client) -> None:
    address = reverse("setup_network", args=[services.make_link()])
    browser.post(address, NETWORK)
    shown = browser.get(address).content.decode()

    browser.post(address, NETWORK | {"name": "Photonik Ilm", "shade": PALETTE[2].on_white})

    assert 'value="Photonik Saale"' in shown
    assert [(n.name, n.slug, n.colour) for n in Network.objects.all()] == [
        ("Photonik Ilm", "photonik-saale", PALETTE[2].on_white)
    ]


def test_second_step_before_the_first_leads_to_the_first(browser: Client) -> None:
    token = services.make_link()

    answer = browser.get(reverse("setup_manager", args=[token]))

    assert answer["Location"] == reverse("setup_network", args=[token])


def test_palette_is_readable_on_both_grounds() -> None:
    hard = [
        shade.on_white
        for shade in PALETTE
        if contrast(shade.on_white, LIGHT_SHEET) < ENOUGH
        or contrast(shade.on_dark, DARK_SHEET) < ENOUGH
    ]
    assert hard == []


def test_own_colour_gets_a_readable_twin_for_dark_ground(browser: Client) -> None:
    address = reverse("setup_network", args=[services.make_link()])

    browser.post(address, NETWORK | {"shade": OWN, "own_colour": "#1A237E"})

    network = Network.objects.get()
    assert network.colour == "#1a237e"
    assert contrast(network.dark_colour, DARK_SHEET) >= ENOUGH


@pytest.mark.parametrize(
    ("colour", "said"),
    [
        ("#ffe9a0", "too light to be seen on white"),
        ("", "choose one of the palette"),
        ("blue", "Write the colour as #1d5fae."),
    ],
)
def test_unusable_own_colour_is_refused_with_a_way_out(
    colour: str, said: str, browser: Client
) -> None:
    address = reverse("setup_network", args=[services.make_link()])

    answer = browser.post(address, NETWORK | {"shade": OWN, "own_colour": colour})

    assert said in answer.content.decode()
    assert not Network.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password12", "again": "password12"}, "too common"),
        ({"again": "Fensterbank-78"}, "The two passwords differ."),
        ({"email": "nobody"}, "valid email address"),
        ({"name": ""}, "required"),
    ],
)
def test_manager_step_refuses_and_keeps_the_link(
    wrong: dict[str, str], said: str, browser: Client
) -> None:
    token = services.make_link()
    browser.post(reverse("setup_network", args=[token]), NETWORK)

    answer = browser.post(reverse("setup_manager", args=[token]), MANAGER | wrong)

    assert said in answer.content.decode()
    assert not User.objects.exists()
    assert browser.get(reverse("setup_manager", args=[token])).status_code == 200


def test_members_typed_twice_stand_once(browser: Client) -> None:
    set_up(browser)
    rows = typed({"name": "Saale Optik GmbH", "offers": "Linsen"})

    browser.post(reverse("setup_members"), rows)
    browser.post(reverse("setup_members"), rows)

    assert Organisation.objects.count() == Offer.objects.count() == 1


def test_row_without_a_name_saves_nothing(browser: Client) -> None:
    set_up(browser)

    answer = browser.post(
        reverse("setup_members"), typed({"name": "Saale Optik"}, {"offers": "Linsen"})
    )

    assert "The name is missing." in answer.content.decode()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("sent", [typed(), {}, {"form-TOTAL_FORMS": "x"}])
def test_nothing_typed_saves_nothing(sent: dict[str, str], browser: Client) -> None:
    set_up(browser)

    answer = browser.post(reverse("setup_members"), sent)

    assert answer.status_code in (200, 302)
    assert not Organisation.objects.exists()


def test_members_page_is_not_there_for_others(browser: Client) -> None:
    set_up(browser)
    visitor = Client()
    visitor.force_login(User.objects.create_user("v@example.org", name="V"))

    assert Client().get(reverse("setup_members")).status_code == 404
    assert visitor.post(reverse("setup_members"), typed({"name": "X"})).status_code == 404
    assert not Organisation.objects.exists()


def test_name_another_network_uses_becomes_a_member_of_its_own(browser: Client) -> None:
    set_up(browser)
    other = Network.objects.create(slug="b", name="B")
    member = Record(id="#1", name="Saale Optik GmbH")
    theirs = take_over_member(member, other, existing=None, by=None, on=today())

    browser.post(reverse("setup_members"), typed({"name": "Saale Optik GmbH"}))

    ours = Organisation.objects.exclude(pk=theirs.pk).get()
    assert ours.name == "Saale Optik GmbH"


@pytest.mark.parametrize(
    ("name", "slug"), [("Über & Öl", "ueber-oel"), ("new", "new-2"), ("東京", "network")]
)
def test_slug_is_free_and_never_empty(name: str, slug: str) -> None:
    network = Network(name=name)

    services.save_network(network)

    assert network.slug == slug


def test_office_without_members_is_told_to_bring_them(world: Any, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)

    assert "Bring in the members of" not in browser.get("/").content.decode()
    Membership.objects.filter(network=world.a).delete()
    assert f"Bring in the members of {world.a}" in browser.get("/").content.decode()
