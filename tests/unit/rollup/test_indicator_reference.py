"""docs/indicators.md says what the ledgers declare, and every indicator of the design is there."""

from pathlib import Path

from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.reference import reference
from ledgersync.schema import load_catalog

DOCS = Path(__file__).parents[3] / "docs" / "indicators.md"
EXPECTED = """
dibao_households dibao_persons dibao_households_urban dibao_households_rural dibao_persons_urban
dibao_persons_rural dibao_amount dibao_new dibao_exited dibao_new_persons dibao_exited_persons
dibao_reviews_done dibao_reviews_due dibao_review_rate care_people care_people.<category>
care_visits_due care_visits_done care_visit_rate volunteer_activities volunteer_activities_party
volunteer_hours volunteer_person_times volunteers_active volunteer_beneficiaries
volunteers_registered visits_made visits_households visits_households_round.<round>
visits_met_rate visits_coverage visit_satisfaction_rate issues_collected issues_resolved
issues_in_progress issues_not_feasible issues_pending issues_carried_in issues_closed
issues_open_end issues_overdue issue_categories issues_collected.<kind> issues_source.<source>
issue_resolution_rate issue_on_time_rate issue_revisit_rate issue_satisfaction_rate
issue_days_median data_error_rate timeliness
""".split()  # noqa: SIM905 - a list to be read


def test_the_reference_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference(load_definitions(load_catalog())), (
        "run: python -m ledgersync.rollup.reference > docs/indicators.md"
    )


def test_every_indicator_of_the_design_is_declared_and_explained() -> None:
    declared = load_definitions(load_catalog()).by_id
    assert [i for i in EXPECTED if i not in declared] == []
    assert [d.id for d in declared.values() if not d.indicator.note] == []
