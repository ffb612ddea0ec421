# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Horizon's own door: forged forms, pages that are not one's own, markup, headers, logs."""

import re
import socket
import sqlite3
import uuid
from contextlib import closing
from urllib.parse import quote, urlsplit

import pytest

from devcloud import seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER
from devcloud.compute_clients import delete_servers, glance, nova
from devcloud.settings import REVERSE_PROXY
from ipcontrol.host_groups import DEFAULT_KEY, PREFIX_KEY, SUBNETS_KEY
from tests.browser.store import Store
from tests.functional.horizon import (
    CRASHES,
    HOST_GROUPS,
    LOGIN,
    WHITELIST,
    Person,
    fields_of,
    text_of,
)
from tests.servers import wait_for

EVERYBODY = "127.0.0.0/8"
DOCS = f"{WHITELIST}container/docs/"
LIST_FORMS = tuple(
    DOCS + page
    for page in (
        "add/",
        "add-my-address/",
        "edit/?item=allow-all",
        "remove/?item=allow-other",
        "copy/",
    )
)
ACCOUNT_FORM = f"{WHITELIST}account/add/"
GROUP_ACTIONS = (
    "create/",
    "import/",
    "{}/update/",
    "{}/make_default/",
    "{}/members/",
    "{}/delete/",
)
MAP = '{"host_groups": []}'


@pytest.fixture(scope="module")
def logs(cloud):
    """What the services have written since these tests began."""
    begin = {name: cloud.log(name).stat().st_size for name in cloud.settings.services}

    def read():
        for name, size in begin.items():
            with cloud.log(name).open("rb") as log:
                log.seek(size)
                for line in log.read().decode("utf-8", "replace").splitlines():
                    yield name, line

    return read


@pytest.fixture(scope="module")
def people():
    """Everybody who signed in during these tests."""
    return []


@pytest.fixture(scope="module")
def sign_in(cloud, logs, people):
    def sign_in(user, source=LAB):
        people.append(Person(cloud, user, source))
        return people[-1]

    return sign_in


@pytest.fixture(scope="module")
def store(cloud, logs):
    made = Store.make(cloud, 7001)
    made.change(None, allow_all=EVERYBODY)
    made.container("docs", allow_all=EVERYBODY, allow_other="192.0.2.1")
    made.container("more")
    return made


@pytest.fixture(scope="module")
def owner(sign_in, store):
    return sign_in(store.user)


@pytest.fixture(scope="module")
def admin(sign_in):
    return sign_in("admin")


@pytest.fixture(scope="module")
def member(sign_in):
    return sign_in("alice")


@pytest.fixture(scope="module")
def compute(cloud, logs):
    """Nova as an administrator, with the host groups of the demonstration."""
    seed_nova.seed(cloud)
    return nova(cloud, "admin")


@pytest.fixture
def group(compute):
    """A host group for one test."""
    made = compute.aggregates.create("door", None)
    compute.aggregates.set_metadata(made, {PREFIX_KEY: "door", SUBNETS_KEY: "10.6.0.0/16"})
    yield made
    compute.aggregates.delete(made)


def aggregates(compute):
    return {each.id: (each.name, each.metadata, each.hosts) for each in compute.aggregates.list()}


def contents(store):
    return {name: store.items(name) for name in (None, "docs", "more")}


def sent_by_its_owner(person, path, **typed):
    """What the form on a page would send, without the token against forgery."""
    page = person.get(path)
    fields = fields_of(page) | typed
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


# --- Forged forms -------------------------------------------------------------

# None at all; one of the right form; one that was made for another browser.
TOKENS = ("", "x" * 64, "another's")


def forge(person, path, fields, token, stranger):
    if token == "another's":
        token = fields_of(stranger.get(LOGIN))["csrfmiddlewaretoken"][0]
    fields = {**fields, **({"csrfmiddlewaretoken": token} if token else {})}
    return person.browser.post(
        person.cloud.horizon_url + path, data=fields, allow_redirects=False, timeout=60
    )


def assert_forged(answer):
    where = answer.headers.get("Location", "")
    assert answer.status_code == 403 or (answer.status_code == 302 and "csrf_failure" in where)


@pytest.mark.parametrize("token", TOKENS)
def test_a_form_of_a_list_without_the_token_changes_nothing(cloud, owner, store, token):
    before, stranger = contents(store), Person(cloud, None)
    typed = {"label": "forged", "networks": "192.0.2.66", "containers": ["more"]}
    for path in (*LIST_FORMS, ACCOUNT_FORM):
        assert_forged(forge(owner, path, sent_by_its_owner(owner, path, **typed), token, stranger))
    assert contents(store) == before


@pytest.mark.parametrize("token", TOKENS)
def test_a_form_of_a_host_group_without_the_token_changes_nothing(
    cloud, admin, compute, group, token
):
    before, stranger = aggregates(compute), Person(cloud, None)
    typed = {"name": "forged", "hostname_prefix": "forged", "text": MAP}
    for action in GROUP_ACTIONS:
        path = HOST_GROUPS + action.format(group.id)
        fields = sent_by_its_owner(admin, path, **typed)
        assert_forged(forge(admin, path, fields, token, stranger))
    assert aggregates(compute) == before


@pytest.mark.parametrize("action", GROUP_ACTIONS)
def test_what_a_member_sends_to_an_administrators_form_changes_nothing(
    admin, member, compute, group, action
):
    before, path = aggregates(compute), HOST_GROUPS + action.format(group.id)
    typed = {"name": "forged", "hostname_prefix": "forged", "subnets": "10.66.0.0/16", "text": MAP}
    fields = sent_by_its_owner(admin, path, **typed)
    assert member.post(path, fields).status_code == 403
    assert aggregates(compute) == before


@pytest.mark.parametrize(
    "page", ["", "?tab=host_groups__hosts", "?address=127.1.0.5", "export/", *GROUP_ACTIONS]
)
def test_a_member_sees_nothing_of_the_host_groups(member, compute, group, page):
    answer = member.get(HOST_GROUPS + page.format(group.id))
    assert answer.status_code == 403
    assert not re.search(r"doc1|doc2|10\.6\.0\.0|127\.1\.0\.0|hostname_prefix", answer.text)
    assert not [word for word in CRASHES if word in answer.text]


def test_a_group_that_does_not_exist_tells_a_member_no_more_than_one_that_does(member, group):
    pages = [member.get(f"{HOST_GROUPS}{number}/update/") for number in (group.id, 999999)]
    assert [page.status_code for page in pages] == [403, 403]
    assert text_of(pages[0]) == text_of(pages[1])


@pytest.mark.parametrize("page", ["", *(path.removeprefix(DOCS) for path in LIST_FORMS)])
def test_somebody_elses_container_is_not_there(cloud, sign_in, owner, store, page):
    before = contents(store)
    other = _other(cloud, sign_in)
    answer = other.get(DOCS + page)
    assert (answer.status_code, "There is no container docs" in text_of(answer)) == (404, True)
    assert "192.0.2.1" not in answer.text
    if page:
        fields = sent_by_its_owner(owner, DOCS + page, label="x", networks="192.0.2.66")
        assert other.post(DOCS + page, fields).status_code == 404
    assert contents(store) == before


_OTHERS = {}


def _other(cloud, sign_in):
    """Somebody of another project, in which everything is allowed to everybody."""
    if cloud not in _OTHERS:
        store = Store.make(cloud, 7002)
        store.change(None, allow_all=EVERYBODY)
        _OTHERS[cloud] = sign_in(store.user)
    return _OTHERS[cloud]


def test_a_stranger_is_led_to_the_sign_in(cloud, group):
    stranger = Person(cloud, None)
    for path in (WHITELIST, DOCS, HOST_GROUPS, f"{HOST_GROUPS}{group.id}/update/"):
        assert LOGIN in stranger.get(path).url


# --- Markup -------------------------------------------------------------------

MARKUP = "<img src=x onerror=alert(1)>&\"'`{$ 7*7 $}{{7*7}}"
# What a browser, or AngularJS, would make something of.
RAW = ("<img src=x", "onerror=alert(1)>", "{$ 7*7", "7*7 $}", "{$7*7", "<b>x", "<i>y", "'\"><u>")
ITEM = "allow-<b>x{$7*7$}"
LABEL = ITEM.removeprefix("allow-")


def assert_text(page, *shown):
    """No markup of others is in the page; and what they wrote is."""
    assert page.status_code in {200, 403, 404}
    assert not [raw for raw in RAW if raw in page.text]
    assert not [word for word in CRASHES if word in page.text]
    # Horizon writes what AngularJS would take for its own in another way.
    for each in shown:
        assert each.replace("{$", "{%").replace("$}", "%}") in page.html.text_content()


@pytest.fixture(scope="module")
def odd(store):
    """A container whose name, label and value are markup."""
    store.container(MARKUP, allow_all=EVERYBODY, **{ITEM: "<i>y"})
    return f"{WHITELIST}container/{quote(MARKUP, safe='')}/"


def test_the_name_of_a_container_is_text_in_the_table(owner, odd):
    assert_text(owner.get(WHITELIST), MARKUP)


@pytest.mark.parametrize("page", ["", "add/", "add-my-address/", "copy/"])
def test_the_name_of_a_container_is_text_on_its_pages(owner, odd, page):
    assert_text(owner.get(odd + page), MARKUP)


@pytest.mark.parametrize("page", ["", "edit/?item={}", "remove/?item={}"])
def test_a_label_and_a_value_are_text(owner, odd, page):
    assert_text(owner.get(odd + page.format(quote(ITEM, safe=""))), LABEL, "<i>y")


def test_an_item_that_is_markup_is_removed(owner, odd, store):
    store.container("marked", allow_all=EVERYBODY, **{ITEM: "<i>y {$ 7*7 $}"})
    path = f"{WHITELIST}container/marked/remove/?item={quote(ITEM, safe='')}"
    told = owner.submit(path)
    assert_text(told, f"Removed the entry {LABEL}.")
    assert store.items("marked") == {"allow-all": EVERYBODY}


@pytest.mark.parametrize(
    "page",
    [
        "?address={}",
        "?marker={}",
        "?prev_marker={}",
        "container/docs/?address={}&method={}",
        "container/docs/edit/?item={}",
        "container/docs/remove/?item={}",
        "container/{}x/",
    ],
)
def test_what_stands_in_a_link_is_text(owner, store, page):
    assert_text(owner.get(WHITELIST + page.replace("{}", quote(MARKUP, safe=""))))


@pytest.mark.parametrize("path", [LIST_FORMS[0], LIST_FORMS[4], ACCOUNT_FORM])
def test_what_was_typed_into_a_form_of_a_list_is_text(owner, store, path):
    fields = ("label", "networks", "rights", "until", "seen", "entries", "containers", "existing")
    assert_text(owner.submit(path, **dict.fromkeys(fields, MARKUP)))


@pytest.mark.parametrize("container", ["docs", MARKUP])
def test_the_name_of_an_object_is_text_where_it_is_not_found(owner, odd, container):
    path = f"/api/swift/containers/{quote(container, safe='')}/object/{quote(MARKUP, safe='')}"
    assert_text(owner.get(path), MARKUP)


@pytest.fixture(scope="module")
def odd_cloud(cloud, compute):
    """An aggregate, a server, a host and an operator's reason that are markup."""
    before = {each.name: dict(each.metadata) for each in compute.aggregates.list()}
    made = compute.aggregates.create(MARKUP, None)
    metadata = dict.fromkeys((PREFIX_KEY, SUBNETS_KEY, DEFAULT_KEY), MARKUP)
    compute.aggregates.set_metadata(made, metadata)
    server = _server(cloud, compute)
    # Its host is of no group then, so that the page of hosts names the server.
    _set(compute, "dev", {PREFIX_KEY: "elsewhere"})
    (service,) = compute.services.list(host="dev2", binary="nova-compute")
    compute.services.disable_log_reason(service.id, MARKUP)
    _add_host(cloud, MARKUP)
    yield made
    _remove_host(cloud, MARKUP)
    compute.services.enable(service.id)
    _set(compute, "dev", before["dev"])
    delete_servers(compute, [server])
    compute.aggregates.delete(made)


def _server(cloud, compute):
    image = next(iter(glance(cloud).images.list())).id
    flavor = compute.flavors.find(name=seed_nova.SMALLEST).id
    client = nova(cloud, "alice", source=OUTSIDER)
    return wait_for(compute, client.servers.create(MARKUP, image, flavor, nics="none"), "ACTIVE")


def _set(compute, name, metadata):
    aggregate = next(each for each in compute.aggregates.list() if each.name == name)
    compute.aggregates.set_metadata(aggregate, metadata)


def _add_host(cloud, name):
    """A compute service of that name, as one that was compromised might report itself."""
    with closing(_cell(cloud)) as cell, cell:
        cell.execute(
            "INSERT INTO services (created_at, host, binary, topic, report_count, disabled, "
            "deleted, forced_down, version, uuid) "
            "SELECT created_at, ?, binary, topic, 0, 0, 0, 0, version, ? "
            "FROM services WHERE host = 'dev1'",
            (name, str(uuid.uuid4())),
        )


def _remove_host(cloud, name):
    with closing(_cell(cloud)) as cell, cell:
        cell.execute("DELETE FROM services WHERE host = ?", (name,))


def _cell(cloud):
    return sqlite3.connect(cloud.state / "nova" / "cell1.sqlite", timeout=60)


def test_what_is_in_the_list_of_host_groups_is_text(admin, odd_cloud):
    assert_text(admin.get(HOST_GROUPS), MARKUP)


def test_names_of_hosts_and_servers_are_text(admin, odd_cloud):
    page = admin.get(f"{HOST_GROUPS}?tab=host_groups__hosts")
    assert_text(page, MARKUP)
    # The server, the host, and the reason why another one is disabled.
    table = page.html.xpath("//table[@id='hosts']")[0].text_content()
    assert table.count("onerror=alert(1)") >= 3, text_of(page)


@pytest.mark.parametrize("action", ["update", "make_default", "members", "delete"])
def test_an_aggregate_is_text_on_its_pages(admin, odd_cloud, action):
    assert_text(admin.get(f"{HOST_GROUPS}{odd_cloud.id}/{action}/"))


@pytest.mark.parametrize(
    "action", ["create/", "import/", "{}/update/", "{}/members/", "{}/delete/"]
)
def test_what_was_typed_into_a_form_of_host_groups_is_text(admin, odd_cloud, action):
    path = HOST_GROUPS + action.format(odd_cloud.id)
    typed = ("name", "hostname_prefix", "subnets", "text", "seen", "hosts")
    assert_text(admin.submit(path, **dict.fromkeys(typed, MARKUP)))


@pytest.mark.parametrize("query", ["address", "tab", "groups__filter_groups__q"])
def test_what_stands_in_a_link_to_the_host_groups_is_text(admin, odd_cloud, query):
    assert_text(admin.get(f"{HOST_GROUPS}?{query}={quote(MARKUP, safe='')}"))


def test_a_group_that_is_markup_is_not_taken_for_changed(admin, compute, odd_cloud):
    """What a form carries of it comes back as it was."""
    path = f"{HOST_GROUPS}{odd_cloud.id}/update/"
    told = admin.submit(path, name="plain", hostname_prefix="plain", subnets="10.6.0.0/16")
    assert "Somebody has changed" not in text_of(told)
    compute.aggregates.update(odd_cloud.id, {"name": MARKUP})


# --- Names --------------------------------------------------------------------

NAMES = {
    "unicode": "ü€𝄞 \u202eabc",
    "percent": "100%41%2f%",
    "quotes": "\"'`",
    "question": "what?#&=+;",
    "longest": "é" * 128,
    "spaces": " a  b ",
    "backslash": "a\\b",
    "dots": "...",
    "newline": "a\nb",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_container_of_any_name_has_a_list(owner, store, name):
    store.container(name, allow_all=EVERYBODY)
    page = f"{WHITELIST}container/{quote(name, safe='')}/"
    links = owner.get(f"{WHITELIST}?containers__filter__q={quote(name)}").html.xpath("//td//a")
    assert name in [link.text for link in links]
    told = owner.submit(f"{page}add/", label="named", networks="192.0.2.1")
    assert 'The entry "named" is saved.' in text_of(told)
    assert store.items(name)["allow-named"] == "192.0.2.1"


@pytest.mark.parametrize("name", ["a%2Fb", "a%2F", "%2F", "%00", "%FF", "a" * 300])
def test_a_name_that_no_container_has_is_a_sentence(owner, store, name):
    page = owner.get(f"{WHITELIST}container/{name}/")
    assert page.status_code == 404
    assert not [word for word in CRASHES if word in page.text]


# --- Forwarding headers -------------------------------------------------------

# {} is the address that is claimed.
CLAIMS = (
    ["X-Forwarded-For: {}"],
    ["X-FORWARDED-FOR:{}"],
    ["X-Forwarded-For: {}", "X-Forwarded-For: {}"],
    ["X-Forwarded-For: {}, " + REVERSE_PROXY],
    ["X-Forwarded-For: {}, 127.0.0.1"],
    ["X-Forwarded-For: {}, junk"],
    ["X-Forwarded-For: " + ", ".join(["{}"] * 1000)],
    ["X-Forwarded-For: " + "," * 10_000 + "{}"],
    ["X_Forwarded_For: {}"],
    ["Forwarded: for={}"],
    ['Forwarded: for="{}:80";proto=https;by=' + REVERSE_PROXY],
    ["Forwarded: for={}", "X-Forwarded-For: {}"],
    ["X-Real-Ip: {}"],
    ["X-Cluster-Client-Ip: {}"],
    ["True-Client-Ip: {}", "Client-Ip: {}", "X-Client-Ip: {}"],
    ["Remote-Addr: {}", "Remote_Addr: {}"],
    ["X-Caf\xe9: 1", "X-Forwarded-For: {}"],
    ["Via: 1.1 {}", "X-Forwarded-Host: {}", "X-Forwarded-Proto: https"],
)
IDS = [" + ".join(lines)[:60] for lines in CLAIMS]


def ask(person, path, lines, before=b""):
    """The status and page that a GET with these very lines gets, from a person's browser."""
    parts = urlsplit(person.cloud.horizon_url)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies)
    head = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    request = "\r\n".join([*head, *lines, f"Cookie: {cookies}", "", ""])
    target = (parts.hostname, parts.port)
    with socket.create_connection(target, 60, source_address=(person.source, 0)) as connection:
        connection.sendall(before + request.encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), body


@pytest.fixture(scope="module")
def lab_store(cloud, logs):
    """A project that only the lab's network reaches."""
    made = Store.make(cloud, 7003)
    made.change(None, allow_lab="127.1.0.0/16")
    return made


@pytest.fixture(scope="module")
def insider(sign_in, lab_store):
    return sign_in(lab_store.user, LAB)


@pytest.fixture(scope="module")
def outsider(sign_in, lab_store):
    return sign_in(lab_store.user, OUTSIDER)


@pytest.mark.parametrize("lines", CLAIMS, ids=IDS)
def test_a_claim_lets_nobody_in(outsider, lines):
    status, page = ask(outsider, WHITELIST, [line.replace("{}", LAB) for line in lines])
    # Or the server has refused the header itself.
    assert (status == 403 and f"Your address {OUTSIDER} may not do this" in page) or (
        status in {400, 413, 431} and "IP Whitelist" not in page
    )
    assert LAB not in page


@pytest.mark.parametrize("lines", CLAIMS, ids=IDS)
def test_a_claim_shuts_nobody_out(insider, lines):
    status, page = ask(insider, WHITELIST, [line.replace("{}", OUTSIDER) for line in lines])
    assert (status, f">{LAB}</strong>" in page) == (200, True) or status in {400, 413, 431}
    assert OUTSIDER not in page


@pytest.mark.parametrize("lines", CLAIMS, ids=IDS)
def test_the_host_groups_show_the_true_address_as_ones_own(admin, compute, lines):
    status, page = ask(admin, HOST_GROUPS, [line.replace("{}", PARTNER) for line in lines])
    assert (status, f"address={LAB}" in page) == (200, True) or status in {400, 413, 431}
    assert PARTNER not in page


def test_bytes_of_the_proxy_protocol_are_no_request(outsider):
    line = f"PROXY TCP4 {LAB} {REVERSE_PROXY} 4711 80\r\n".encode()
    status, page = ask(outsider, WHITELIST, [], before=line)
    assert (status, LAB in page) == (400, False)


# --- Logs ---------------------------------------------------------------------

FERNET = re.compile(r"gAAAAA[\w=-]{20,}")
ADDRESSES = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in (LAB, PARTNER, OUTSIDER)))
# The refusal's line; a proxy on Horizon's machine, as which whoever forges here passes; Nova's
# own access log; what is for debugging.
ADDRESSES_MAY_STAND = re.compile(
    r"ip_whitelist.*refused|WARNING ipcontrol_dashboard\.carry\.proxies: "
    r"|INFO nova\.api\.openstack\.requestlog |\bDEBUG\b"
)


def test_no_log_holds_a_token_or_what_stands_for_a_session(logs, people, outsider, admin):
    secrets = {cookie.value for person in people for cookie in person.browser.cookies}
    secrets = {value for value in secrets if value and len(value) >= 16}
    assert secrets
    for name, line in logs():
        assert not FERNET.search(line), name
        assert not [secret for secret in secrets if secret in line], name


def test_an_address_stands_in_a_log_only_where_it_was_refused(logs, outsider):
    outsider.get(WHITELIST)
    lines = [(name, line) for name, line in logs() if ADDRESSES.search(line)]
    assert any("refused" in line for name, line in lines if name == "swift")
    assert not [entry for entry in lines if not ADDRESSES_MAY_STAND.search(entry[1])]


def test_no_page_of_these_tests_was_an_error_of_horizon(logs):
    for name, line in logs():
        assert name != "horizon" or "Internal Server Error" not in line
        assert name != "horizon" or "Traceback" not in line
