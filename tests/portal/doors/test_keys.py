"""What stands in an address cannot be guessed, or may be: each key that anybody can count or spell is here with why."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.urls import resolve
from django.urls.exceptions import Resolver404

from tests.portal.doors.walk import Door, doors

# By the word that the address has for them: random, or signed by the site.
UNGUESSABLE = {"uuid", "sealed"}
# Each door that has one, the key, and why it may be counted or spelt. A `*` stands for any letters.
GUESSABLE = """
list*                       slug          the public name of a programme
edition, unit, organisation *             what is public has an address that can be read and cited
programme_notices           slug          the public name of a programme
notices_feed                slug          the public name of a programme
notice*, verify_code        code          ten random characters, printed on a document that everybody may read
case_notice                 code          below what cannot be guessed
*_issuer_*                  pk            who signs documents that everybody may read
*_noticetemplate_*          pk            a wording that whoever may list it may open
rulebook                    slug          the public name of a programme
change_operation            action        a word of the platform, below what cannot be guessed
*_correction_operation      action        a word of the platform, below what cannot be guessed
apply, leave                procedure     a word of the public rules, below what cannot be guessed
case_material               material      below what cannot be guessed
*_case_material             material_pk   below what cannot be guessed
*_objection_file            file_id       below what cannot be guessed
objection_receipt           token         a secret of its own: tested below
invitation                  token         a secret of its own: tested below
password_reset_confirm      *             Django's own: opens nothing without its signature
*_case_preview              rulebook      a version of public rules; a draft is seen by who edits or confirms the rules
*_case_repin                slug          the public name of a programme
*_rulebook_*                object_id     a version of public rules; a draft is seen by who edits or confirms the rules
<rule row>_*                object_id     a row of them
*_officedecision_matter     *             the public names of a programme, of a version and of what it leaves open
*_calendar*                 object_id     a day or year of the public calendar
*_city_*, *_programme_*     object_id     public
*_registration_*            object_id     a row of the public list
*_organisation_*            object_id     a row of the public list
*_listedition_*             object_id     a row of the public list
*_succession_*              object_id     a stock page of the admin, for who may list all that he may open
*_termination_*             object_id     a stock page of the admin, for who may list all that he may open
*_letter_*                  object_id     a stock page of the admin, for who may list all that he may open
*_grant_*                   object_id     a stock page of the admin, for who may list all that he may open
*_user_*                    object_id     a stock page of the admin, for who may list all that he may open
*_user_*                    pk            as above
personal_*                  *             a stock word and the key of a row, for who may look up all that he may open
*_invitation_*              object_id     a stock page of the admin; the key is random
app_list                    app_label     a word of the platform
anything else               url           leads nowhere
"""


def _why() -> list[tuple[str, str, str]]:
    lines = [line for line in GUESSABLE.strip().splitlines() if line]
    cells = [(line[:28].strip(), line[28:42].strip(), line[42:].strip()) for line in lines]
    return [(name, key, why) for names, key, why in cells for name in names.split(", ")]


def _speaks_of(row: tuple[str, str, str], door: Door, key: str) -> bool:
    return fnmatchcase(door.name.removeprefix("admin:"), row[0]) and fnmatchcase(key, row[1])


def _open_keys() -> list[tuple[Door, str]]:
    return [(door, key) for door in doors() for key, kind in door.keys.items() if kind not in UNGUESSABLE]


def test_every_key_that_can_be_guessed_is_here_with_why():
    told = [
        f"{door.name}: <{door.keys[key]}:{key}>. A private row's key is a uuid or <sealed:{key}>; "
        "what may be guessed stands in GUESSABLE with why"
        for door, key in _open_keys()
        if not any(_speaks_of(row, door, key) for row in _why())
    ]
    assert not told, "\n".join(told)


def test_every_reason_speaks_of_a_key():
    assert [row for row in _why() if not any(_speaks_of(row, door, key) for door, key in _open_keys())] == []


def test_what_lies_below_lies_below_what_cannot_be_guessed():
    below = [row for row in _why() if "below what cannot be guessed" in row[2]]
    doors_below = [door for door, key in _open_keys() if any(_speaks_of(row, door, key) for row in below)]
    assert doors_below
    assert [door.name for door in doors_below if not UNGUESSABLE & set(door.keys.values())] == []


@pytest.mark.django_db
def test_secrets_in_addresses_are_long(world: Any):
    """128 bits at the least, in letters of six."""
    assert len(world.things["link"]["token"]) >= 22
    assert len(world.things["receipt"]["token"]) >= 22


@pytest.mark.django_db
def test_sealed_number_opens_with_its_own_signature_alone(world: Any):
    door = next(door for door in doors() if door.name == "my_letter")
    own = world.address(door, "letter")
    assert resolve(own).kwargs == {"pk": world.things["letter"]["pk"]}
    number, signature = own.split("/")[3].split(".")
    forged = [number, f"{int(number) + 1}.{signature}", f"{number}.{signature[:-1]}-", f"{number}.{'A' * 43}"]
    for one in forged:
        with pytest.raises(Resolver404):
            resolve(f"/my/letters/{one}/")


# In the query, or where a public number may stand.
@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("/lists/{slug}/editions/9223372036854775808/", 404),
        ("/lists/{slug}/editions/1000000000/", 404),
        ("/lists/{slug}/units/%00/", 404),
        ("/lists/{slug}/?page=9223372036854775808", 400),
        ("/cases/{case}/materials/9223372036854775808/", 404),
        ("/my/members/?organisation=9223372036854775808", 404),
        ("/publicity/?page=9223372036854775808", 404),
    ],
)
def test_number_no_column_can_hold_leads_nowhere(
    client, provider, programme, submitted_case, stopped_clock, place, status
):
    client.force_login(provider)
    address = place.format(slug=programme.slug, case=submitted_case.pk)
    assert client.get(address).status_code == status
