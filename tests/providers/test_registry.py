from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from providers import queries, registry
from providers.models import (
    CatalogueItem,
    CatalogueVersion,
    ListEdition,
    Organisation,
    OrganisationProfile,
    Partnership,
    Registration,
    RegistrationEntry,
)
from providers.operations import ListOperation
from providers.snapshots import StaleOperation, differences
from tests.providers.codes import code
from tests.providers.conftest import FIRST, SECOND, moment

LATER = moment("2026-04-01T09:30")
REPLACE = ListOperation(
    "replace_partner",
    industry="food",
    partner_code=code(104),
    partner_name="演示包装自动化有限公司",
    leaving_code=code(102),
    leaving_name="假想冷链数据有限公司",
)


def publish(
    unit: Registration, *operations: ListOperation, at: datetime = LATER, label: str = ""
) -> ListEdition:
    return registry.publish(
        registry.lock(unit.programme), unit, operations, at=at, kind=ListEdition.Kind.CHANGE, label=label
    )


def partners(unit: Registration, at: datetime) -> list[tuple[str, str]]:
    return [(row["industry"], row["code"]) for row in queries.snapshot(unit, at)["partners"]]


def test_first_edition_counts_the_list(first_edition):
    assert first_edition.number == 1
    assert first_edition.kind == "import"
    assert first_edition.changes == []
    assert first_edition.counts == {
        "units": 2,
        "partners": 4,
        "items": 1,
        "industries": {"food": 2, "textile": 1},
    }
    assert first_edition.summary == "导入 2 家，合作伙伴 4 家次，目录 1 项"


def test_snapshot_is_sorted_by_industry_and_code(unit):
    assert queries.snapshot(unit, LATER) == {
        "industries": [{"key": "food", "name": "食品饮料"}, {"key": "textile", "name": "纺织服装"}],
        "partners": [
            {
                "industry": "food",
                "industry_name": "食品饮料",
                "code": code(101),
                "name": "样例物联技术有限公司",
            },
            {
                "industry": "food",
                "industry_name": "食品饮料",
                "code": code(102),
                "name": "假想冷链数据有限公司",
            },
            {
                "industry": "textile",
                "industry_name": "纺织服装",
                "code": code(101),
                "name": "样例物联技术有限公司",
            },
        ],
        "items": [{"code": "P-01", "name": "排产软件", "price": "36,000 元／年", "summary": "面向小微企业"}],
    }


def test_every_edition_counts_what_stands_then(unit, first_edition):
    add = ListOperation(
        "add_partner", industry="textile", partner_code=code(103), partner_name="虚构视觉检测有限公司"
    )
    item = ListOperation("add_item", item_code="P-02", item_name="能耗软件")
    edited = ListOperation("edit_item", item_code="P-02", item_name="能耗软件二")
    gone = ListOperation("end_item", item_code="P-01")
    for days, operations in enumerate([[add, item], [REPLACE, edited], [gone]], 1):
        publish(unit, *operations, at=LATER + timedelta(days=days))

    editions = ListEdition.objects.order_by("number")
    counted = [queries.counts(edition.programme, edition.published_at) for edition in editions]
    assert [edition.counts for edition in editions] == counted
    assert [(counts["partners"], counts["items"]) for counts in counted] == [(4, 1), (5, 2), (5, 2), (5, 1)]


def test_partner_of_another_unit_joins_under_the_name_it_has(unit):
    publish(
        unit,
        ListOperation("add_partner", industry="textile", partner_code=code(103), partner_name="别的写法"),
    )

    assert queries.snapshot(unit, LATER)["partners"][-1]["name"] == "虚构视觉检测有限公司"
    assert OrganisationProfile.objects.filter(organisation__credit_code=code(103)).count() == 1


@pytest.mark.parametrize(
    "operations",
    [
        [REPLACE],
        [ListOperation("add_partner", industry="textile", partner_code=code(103), partner_name="别的写法")],
        [
            ListOperation(
                "add_partner", industry="textile", partner_code=code(104), partner_name="演示有限公司"
            ),
            ListOperation(
                "add_partner", industry="food", partner_code=code(104), partner_name="演示有限公司"
            ),
            ListOperation("end_partner", industry="food", leaving_code=code(101)),
            ListOperation("edit_item", item_code="P-01", item_name="排产软件二"),
            ListOperation("add_item", item_code="P-02", item_name="能耗软件"),
        ],
        [
            ListOperation("end_partner", industry="food", leaving_code=code(101)),
            ListOperation("add_partner", industry="food", partner_code=code(101), partner_name="别的写法"),
        ],
        [ListOperation("end_item", item_code="P-01")],
    ],
)
def test_edition_tells_what_the_list_became(unit, operations):
    before = queries.snapshot(unit, LATER)
    edition = publish(unit, *operations)

    written = differences(before, queries.snapshot(unit, LATER))
    assert edition.changes[0]["differences"] == written


def test_new_partner_becomes_an_organisation_with_a_profile(unit):
    publish(unit, REPLACE)

    organisation = Organisation.objects.get(credit_code=code(104))
    profile = organisation.profiles.get()
    assert (organisation.name, organisation.code_override) == ("演示包装自动化有限公司", "")
    assert (profile.name, profile.valid_from, profile.valid_to) == ("演示包装自动化有限公司", LATER, None)


def test_new_partner_whose_check_digit_fails_keeps_the_reason(unit):
    wrong = code(104)[:-1] + ("0" if code(104)[-1] != "0" else "1")
    publish(
        unit,
        ListOperation(
            "add_partner",
            industry="food",
            partner_code=wrong,
            partner_name="演示有限公司",
            note="营业执照原件如此",
        ),
    )

    assert Organisation.objects.get(credit_code=wrong).code_override == "营业执照原件如此"


def test_replacement_ends_one_and_adds_one_at_one_moment(unit):
    edition = publish(unit, REPLACE)

    ended = Partnership.objects.get(organisation__credit_code=code(102))
    added = Partnership.objects.get(organisation__credit_code=code(104))
    assert ended.valid_to == added.valid_from == edition.published_at == LATER
    assert added.recorded_at == LATER
    assert edition.summary == "合作伙伴 ＋1 －1"
    assert [(line["mark"], line["code"]) for line in edition.changes[0]["differences"]] == [
        ("end", code(102)),
        ("add", code(104)),
    ]
    assert edition.changes[0]["unit"] == {"code": FIRST.code, "name": FIRST.name}


def test_row_that_ends_at_a_moment_does_not_stand_at_it(unit):
    publish(unit, REPLACE)

    just_before = LATER - timedelta(microseconds=1)
    assert ("food", code(102)) in partners(unit, just_before)
    assert ("food", code(104)) not in partners(unit, just_before)
    assert ("food", code(102)) not in partners(unit, LATER)
    assert ("food", code(104)) in partners(unit, LATER)


def test_ending_in_one_industry_leaves_the_other(unit):
    publish(unit, ListOperation("end_partner", industry="food", leaving_code=code(101)))

    assert partners(unit, LATER) == [("food", code(102)), ("textile", code(101))]


def test_edited_item_keeps_its_code_and_gets_another_version(unit):
    edition = publish(
        unit, ListOperation("edit_item", item_code="P-01", item_name="排产软件", item_price="29,800 元／年")
    )

    item = CatalogueItem.objects.get(code="P-01")
    assert list(item.versions.order_by("valid_from").values_list("price", "valid_to")) == [
        ("36,000 元／年", LATER),
        ("29,800 元／年", None),
    ]
    assert edition.summary == "目录 ～1"
    assert queries.snapshot(unit, LATER - timedelta(microseconds=1))["items"][0]["price"] == "36,000 元／年"


def test_item_that_ended_may_come_back_under_its_code(unit):
    publish(unit, ListOperation("end_item", item_code="P-01"))
    publish(
        unit,
        ListOperation("add_item", item_code="P-01", item_name="排产软件二代"),
        at=LATER + timedelta(days=1),
    )

    assert queries.snapshot(unit, LATER)["items"] == []
    assert CatalogueItem.objects.filter(registration=unit, code="P-01").count() == 1
    assert CatalogueVersion.objects.current().get().name == "排产软件二代"


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (
            ListOperation(
                "add_partner", industry="food", partner_code=code(101), partner_name="样例物联技术有限公司"
            ),
            "样例物联技术有限公司已经是食品饮料的合作伙伴，不能再新增",
        ),
        (
            ListOperation(
                "end_partner", industry="textile", leaving_code=code(102), leaving_name="假想冷链数据有限公司"
            ),
            "假想冷链数据有限公司现在不是纺织服装的合作伙伴，不能退出",
        ),
        (
            ListOperation(
                "add_partner", industry="metal", partner_code=code(104), partner_name="演示有限公司"
            ),
            "本单位不在行业 metal 内，不能变更这个行业的合作伙伴",
        ),
        (ListOperation("add_item", item_code="P-01", item_name="另一件"), "目录里已有编码 P-01，不能再新增"),
        (
            ListOperation("edit_item", item_code="P-09", item_name="没有的"),
            "目录里没有编码 P-09，不能调整或停用",
        ),
        (ListOperation("end_item", item_code="P-09"), "目录里没有编码 P-09，不能调整或停用"),
    ],
)
def test_operation_that_does_not_fit_changes_nothing(unit, operation, sentence):
    good = ListOperation("add_item", item_code="P-02", item_name="新的")
    with pytest.raises(StaleOperation) as refusal:
        publish(unit, good, operation)

    assert refusal.value.message == sentence
    assert refusal.value.operation == operation
    assert ListEdition.objects.count() == 1
    assert not CatalogueItem.objects.filter(code="P-02").exists()


def test_registration_that_has_ended_cannot_change(unit):
    Registration.objects.filter(pk=unit.pk).update(valid_to=LATER)
    with pytest.raises(StaleOperation, match="示例智造科技有限公司已不在名单，不能变更"):
        publish(unit, REPLACE)


def test_editions_rise_while_the_clock_stands_still(unit):
    first = publish(unit, REPLACE)
    second = publish(unit, ListOperation("end_item", item_code="P-01"))

    assert (first.number, second.number) == (2, 3)
    assert second.published_at == LATER + timedelta(microseconds=1)
    assert CatalogueVersion.objects.get().valid_to == second.published_at


def test_editions_rise_when_the_clock_jumps_back(unit):
    first = publish(unit, REPLACE)
    early = LATER - timedelta(days=20)
    second = publish(unit, ListOperation("end_item", item_code="P-01"), at=early)

    assert second.published_at == first.published_at + timedelta(microseconds=1)
    assert queries.snapshot(unit, first.published_at)["items"] != []
    assert queries.snapshot(unit, second.published_at)["items"] == []


def test_moment_is_that_of_the_clock_for_a_new_register(programme):
    assert registry.moment(registry.lock(programme), LATER) == LATER


def test_edition_at_a_moment_is_the_last_one_published_by_then(unit, first_edition):
    second = publish(unit, REPLACE)

    assert queries.edition_at(unit.programme, first_edition.published_at - timedelta(microseconds=1)) is None
    assert queries.edition_at(unit.programme, LATER - timedelta(microseconds=1)) == first_edition
    assert queries.edition_at(unit.programme, LATER) == second


def test_digest_covers_the_edition_before(unit):
    publish(unit, REPLACE)
    with transaction.atomic():
        one = publish(unit, ListOperation("end_item", item_code="P-01"), at=LATER + timedelta(days=1)).digest
        transaction.set_rollback(True)
    ListEdition.objects.filter(number=2).update(digest="f" * 64)
    other = publish(unit, ListOperation("end_item", item_code="P-01"), at=LATER + timedelta(days=1)).digest

    assert len(one) == len(other) == 64
    assert one != other


def test_label_comes_before_the_summary(unit):
    assert publish(unit, REPLACE, label="勘误").summary == "勘误：合作伙伴 ＋1 －1"


def test_list_is_entered_only_once(programme, first_edition):
    with pytest.raises(registry.AlreadyListed, match="已有名单，到第 1 版"):
        registry.enter(registry.lock(programme), [FIRST], at=LATER)
    assert ListEdition.objects.count() == 1


def test_list_is_entered_as_of_the_day_it_was_published_elsewhere(programme):
    published = moment("2025-12-15T10:00")
    edition = registry.enter(registry.lock(programme), [FIRST], at=LATER, published_at=published)

    row = Partnership.objects.order_by("pk")[0]
    assert (edition.published_at, row.valid_from, row.recorded_at) == (published, published, LATER)


def test_entered_rows_have_their_history(first_edition):
    for model in (
        Organisation,
        Registration,
        RegistrationEntry,
        Partnership,
        CatalogueItem,
        CatalogueVersion,
    ):
        assert model.history.count() == model.objects.count() > 0


def test_known_organisation_is_not_made_again_by_another_list(programme, first_edition):
    other = type(programme).objects.create(
        city=programme.city, slug="other", name="服务商", registrant_term="服务商", number_prefix="QT"
    )
    other.industries.create(key="food", name="食品饮料")
    before = Organisation.objects.count()
    registry.enter(registry.lock(other), [SECOND], at=LATER)

    assert Organisation.objects.count() == before
    assert Organisation.objects.get(credit_code=SECOND.code).registrations.count() == 2


@pytest.mark.parametrize(
    "model", [Registration, RegistrationEntry, Partnership, CatalogueVersion, OrganisationProfile]
)
def test_row_stands_once_but_may_have_stood_before(first_edition, model):
    row = model.objects.current().first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save_without_historical_record()
    row.valid_from, row.valid_to = moment("2026-01-01T00:00"), moment("2026-02-01T00:00")
    row.save_without_historical_record()


def test_snapshots_take_as_many_queries_for_one_as_for_two(first_edition, django_assert_num_queries):
    units = list(Registration.objects.order_by("pk"))
    for asked in (units[:1], units):
        with django_assert_num_queries(3):
            queries.snapshots(asked, LATER)
