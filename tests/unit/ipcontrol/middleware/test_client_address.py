# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The filter that resolves the caller."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from oslo_config import cfg
from oslo_middleware.http_proxy_to_wsgi import OPTS, HTTPProxyToWSGI
from swift.common.swob import Request
from swift.common.utils import get_remote_client
from swift.common.wsgi import make_subrequest
from webob import Request as WebobRequest

from ipcontrol.middleware.client_address import filter_factory
from ipcontrol.middleware.options import OptionError

PROXY = "192.0.2.10"
CALLER = "203.0.113.7"
FORGED = "198.51.100.66"
TRUSTING = {"trusted_proxies": PROXY}
FORWARDED = {**TRUSTING, "header": "Forwarded"}


def through(options, peer=PROXY, **environ):
    """The environment as the next application sees it."""
    seen = SimpleNamespace()
    if peer is not None:
        environ["REMOTE_ADDR"] = peer

    def app(environ, start_response):
        seen.environ = environ
        return []

    filter_factory({}, **options)(app)(environ, None)
    return seen.environ


def carried(environ):
    caller = environ["swift.infocache"]["ipcontrol.client_address"]
    return caller and str(caller)


def test_the_caller_that_a_trusted_proxy_names_becomes_the_peer():
    environ = through(TRUSTING, HTTP_X_FORWARDED_FOR=CALLER)
    assert (environ["REMOTE_ADDR"], carried(environ)) == (CALLER, CALLER)


def test_the_peer_stays_where_it_is_not_trusted():
    environ = through({}, HTTP_X_FORWARDED_FOR=FORGED)
    assert (environ["REMOTE_ADDR"], carried(environ)) == (PROXY, PROXY)


@pytest.mark.parametrize("peer", [None, "", "unix:"])
def test_an_unknown_caller_leaves_no_address(peer):
    environ = through(TRUSTING, peer)
    assert "REMOTE_ADDR" not in environ
    assert carried(environ) is None


def test_an_unreadable_hop_leaves_no_address():
    environ = through(TRUSTING, HTTP_X_FORWARDED_FOR=f"{CALLER}, junk")
    assert "REMOTE_ADDR" not in environ


def test_a_mapped_address_is_carried_as_the_ipv4_address():
    assert carried(through({}, f"::ffff:{CALLER}")) == CALLER


def test_what_was_carried_before_is_replaced():
    environ = through({}, **{"swift.infocache": {"ipcontrol.client_address": FORGED}})
    assert carried(environ) == PROXY


def test_the_rest_of_the_infocache_stays_the_same_object():
    cache = {"container/a/c": {}}
    environ = through({}, **{"swift.infocache": cache})
    assert environ["swift.infocache"] is cache
    assert "container/a/c" in cache


def test_requests_that_a_swift_middleware_makes_carry_the_caller():
    environ = through({}, REQUEST_METHOD="GET", PATH_INFO="/v1/a/c/o")
    made = make_subrequest(environ, "PUT", "/v1/a/other/o", swift_source="XX")
    assert "REMOTE_ADDR" not in made.environ
    assert carried(made.environ) == PROXY


@pytest.mark.parametrize("options", [{}, TRUSTING, FORWARDED])
@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "Forwarded",
        "X-Cluster-Client-Ip",
        "X-Real-Ip",
        "X-Client-Ip",
        "Client-Ip",
        "True-Client-Ip",
        "CF-Connecting-Ip",
        "X-Forwarded",
        "Forwarded-For",
        "X-Original-Forwarded-For",
        "X-Envoy-External-Address",
    ],
)
def test_no_other_header_names_a_caller_behind_the_filter(options, header):
    key = "HTTP_" + header.upper().replace("-", "_")
    assert key not in through(options, **{key: f"for={FORGED}"})


class TestWhatIsBehindBelievesIt:
    """Every reader of such headers in Swift's and Nova's pipelines."""

    HEADERS = {
        "HTTP_X_FORWARDED_FOR": f"{FORGED}, {CALLER}",
        "HTTP_X_CLUSTER_CLIENT_IP": FORGED,
        "HTTP_FORWARDED": f"for={FORGED}",
    }

    def test_swifts_logs_and_rate_limits(self):
        assert get_remote_client(Request(through(TRUSTING, **self.HEADERS))) == CALLER

    def test_webob_and_with_it_keystones_audit(self):
        assert WebobRequest(through(TRUSTING, **self.HEADERS)).client_addr == CALLER

    def test_oslos_http_proxy_to_wsgi(self):
        environ = parsed_by_oslo(through(TRUSTING, **self.HEADERS))
        assert environ["REMOTE_ADDR"] == CALLER

    def test_oslos_http_proxy_to_wsgi_where_the_caller_is_unknown(self):
        headers = {**self.HEADERS, "HTTP_X_FORWARDED_FOR": "junk"}
        assert "REMOTE_ADDR" not in parsed_by_oslo(through(TRUSTING, **headers))


def parsed_by_oslo(environ):
    conf = cfg.ConfigOpts()
    conf([])
    conf.register_opts(OPTS, group="oslo_middleware")
    conf.set_override("enable_proxy_headers_parsing", True, group="oslo_middleware")
    oslo = HTTPProxyToWSGI(None, conf)
    environ.setdefault("SCRIPT_NAME", "")
    oslo.process_request(WebobRequest(environ))
    return environ


class TestSchemeAndHost:
    def test_what_a_tls_terminator_says_stays(self):
        headers = {
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_HOST": "cloud.example",
            "HTTP_X_FORWARDED_PREFIX": "/compute",
        }
        environ = through(TRUSTING, HTTP_X_FORWARDED_FOR=CALLER, **headers)
        assert {key: environ[key] for key in headers} == headers
        assert parsed_by_oslo(environ)["wsgi.url_scheme"] == "https"

    def test_so_does_what_a_trusted_forwarded_says(self):
        value = f"for={CALLER};proto=https;host=cloud.example;by=lb"
        environ = through(FORWARDED, HTTP_FORWARDED=value)
        assert environ["HTTP_FORWARDED"] == "proto=https;host=cloud.example"
        parsed = parsed_by_oslo(environ)
        assert (parsed["wsgi.url_scheme"], parsed["HTTP_HOST"]) == ("https", "cloud.example")
        assert parsed["REMOTE_ADDR"] == CALLER

    def test_the_callers_own_elements_do_not(self):
        value = f"for={FORGED};proto=gopher;host=evil, for={CALLER};proto=https, for={PROXY}"
        environ = through(FORWARDED, HTTP_FORWARDED=value)
        assert environ["HTTP_FORWARDED"] == "proto=https"

    @pytest.mark.parametrize(
        ("options", "peer", "value"),
        [
            (FORWARDED, CALLER, "for=1.2.3.4;host=evil"),
            (TRUSTING, PROXY, "for=1.2.3.4;host=evil"),
            (FORWARDED, PROXY, "for=junk;host=evil"),
        ],
    )
    def test_nothing_that_was_not_written_by_a_trusted_proxy_does(self, options, peer, value):
        assert "HTTP_FORWARDED" not in through(options, peer, HTTP_FORWARDED=value)


class TestUnderscores:
    """Servers that merge X_Forwarded_For into the true header, but keep what was sent."""

    def raw(self, *headers):
        merged = ",".join(value for _, value in headers)
        return {"headers_raw": headers, "HTTP_X_FORWARDED_FOR": merged}

    def test_only_the_true_name_counts(self):
        sent = self.raw(("X-Forwarded-For", CALLER), ("X_Forwarded_For", FORGED))
        assert carried(through(TRUSTING, **sent)) == CALLER

    def test_a_header_that_only_looks_like_it_is_none(self):
        assert carried(through(TRUSTING, **self.raw(("x_forwarded_for", FORGED)))) == PROXY

    def test_lines_of_the_true_name_are_joined_in_order(self):
        sent = self.raw(("X-Forwarded-For", FORGED), ("x-forwarded-FOR", CALLER))
        assert carried(through(TRUSTING, **sent)) == CALLER


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"trusted_proxies": "10.1.2.3/16"}, "10.1.0.0/16"),
        ({"trusted_proxies": "lb.example"}, "[filter:client_address] trusted_proxies"),
        ({"header": "X-Real-IP"}, 'header is "X-Real-IP": write X-Forwarded-For or Forwarded'),
        ({"trusted_proxy": PROXY}, 'no option "trusted_proxy"'),
    ],
)
def test_a_bad_option_stops_the_service_with_a_sentence(options, hint):
    with pytest.raises(OptionError) as caught:
        filter_factory({}, **options)
    assert hint in str(caught.value)


def test_an_option_that_the_section_sets_or_inherits_is_read_too():
    with pytest.raises(OptionError, match="trusted_proxies"):
        filter_factory({"trusted_proxies": "lb.example"})


def test_the_module_needs_neither_swift_nor_nova_nor_oslo():
    code = (
        "import sys, ipcontrol.middleware.client_address\n"
        "print({name.partition('.')[0] for name in sys.modules}"
        " & {'swift', 'nova', 'oslo_config', 'eventlet', 'webob', 'django'})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
