# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The panel Host Groups, as administrators use it, on a real Nova that obeys."""

import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from devcloud import seed_nova
from devcloud.addresses import LAB, OUTSIDER, PARTNER
from devcloud.compute_clients import delete_servers, host_of, nova
from ipcontrol.addresses import parse_network
from ipcontrol.host_groups.metadata import HostGroup, is_host_group, to_metadata
from tests.browser.browser import MODAL
from tests.servers import wait_for

PANEL = "/admin/host_groups/"
# [ipcontrol] refresh_interval of the embedded cloud, and a little more.
UNTIL_IN_FORCE = 1.5
TRY = "#id_address"


@pytest.fixture(scope="module")
def administrator(cloud):
    """A novaclient of the administrator; flavors and an image are there."""
    client = nova(cloud, "admin")
    seed_nova.add_flavors(client)
    seed_nova.add_image(cloud)
    return client


@pytest.fixture
def groups(administrator):
    """No host group before and after; name, prefix, subnets and default make one."""

    def make(name, prefix, *subnets, default=False):
        group = HostGroup(name, prefix, tuple(map(parse_network, subnets)), default)
        aggregate = administrator.aggregates.create(name, None)
        administrator.aggregates.set_metadata(aggregate, to_metadata(group))
        return aggregate.id

    clear(administrator)
    yield make
    clear(administrator)


def clear(administrator):
    for aggregate in administrator.aggregates.list():
        if is_host_group(aggregate.metadata) or not aggregate.hosts:
            for host in aggregate.hosts:
                administrator.aggregates.remove_host(aggregate, host)
            administrator.aggregates.delete(aggregate)


@pytest.fixture
def admin(browser, groups):
    """The administrator, signed in."""
    browser.sign_in("admin")
    return browser


def metadata(administrator, name):
    return next(a.metadata for a in administrator.aggregates.list() if a.name == name)


def picture(browser, css=""):
    """What the boxes of the picture say, those with a class alone."""
    return [
        " ".join(box.text.split())
        for box in browser.all(f".ipcontrol-picture .ipcontrol-box{css}")
    ]


def row_action(browser, key, action):
    """Open what a row offers, from the menu where it stands there."""
    element = browser.driver.find_element(By.ID, f"groups__row_{key}__action_{action}")
    if not element.is_displayed():
        browser.click(f"#groups__row__{key} .dropdown-toggle")
    return browser.open_modal(f"#groups__row_{key}__action_{action}")


def key(browser, name):
    """The id of the row that bears a name."""
    for row in browser.all("#groups tbody tr"):
        if row.get_attribute("data-display") == name:
            return row.get_attribute("data-object-id")
    raise AssertionError(f"there is no row {name}")


# --- The administrator's path ---------------------------------------------------


def test_from_no_group_to_three_that_a_picture_shows(admin, administrator):
    admin.open(PANEL)
    assert "There is no host group yet" in admin.text("#content_body")

    admin.open_modal("#groups__action_create")
    admin.fill("#id_name", "doc")
    admin.fill("#id_hostname_prefix", "doc*")
    admin.fill("#id_subnets", "127.1.0.0/16\n127.3.4.5/16")
    admin.send_modal()
    said = admin.wait_for_text("Line 2", MODAL)
    assert "Line 2: 127.3.4.5/16 has host bits set: 127.3.0.0/16?" in said
    assert '"doc*" is not a hostname prefix: doc?' in said
    assert admin.find("#id_subnets").get_attribute("value") == "127.1.0.0/16\n127.3.4.5/16"
    admin.fill("#id_hostname_prefix", "doc")
    admin.fill("#id_subnets", "127.1.0.0/16\n127.3.0.0/16")
    admin.send_modal()
    admin.wait_for_text("Created host group doc.")

    admin.open_modal("#groups__action_create")
    admin.fill("#id_name", "ops")
    admin.fill("#id_hostname_prefix", "ops")
    admin.fill("#id_subnets", "127.1.9.0/24")
    admin.send_modal()
    admin.wait_for_text("Created host group ops.")

    admin.open_modal("#groups__action_create")
    admin.fill("#id_name", "dev")
    admin.fill("#id_hostname_prefix", "dev")
    admin.tick("default")
    admin.send_modal()
    admin.wait_for_text("Created host group dev.")

    assert "127.1.9.0/24 is taken out of doc's 127.1.0.0/16." in admin.row(
        "groups", key(admin, "ops")
    )
    assert "2 of 2 up" in admin.row("groups", key(admin, "doc"))
    boxes = picture(admin)
    assert "127.1.9.0/24 inside doc" in boxes
    assert any(box.startswith("dev default 2 of 2 up") for box in boxes)
    assert any(box.startswith("doc1 up") for box in boxes)
    assert metadata(administrator, "dev")["ipcontrol:default"] == "true"


def test_an_address_to_try_is_answered_and_marked(admin, groups):
    groups("doc", "doc", "127.1.0.0/16")
    groups("ops", "ops", "127.1.9.0/24")
    admin.open(PANEL)
    admin.fill(TRY, "127.1.9.7")
    admin.click(".ipcontrol-try button")
    answer = admin.wait_for_text("matches", "#ipcontrol-answer")
    assert answer == (
        "127.1.9.7 matches 127.1.9.0/24 (inside doc's 127.1.0.0/16), so its instances start in "
        "ops. Candidates now: ops1 and ops2."
    )
    marked = picture(admin, ".ipcontrol-match")
    assert [box.split()[0] for box in marked] == ["127.1.9.0/24", "ops", "ops1", "ops2"]

    admin.fill(TRY, "127.1.9.0/24")
    admin.click(".ipcontrol-try button")
    admin.wait_for_text("is a network, not one address", "#ipcontrol-answer")
    assert admin.find(TRY).get_attribute("value") == "127.1.9.0/24"


def test_the_persons_own_address_is_one_click_away(admin, groups):
    groups("doc", "doc", "127.1.0.0/16")
    admin.open(PANEL)
    admin.click(".ipcontrol-own a")
    assert f"{LAB} matches 127.1.0.0/16" in admin.wait_for_text("matches", "#ipcontrol-answer")


def test_a_second_administrator_is_told_what_the_first_changed(admin, groups, administrator):
    number = groups("doc", "doc", "127.1.0.0/16")
    admin.open(PANEL)
    row_action(admin, number, "update")
    admin.fill("#id_subnets", "127.1.0.0/16\n127.5.0.0/16")
    administrator.aggregates.set_metadata(number, {"ipcontrol:subnets": "127.4.0.0/16"})
    admin.send_modal()

    said = admin.wait_for_text("Somebody has changed", MODAL)
    assert "Added: 127.4.0.0/16." in said
    assert "Removed: 127.1.0.0/16." in said
    assert "127.5.0.0/16" in admin.find("#id_subnets").get_attribute("value")
    assert metadata(administrator, "doc")["ipcontrol:subnets"] == "127.4.0.0/16"

    admin.send_modal()
    admin.wait_for_text("Saved host group doc.")
    assert metadata(administrator, "doc")["ipcontrol:subnets"] == "127.1.0.0/16, 127.5.0.0/16"


def test_the_default_moves_and_a_deletion_says_what_becomes_of_whom(admin, groups, administrator):
    doc = groups("doc", "doc", "127.1.0.0/16")
    groups("dev", "dev", default=True)
    admin.open(PANEL)

    assert "Until now they started in dev." in row_action(admin, doc, "make_default")
    admin.send_modal()
    admin.wait_for_text("doc is the default group now.")
    assert "ipcontrol:default" not in metadata(administrator, "dev")

    told = row_action(admin, doc, "delete")
    assert "Instances started from 127.1.0.0/16 will start on any host" in told
    assert "Instances started from all other addresses will start on any host" in told
    assert "Then in no group: doc1 and doc2." in told
    admin.send_modal()
    admin.wait_for_text("Deleted host group doc.")
    assert [a.name for a in administrator.aggregates.list()] == ["dev"]


def test_an_aggregate_whose_creation_stopped_half_way_can_be_finished(admin, administrator):
    number = administrator.aggregates.create("half", None).id
    admin.open(PANEL)
    assert "Finish it, or delete it." in admin.row("groups", str(number))

    row_action(admin, number, "finish")
    admin.fill("#id_hostname_prefix", "ops")
    admin.fill("#id_subnets", "127.6.0.0/16")
    admin.send_modal()
    admin.wait_for_text("Saved host group half.")
    assert metadata(administrator, "half")["ipcontrol:hostname_prefix"] == "ops"


def test_what_other_hands_wrote_is_complained_about_and_runs_no_script(
    admin, groups, administrator
):
    number = groups("<img src=x onerror=alert(1)>", "doc", "127.1.0.0/16")
    administrator.aggregates.set_metadata(number, {"ipcontrol:subnets": "127.1.2.3/16, <b>"})
    admin.open(PANEL)
    row = admin.row("groups", str(number))
    assert "<img src=x onerror=alert(1)>" in row
    assert "127.1.2.3/16 has host bits set: 127.1.0.0/16?" in row
    assert admin.all("#content_body img") == []


def test_a_host_that_is_down_is_marked(admin, groups, administrator):
    groups("ops", "ops", "127.1.9.0/24")
    service = administrator.services.list(host="ops2", binary="nova-compute")[0]
    administrator.services.force_down(service.id, True)
    try:
        admin.open(PANEL + "?address=127.1.9.7")
        assert "1 of 2 up" in admin.row("groups", key(admin, "ops"))
        assert "Candidates now: ops1; ops2 is down." in admin.text("#ipcontrol-answer")
        assert any(box.startswith("ops2 down") for box in picture(admin, ".ipcontrol-down"))
    finally:
        administrator.services.force_down(service.id, False)


def test_a_map_goes_out_as_a_file_and_comes_back_after_a_preview(admin, groups, administrator):
    number = groups("doc", "doc", "127.1.0.0/16")
    admin.open(PANEL)
    content = admin.driver.execute_async_script(
        "const [url, tell] = arguments; fetch(url).then(r => r.text()).then(tell, tell)",
        admin.find("#groups__action_export").get_attribute("href"),
    )
    administrator.aggregates.set_metadata(number, {"ipcontrol:subnets": "127.8.0.0/16"})

    admin.click("#groups__action_import")
    admin.fill("#id_text", content)
    admin.follow("#ipcontrol_form input[type=submit]")
    told = admin.wait_for_text("What would change:")
    assert "doc Added: 127.1.0.0/16. Removed: 127.8.0.0/16." in told
    assert metadata(administrator, "doc")["ipcontrol:subnets"] == "127.8.0.0/16"

    admin.click("#ipcontrol_form input[type=submit]")
    admin.wait_for_text("Imported: 1 group was written.")
    assert metadata(administrator, "doc")["ipcontrol:subnets"] == "127.1.0.0/16"


def test_a_member_is_shown_no_panel(browser, groups):
    browser.sign_in("alice")
    browser.open(PANEL)
    assert "Host Groups" not in browser.driver.title
    assert browser.all(".ipcontrol-try") == []


# --- Instances ------------------------------------------------------------------


@pytest.fixture
def servers(administrator):
    """Deletes all instances of the test, and waits until they are gone."""
    yield
    delete_servers(administrator, administrator.servers.list(search_opts={"all_tenants": True}))


LAUNCH_IS_READY = """
    return angular.element(document.body).injector().get('launchInstanceModel').initialized
"""


def launch(browser, name):
    """Start an instance as a person does: Project, Compute, Instances, Launch Instance."""
    browser.open("/project/instances/")
    browser.click("#instances__action_launch-ng")
    browser.fill("input[ng-model='model.newInstanceSpec.name']", name)
    # A flavor that is chosen before the quotas are there is believed to exceed them.
    browser.wait(lambda driver: driver.execute_script(LAUNCH_IS_READY))
    for step, item in (("Source", seed_nova.IMAGE), ("Flavor", seed_nova.SMALLEST)):
        browser.click_at(
            By.XPATH,
            f"//wizard//a[normalize-space()='{step}']|//wizard//li//*[normalize-space()='{step}']",
        )
        if step == "Source":
            kind = browser.find("select[ng-model='model.newInstanceSpec.source_type']")
            Select(kind).select_by_visible_text("Image")
        allocate(browser, item)
    browser.click("button.finish, .modal-footer .btn-primary.finish")
    browser.wait_for_text(name, "#instances")


def allocate(browser, item):
    browser.click_at(
        By.XPATH, f"//wizard//tr[.//td[normalize-space()='{item}']]//button[not(@disabled)]"
    )


def test_instances_booted_through_horizon_land_by_the_persons_own_address(
    browser, groups, administrator, servers
):
    groups("doc", "doc", "127.1.0.0/16")
    groups("ops", "ops", "127.2.0.0/16")
    groups("dev", "dev", default=True)
    time.sleep(UNTIL_IN_FORCE)
    landed = {}
    for address, name in ((LAB, "from-lab"), (PARTNER, "from-partner"), (OUTSIDER, "from-else")):
        browser.come_from(address)
        browser.sign_in("alice")
        launch(browser, name)
        found = administrator.servers.list(search_opts={"all_tenants": True, "name": name})
        landed[address] = host_of(wait_for(administrator, found[0], "ACTIVE"))[:3]
        browser.sign_out()
    assert landed == {LAB: "doc", PARTNER: "ops", OUTSIDER: "dev"}


def test_the_hosts_tab_tells_instances_that_are_out_of_place(
    admin, groups, administrator, servers
):
    groups("doc", "doc", "127.1.0.0/16")
    image = administrator.glance.find_image(seed_nova.IMAGE)
    flavor = administrator.flavors.find(name=seed_nova.SMALLEST)
    for host in ("doc1", "dev1"):
        server = administrator.servers.create(
            f"on-{host}", image, flavor, nics="none", availability_zone=f"nova:{host}"
        )
        wait_for(administrator, server, "ACTIVE")
    admin.open(PANEL)
    admin.click_at(By.LINK_TEXT, "Hosts")
    admin.wait_for_text("on-dev1", "#hosts")
    assert "on-dev1 on a host of no group" in admin.row("hosts", "dev1")
    assert "on-doc1" not in admin.row("hosts", "doc1")
    admin.open(f"{PANEL}?tab=host_groups__hosts")
    assert "Nova does not keep the address" in admin.text("#content_body")
    admin.fill("#ipcontrol-hosts-text", "doc")
    admin.follow(".ipcontrol-hosts button")
    assert admin.keys("hosts") == ["doc1", "doc2"]
    admin.follow_link("In no group 4")
    assert "No items to display." in admin.text("#hosts")
    admin.follow_link("Show all of them")
    assert admin.keys("hosts") == ["dev1", "dev2", "ops1", "ops2"]
