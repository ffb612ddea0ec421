# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
import pytest

from tools import audit

VULNERABLE = {"id": "GHSA-0001", "aliases": ["CVE-1"], "fix_versions": ["2.1"]}
REPORT = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "leaky", "version": "2.0", "vulns": [VULNERABLE]},
        {"name": "private", "skip_reason": "not found"},
    ]
}


def test_a_vulnerability_says_in_what_version_it_is_fixed(capsys):
    audit.report_on(REPORT, {})
    assert "VULNERABLE: leaky 2.0: GHSA-0001 CVE-1, fixed in 2.1" in capsys.readouterr().out


def test_packages_that_the_service_does_not_know_are_named(capsys):
    audit.report_on(REPORT, {})
    out = capsys.readouterr().out
    assert "Audited 2 packages." in out
    assert "Unknown to the vulnerability service: private." in out


@pytest.mark.parametrize("identity", ["GHSA-0001", "CVE-1"])
def test_a_vulnerability_is_ignored_by_any_of_its_ids_and_its_reason_shown(identity, capsys):
    assert audit.report_on(REPORT, {identity: "only read by tests"})
    assert "(only read by tests)" in capsys.readouterr().out


def test_an_ignored_id_that_is_found_no_more_is_named(capsys):
    assert not audit.report_on(REPORT, {"GHSA-9": "gone"})
    assert "GHSA-9 is found no more" in capsys.readouterr().out


def test_ids_are_ignored_with_a_reason_alone(tmp_path):
    path = tmp_path / "ignored.txt"
    path.write_text("# a comment\n\nGHSA-1: why\nGHSA-2\n")
    with pytest.raises(ValueError, match='"ID: reason" instead of "GHSA-2"'):
        audit.read_ignored(path)


def test_the_list_of_ignored_ids_can_be_read():
    assert all(audit.read_ignored(audit.IGNORED).values())
