"""How the tests are shared out when there is more than one process."""

import re
from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# These start sites, workers and servers of their own, on one database and one Redis.
SERVERS = (
    "tests/portal/test_compose.py",
    "tests/portal/test_run.py",
    "tests/services/test_request_ids.py",
    "tests/services/test_survival.py",
    "tests/services/test_worker.py",
)


# The same on every database: what a file of rows holds and how it is told, what starts a site of its own, and the steps of cases, of
# which tests/services/test_rehearsals.py plays the longest stories on PostgreSQL.
ROWS = (
    "tests/accounts/login/",
    "tests/accounts/test_handovers.py",
    "tests/accounts/test_invitations.py",
    "tests/accounts/test_overview.py",
    "tests/accounts/test_personal.py",
    "tests/accounts/test_reminders.py",
    "tests/accounts/test_roles.py",
    "tests/accounts/test_standing.py",
    "tests/attacks/",
    "tests/cases/district/",
    "tests/cases/dossier/",
    "tests/cases/repin/",
    "tests/cases/test_access.py",
    "tests/cases/test_bars.py",
    "tests/cases/test_confidential.py",
    "tests/cases/test_consent.py",
    "tests/cases/test_council.py",
    "tests/cases/test_deadline_track.py",
    "tests/cases/test_deadlines.py",
    "tests/cases/test_digests.py",
    "tests/cases/test_filings.py",
    "tests/cases/test_finding.py",
    "tests/cases/test_grounds.py",
    "tests/cases/test_last_day.py",
    "tests/cases/test_letters.py",
    "tests/cases/test_others.py",
    "tests/cases/test_reminders.py",
    "tests/cases/test_rows.py",
    "tests/cases/test_siblings.py",
    "tests/cases/test_standing.py",
    "tests/cases/test_withdraw.py",
    "tests/changes/materials/",
    "tests/changes/test_allowance.py",
    "tests/changes/test_checks.py",
    "tests/changes/test_operations_allowed.py",
    "tests/changes/test_rows.py",
    "tests/changes/test_steps.py",
    "tests/changes/test_what_was_left_open.py",
    "tests/cities/",
    "tests/clearance/test_again.py",
    "tests/clearance/test_answers.py",
    "tests/clearance/test_barred.py",
    "tests/clearance/test_checks.py",
    "tests/clearance/test_course.py",
    "tests/clearance/test_deciding.py",
    "tests/clearance/test_documents.py",
    "tests/clearance/test_dongguan.py",
    "tests/clearance/test_dossier.py",
    "tests/clearance/test_ending.py",
    "tests/clearance/test_exit.py",
    "tests/clearance/test_files.py",
    "tests/clearance/test_followups.py",
    "tests/clearance/test_gone.py",
    "tests/clearance/test_grounded.py",
    "tests/clearance/test_haste.py",
    "tests/clearance/test_kept.py",
    "tests/clearance/test_left.py",
    "tests/clearance/test_orders.py",
    "tests/clearance/test_outcomes.py",
    "tests/clearance/test_parting.py",
    "tests/clearance/test_partners.py",
    "tests/clearance/test_revoking.py",
    "tests/clearance/test_serving.py",
    "tests/clearance/test_stages.py",
    "tests/clearance/test_taking_out.py",
    "tests/clearance/test_terminations.py",
    "tests/clearance/test_told.py",
    "tests/corrections/test_aftermath.py",
    "tests/corrections/test_dossier.py",
    "tests/corrections/test_others.py",
    "tests/corrections/test_restoring.py",
    "tests/corrections/test_restoring_elsewhere.py",
    "tests/corrections/test_shown_first.py",
    "tests/corrections/test_steps.py",
    "tests/corrections/test_undone.py",
    "tests/notices/test_again.py",
    "tests/notices/test_asking.py",
    "tests/notices/test_beside.py",
    "tests/notices/test_dossier.py",
    "tests/notices/test_geometry.py",
    "tests/notices/test_issuers.py",
    "tests/notices/test_issuing.py",
    "tests/notices/test_lists.py",
    "tests/notices/test_occasions.py",
    "tests/notices/test_titles.py",
    "tests/notices/test_wording.py",
    "tests/portal/doors/test_acts.py",
    "tests/portal/doors/test_home.py",
    "tests/portal/doors/test_keys.py",
    "tests/portal/doors/test_strangers.py",
    "tests/portal/doors/test_table.py",
    "tests/portal/operations/test_letters.py",
    "tests/portal/operations/test_metrics.py",
    "tests/portal/operations/test_page.py",
    "tests/portal/operations/test_rules.py",
    "tests/portal/operations/test_telling.py",
    "tests/portal/operations/test_trail.py",
    "tests/portal/operations/test_work.py",
    "tests/portal/rehearsals/",
    "tests/portal/test_checks.py",
    "tests/portal/test_clock_command.py",
    "tests/portal/test_demo.py",
    "tests/portal/test_home.py",
    "tests/portal/test_invented_programmes.py",
    "tests/portal/test_logs.py",
    "tests/portal/test_personal.py",
    "tests/portal/test_run.py",
    "tests/portal/test_secrecy.py",
    "tests/portal/test_settings.py",
    "tests/providers/importing/",
    "tests/providers/test_credit_code.py",
    "tests/providers/test_districts.py",
    "tests/providers/test_snapshots.py",
    "tests/providers/test_wording.py",
    "tests/publicity/test_asked.py",
    "tests/publicity/test_confidential.py",
    "tests/publicity/test_dossier.py",
    "tests/publicity/test_explained.py",
    "tests/publicity/test_gate.py",
    "tests/publicity/test_handling.py",
    "tests/publicity/test_objectors.py",
    "tests/publicity/test_personal.py",
    "tests/publicity/test_published.py",
    "tests/publicity/test_receipts.py",
    "tests/publicity/test_steps.py",
    "tests/publicity/test_told.py",
    "tests/records/files/test_encryption.py",
    "tests/records/files/test_looking.py",
    "tests/records/files/test_scanning.py",
    "tests/records/files/test_watermark.py",
    "tests/records/personal/",
    "tests/records/test_clock.py",
    "tests/records/test_components.py",
    "tests/records/test_controls.py",
    "tests/records/test_mail.py",
    "tests/records/test_spreadsheet.py",
    "tests/records/test_throttle.py",
    "tests/records/test_words.py",
)
# What pages say and do. That each can be opened on PostgreSQL too is asked in tests/portal/doors/test_opened.py.
PAGES = re.compile(
    r"tests/\w+/(test_(views|pages|inbox|my|\w+_pages|admin|\w+_admin)\.py|(pages|desk|drafts|preview|rules_page)/)"
)


def mark_once(items: Iterable[pytest.Item]) -> None:
    """But for what is for the servers alone."""
    for item in items:
        is_once = item.nodeid.startswith(ROWS) or PAGES.match(item.nodeid)
        if is_once and not item.get_closest_marker("services"):
            item.add_marker(pytest.mark.once)


class OneProcessForServers(LoadScopeScheduling):
    """Each test to whichever process is free; those with servers one after another in the same one, begun first."""

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(SERVERS) else nodeid
