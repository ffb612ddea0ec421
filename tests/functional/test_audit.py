# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""`make audit` with a vulnerability service of the test's own, which pip-audit asks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import audit

CONTROL = audit.CONTROL.split("==")[0]


class _Osv(BaseHTTPRequestHandler):
    """The service of osv.dev, as far as pip-audit asks it."""

    vulnerable = frozenset()

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = question["package"]["name"]
        answer = {"vulns": [_osv_entry(name)]} if name in self.vulnerable else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        pass


def _osv_entry(name):
    package = {"name": name, "ecosystem": "PyPI"}
    affected = {"package": package, "ranges": [], "versions": []}
    return {"id": f"GHSA-{name}", "modified": "2026-01-01T00:00:00Z", "affected": [affected]}


@pytest.fixture
def service(monkeypatch, tmp_path):
    """Makes a service that knows vulnerabilities of some packages, and audits two packages."""
    pytest.importorskip("pip_audit", reason="the environment of the newest release alone has it")
    monkeypatch.setattr(audit, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(audit, "IGNORED", tmp_path / "ignored.txt")
    monkeypatch.setattr(audit, "_CONTROL_SECONDS", 180)
    (tmp_path / "constraints.txt").write_text("sound==1.0\nleaky==2.0\n")
    (tmp_path / "ignored.txt").touch()
    servers = []

    def serve(*vulnerable):
        handler = type("Handler", (_Osv,), {"vulnerable": frozenset(vulnerable)})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"http://127.0.0.1:{server.server_port}/")

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_audit_without_vulnerabilities_succeeds(service, capsys):
    service(CONTROL)
    assert audit.main() == 0
    assert "Audited 2 packages." in capsys.readouterr().out


def test_a_vulnerability_is_listed_and_fails_the_audit(service, capsys):
    service(CONTROL, "leaky")
    assert audit.main() == 1
    assert "VULNERABLE: leaky 2.0: GHSA-leaky" in capsys.readouterr().out


def test_a_service_that_does_not_know_of_a_known_vulnerability_is_not_believed(service, capsys):
    service("leaky")
    assert audit.main() == 0
    assert "Audit skipped" in capsys.readouterr().out


def test_an_audit_is_skipped_where_nobody_answers(service, monkeypatch, capsys):
    service(CONTROL, "leaky")
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", "http://127.0.0.1:1/")
    assert audit.main() == 0
    assert capsys.readouterr().out == (
        "Audit skipped, for the vulnerability service does not answer: Connection refused.\n"
    )


def test_an_audit_is_skipped_where_the_answer_takes_too_long(service, monkeypatch, capsys):
    service(CONTROL, "leaky")
    monkeypatch.setattr(audit, "_CONTROL_SECONDS", 0.01)
    assert audit.main() == 0
    assert "no answer within" in capsys.readouterr().out
