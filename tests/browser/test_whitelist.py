# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""The panel IP Whitelist, as a person uses it, on a real Swift that obeys."""

import pytest
from selenium.webdriver.common.keys import Keys

from devcloud.addresses import LAB, OUTSIDER, PARTNER
from tests.browser.browser import MODAL

ODD_NAME = "<img src=x onerror=alert(1)> & \"q\" 'a' 50%? #1 ü {{7*7}}"
LAB_NETWORK, PARTNER_NETWORK = "127.1.0.0/16", "127.2.0.0/16"


@pytest.fixture
def owner(browser, store):
    """The owner of a project that is open to the lab, signed in there."""
    store.change(None, allow_lab=LAB_NETWORK)
    browser.sign_in(store.user)
    return browser


def entry(label: str, *, action: str) -> str:
    return f'[id="entries__row_allow-{label}__action_{action}"]'


# --- The containers -----------------------------------------------------------


def test_the_index_tells_who_reaches_what(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=f"{PARTNER_NETWORK}; read-only")
    store.container("mistake", allow_lab=LAB_NETWORK, allow_office="10.1.2.3/16")
    store.container("plain")
    store.container("vault", allow="192.0.2.1")
    owner.whitelist()
    assert f"You are {LAB}. Swift enforces these lists." in owner.text("#content_body")
    who = f"Only {LAB_NETWORK} {PARTNER_NETWORK} may read, only {LAB_NETWORK} may write"
    assert f"{who} 2 admitted" in owner.row("containers", "docs")
    assert "1 item needs attention" in owner.row("containers", "mistake")
    assert f"Only {LAB_NETWORK} (account defaults) 0" in owner.row("containers", "plain")
    refused = owner.row("containers", "vault")
    assert f"Your address {LAB} is not on the list" in refused
    assert "refused" in refused


def test_an_empty_account_has_an_empty_index(owner):
    owner.whitelist()
    assert "No items to display." in owner.text("#containers")


def test_who_is_on_no_list_of_the_account_gets_a_page_that_says_so(owner):
    owner.come_from(OUTSIDER)
    owner.whitelist()
    assert f"Your address {OUTSIDER} may not do this" in owner.text("#content_body")


def test_the_index_has_pages_and_a_filter(owner, store):
    for number in range(23):
        store.container(f"c{number:02}")
    owner.whitelist()
    assert len(owner.keys("containers")) == 20
    owner.follow_link("Next »")
    assert owner.keys("containers") == ["c20", "c21", "c22"]
    owner.follow_link("« Prev")
    assert owner.keys("containers")[0] == "c00"
    owner.fill('[name="containers__filter__q"]', "c1")
    owner.click("#containers__action_filter")
    owner.wait(lambda _: len(owner.keys("containers")) == 10)


def test_the_index_tells_what_another_address_may_do(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=f"{PARTNER_NETWORK}; read-only")
    owner.whitelist()
    owner.fill("#id_address", PARTNER)
    owner.click("#try button")
    owner.wait_for_text("Back to your own address")
    assert "read only" in owner.row("containers", "docs")


def test_a_container_of_any_name_is_reached_and_is_text(owner, store):
    store.container(ODD_NAME, allow_lab=LAB_NETWORK)
    owner.whitelist()
    owner.follow_link(ODD_NAME)
    assert owner.text("h1") == ODD_NAME
    owner.open_modal("#entries__action_add")
    owner.fill(f"{MODAL} #id_label", "partner")
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    owner.send_modal()
    owner.wait_for_text("partner", "#entries")
    assert store.items(ODD_NAME)["allow-partner"] == PARTNER_NETWORK


def test_a_label_that_is_markup_is_text_everywhere(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, **{"allow_<b>x{{7*7}}": "10.0.0.0/8"})
    owner.whitelist("container/docs/")
    assert "<b>x{{7*7}}" in owner.text("#entries")
    owner.tick("object_ids", "allow-<b>x{{7*7}}")
    owner.click("#entries__action_remove_selected")
    assert "<b>x{{7*7}}" in owner.text(".ipw-removed")


# --- Entries ------------------------------------------------------------------


def test_an_entry_is_added_and_swift_obeys(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    assert store.status(PARTNER, "docs") == 403
    owner.whitelist("container/docs/")
    owner.open_modal("#entries__action_add")
    owner.fill(f"{MODAL} #id_label", "Partner")
    owner.fill(f"{MODAL} #id_networks", f"{PARTNER_NETWORK}, 2001:db8::/32")
    owner.tick("rights", "read")
    owner.set(f"{MODAL} #id_until", "2999-12-01T18:00")
    owner.send_modal()
    owner.wait_for_text('The entry "partner" is saved.', ".messages")
    row = owner.row("entries", "allow-partner")
    assert f"partner {PARTNER_NETWORK} 2001:db8::/32 Not used since" in row
    assert "when the records begin. read 2999-12-01 18:00 UTC" in row
    assert store.status(PARTNER, "docs") == 200
    assert store.status(PARTNER, "docs", "PUT") == 403


def test_what_is_wrong_is_told_in_the_modal_and_nothing_typed_is_lost(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.whitelist("container/docs/")
    owner.open_modal("#entries__action_add")
    owner.fill(f"{MODAL} #id_label", "my_office")
    owner.fill(f"{MODAL} #id_networks", "10.1.2.3/16, oops")
    owner.send_modal()
    told = owner.wait_for_text("such as my-office", MODAL)
    assert "10.1.0.0/16?" in told
    assert "oops" in told
    assert owner.find(f"{MODAL} #id_networks").get_attribute("value") == "10.1.2.3/16, oops"
    assert owner.find(f"{MODAL} #id_label").get_attribute("value") == "my_office"


def test_an_entry_is_edited_and_renamed(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner="192.0.2.1", color="blue")
    owner.whitelist("container/docs/")
    owner.open_modal(entry("partner", action="edit"))
    owner.fill(f"{MODAL} #id_label", "friends")
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    owner.send_modal()
    owner.wait_for_text("friends", "#entries")
    assert store.items("docs") == {
        "allow-lab": LAB_NETWORK,
        "allow-friends": PARTNER_NETWORK,
        "color": "blue",
    }


def test_a_mistake_is_shown_and_mended(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_office="10.1.2.3/16")
    owner.whitelist("container/docs/")
    assert "has host bits set: 10.1.0.0/16? It admits nobody." in owner.row(
        "entries", "allow-office"
    )
    owner.open_modal(entry("office", action="edit"))
    owner.fill(f"{MODAL} #id_networks", "10.1.0.0/16")
    owner.send_modal()
    owner.wait_for_text('The entry "office" is saved.', ".messages")
    assert store.items("docs")["allow-office"] == "10.1.0.0/16"


def test_one_entry_is_removed(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=PARTNER_NETWORK)
    owner.whitelist("container/docs/")
    told = owner.open_modal(entry("partner", action="remove"))
    assert f"Who reaches it afterwards: Only {LAB_NETWORK}" in told
    owner.send_modal()
    owner.wait_for_text("Removed the entry partner.", ".messages")
    assert store.items("docs") == {"allow-lab": LAB_NETWORK}


def test_many_entries_are_removed_at_once(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_a="192.0.2.1", allow_b="192.0.2.2")
    owner.whitelist("container/docs/")
    owner.tick("object_ids", "allow-a")
    owner.tick("object_ids", "allow-b")
    owner.click("#entries__action_remove_selected")
    assert "192.0.2.2" in owner.text(".ipw-removed")
    owner.click("#ipcontrol_form input[type=submit]")
    owner.wait_for_text("Removed the entries a, b.", ".messages")
    assert store.items("docs") == {"allow-lab": LAB_NETWORK}


def test_ones_own_address_is_added_by_one_click(owner, store):
    store.container("docs", allow_lab="127.1.0.0/24")
    owner.whitelist("container/docs/")
    owner.open_modal("#entries__action_add_mine")
    owner.send_modal()
    owner.wait_for_text(store.user, "#entries")
    assert store.items("docs")[f"allow-{store.user}"] == LAB


def test_the_accounts_defaults_have_the_same_page(owner, store):
    store.container("plain")
    assert store.status(PARTNER, "plain") == 403
    owner.whitelist()
    owner.click("#containers__action_account")
    owner.open_modal("#entries__action_add")
    owner.fill(f"{MODAL} #id_label", "partner")
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    owner.send_modal()
    owner.wait_for_text("partner", "#entries")
    assert store.status(PARTNER, "plain") == 200


def test_entries_are_copied_to_other_containers(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=PARTNER_NETWORK)
    store.container("one")
    store.container("two", allow_lab="127.1.0.0/24", color="blue")
    owner.whitelist("container/docs/")
    owner.open_modal("#entries__action_copy")
    owner.tick("containers", "one")
    owner.tick("containers", "two")
    owner.send_modal()
    owner.wait_for_text("Copied to the containers one, two.", ".messages")
    both = {"allow-lab": LAB_NETWORK, "allow-partner": PARTNER_NETWORK}
    assert store.items("one") == both
    assert store.items("two") == both | {"allow-lab": "127.1.0.0/24", "color": "blue"}


def test_an_address_is_tested_by_the_rules_that_are_enforced(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=f"{PARTNER_NETWORK}; read-only")
    owner.whitelist("container/docs/")
    owner.fill("#id_address", PARTNER)
    owner.set("#id_method", "PUT")
    owner.click("#try button")
    told = owner.wait_for_text("Refused, by the lists.", "#try")
    assert f"{PARTNER} is in partner ({PARTNER_NETWORK}), which may only read." in told
    assert store.status(PARTNER, "docs", "PUT") == 403
    owner.set("#id_method", "GET")
    owner.click("#try button")
    owner.wait_for_text("Admitted.", "#try")
    assert store.status(PARTNER, "docs") == 200


def test_everything_goes_without_scripts(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.switch_scripts_off()
    owner.whitelist("container/docs/")
    owner.unhide()
    owner.follow("#entries__action_add")
    owner.unhide()
    owner.fill("#id_label", "partner")
    owner.fill("#id_networks", PARTNER_NETWORK)
    owner.tick("rights", "read")
    owner.follow("#ipcontrol_form input[type=submit]")
    owner.unhide()
    row = owner.row("entries", "allow-partner")
    assert row.startswith(f"partner {PARTNER_NETWORK}")
    assert "when the records begin. read " in row
    owner.tick("object_ids", "allow-partner")
    owner.follow("#entries__action_remove_selected")
    owner.unhide()
    owner.follow("#ipcontrol_form input[type=submit]")
    owner.unhide()
    assert owner.keys("entries") == ["allow-lab"]


# --- Against accidents --------------------------------------------------------


def test_who_would_be_shut_out_is_asked_for_a_tick(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.whitelist("container/docs/")
    owner.open_modal(entry("lab", action="edit"))
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    owner.send_modal()
    owner.wait_for_text("This would shut you out", MODAL)
    assert store.items("docs") == {"allow-lab": LAB_NETWORK}
    owner.tick("confirm_lockout")
    owner.send_modal()
    owner.wait_for_text(f"Your address {LAB} is not on the list", "#content_body")
    assert store.items("docs") == {"allow-lab": PARTNER_NETWORK}


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner="192.0.2.1")
    owner.whitelist("container/docs/")
    owner.open_modal(entry("partner", action="edit"))
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    store.change("docs", allow_partner="192.0.2.2")
    owner.send_modal()
    owner.wait_for_text("partner was changed from 192.0.2.1 to 192.0.2.2", MODAL)
    assert store.items("docs")["allow-partner"] == "192.0.2.2"
    assert owner.find(f"{MODAL} #id_networks").get_attribute("value") == PARTNER_NETWORK
    owner.send_modal()
    owner.wait_for_text('The entry "partner" is saved.', ".messages")
    assert store.items("docs")["allow-partner"] == PARTNER_NETWORK


def test_a_container_that_vanished_is_a_sentence(owner, store):
    owner.whitelist("container/nothing/")
    assert "There is no container nothing (any more)." in owner.text("#content_body")


def test_a_refused_container_is_a_sentence(owner, store):
    store.container("vault", allow_partner=PARTNER_NETWORK)
    owner.whitelist("container/vault/")
    assert f"Your address {LAB} is not on the list" in owner.text("#content_body")
    owner.come_from(PARTNER)
    owner.whitelist("container/vault/")
    assert f"You are {PARTNER}: admitted by partner" in owner.text("#content_body")


# --- Horizon's own pages ------------------------------------------------------


def test_a_refused_download_is_a_sentence(owner, store):
    store.container("docs", ("report.txt",), allow_partner=PARTNER_NETWORK)
    download = "/api/swift/containers/docs/object/report.txt"
    owner.open(download)
    assert f"Your address {LAB} is not on the list" in owner.text()
    assert "Server error" not in owner.text()


PANE, TOAST = ".objects_wrapper .no-rows-help", "toast .alert"


def choose(owner, container):
    """Click a container in Horizon's own panel."""
    titles = {each.text: each for each in owner.all(".hz-container-title")}
    # Not by the mouse, for the tooltip of one title lies above the next.
    owner.driver.execute_script("arguments[0].click()", titles[container])


def test_a_refused_listing_is_a_sentence_in_the_stock_panel(owner, store):
    store.container("docs", ("report.txt",), allow_partner=PARTNER_NETWORK)
    owner.open("/project/containers/container/docs")
    owner.wait_for_text(f"Your address {LAB} is not on the list")
    owner.come_from(PARTNER)
    store.change(None, allow_partner=PARTNER_NETWORK)
    owner.open("/project/containers/container/docs")
    owner.wait_for_text("report.txt")


def test_in_the_stock_panel_one_sentence_stands_in_the_pane_and_nothing_pops_up(owner, store):
    store.container("locked", ("secret.txt",), allow_partner=PARTNER_NETWORK)
    store.container("open", ("report.txt",))
    store.container("vacant")
    sentence = f"Your address {LAB} is not on the list of addresses that may reach this container."
    owner.open("/project/containers/container/locked")
    assert owner.wait_for_text(sentence, PANE) == sentence
    choose(owner, "open")
    owner.wait_for_text("report.txt", ".objects_wrapper")
    assert sentence not in owner.text()
    choose(owner, "locked")
    assert owner.wait_for_text(sentence, PANE) == sentence
    assert not [bar for bar in owner.all(".container-pending-bar") if bar.is_displayed()]
    assert "secret.txt" not in owner.text()
    choose(owner, "vacant")
    owner.wait_for_text("No items to display.", PANE)
    assert owner.all(TOAST) == []


# --- Names of networks ----------------------------------------------------------


def test_an_entry_refers_to_networks_by_their_name_and_swift_obeys(owner, store):
    store.change(None, network_office=f"{PARTNER_NETWORK}, 192.0.2.0/24")
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.whitelist("container/docs/")
    told = owner.open_modal("#entries__action_add")
    assert "Names of networks can stand among them:" in told
    assert "@office" in told
    owner.fill(f"{MODAL} #id_label", "staff")
    owner.fill(f"{MODAL} #id_networks", "@office")
    owner.tick("rights", "read")
    owner.send_modal()
    owner.wait_for_text('The entry "staff" is saved.', ".messages")
    assert store.items("docs")["allow-staff"] == "@office; read-only"
    assert store.status(PARTNER, "docs") == 200
    assert owner.text(".ipw-name") == "@office"
    # By keyboard, as by the mouse, it says what it stands for.
    owner.driver.execute_script("document.querySelector('.ipw-name').focus()")
    owner.wait_for_text(f"{PARTNER_NETWORK}, 192.0.2.0/24", ".ipw-name")
    store.change(None, network_office="192.0.2.0/24")
    assert store.status(PARTNER, "docs") == 403


# --- What a change does, before it is saved -----------------------------------


def test_what_a_form_changes_is_told_while_it_is_filled_in(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK, allow_partner=PARTNER_NETWORK)
    owner.whitelist("container/docs/")
    owner.open_modal(entry("partner", action="edit"))
    told = f"{MODAL} .ipw-forecast"
    owner.wait_for_text("Nobody gains or loses by this", told)
    owner.set(f"{MODAL} #id_until", "2999-12-01T18:00")
    owner.tick("rights", "read")
    owner.wait_for_text(f"Lose writing: {PARTNER_NETWORK} (partner), now", told)
    assert "from 2999-12-01 18:00 UTC" in owner.text(told)
    assert f"You ({LAB}): nothing changes." in owner.text(told)
    owner.fill(f"{MODAL} #id_networks", "10.1.2.3/16")
    owner.wait_for_text("10.1.0.0/16", told)
    assert store.items("docs")["allow-partner"] == PARTNER_NETWORK


def test_without_scripts_a_button_tells_what_a_form_changes_and_saves_nothing(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.switch_scripts_off()
    owner.whitelist("container/docs/add/")
    owner.unhide()
    owner.fill("#id_label", "partner")
    owner.fill("#id_networks", PARTNER_NETWORK)
    owner.follow('[name="forecast"]')
    owner.unhide()
    told = owner.text(".ipw-forecast")
    assert f"Gain reading and writing: {PARTNER_NETWORK} (partner), now" in " ".join(told.split())
    assert store.items("docs") == {"allow-lab": LAB_NETWORK}
    owner.follow("#ipcontrol_form input[type=submit]")
    assert store.items("docs")["allow-partner"] == PARTNER_NETWORK


# --- Names of networks --------------------------------------------------------


def test_a_name_is_defined_changed_with_its_consequences_told_and_deleted(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.whitelist("networks/")
    owner.open_modal("#names__action_define")
    owner.fill(f"{MODAL} #id_name", "@office")
    owner.fill(f"{MODAL} #id_networks", PARTNER_NETWORK)
    owner.send_modal()
    owner.wait_for_text("The name @office is saved.", ".messages")
    store.change("docs", allow_partner="@office")
    assert store.status(PARTNER, "docs") == 200
    owner.whitelist("networks/")
    owner.wait_for_text("@office docs", "[data-ipw-dependents]")
    owner.open_modal('[id="names__row_office__action_edit"]')
    owner.fill(f"{MODAL} #id_networks", "10.0.0.0/8")
    told = f"{MODAL} .ipw-forecast"
    owner.wait_for_text(f"Lose reading and writing: {PARTNER_NETWORK} (partner), now", told)
    owner.send_modal()
    owner.wait_for_text("10.0.0.0/8", "#names")
    assert store.status(PARTNER, "docs") == 403
    owner.open_modal('[id="names__row_office__action_delete"]')
    assert "Lose reading and writing: 10.0.0.0/8" in owner.text(told)
    owner.send_modal()
    owner.wait_for_text("@office is not defined", "[data-ipw-dependents]")
    assert "network-office" not in store.items(None)


def test_where_a_name_is_used_is_found_beyond_the_first_page(owner, store):
    store.change(None, network_office=LAB_NETWORK)
    for number in range(101):
        store.container(f"c{number:03}", allow_partner="@office" if number % 50 == 0 else "")
    owner.whitelist("networks/")
    owner.wait_for_text("101 containers were looked at: all there are.")
    assert "@office c000 c050 c100" in owner.text("[data-ipw-dependents]")
    owner.open_modal('[id="names__row_office__action_delete"]')
    owner.wait_for_text("c000, c050, c100", f"{MODAL} .ipw-forecast")


def test_names_are_offered_while_somebody_types_and_taken_by_keyboard(owner, store):
    store.change(None, network_office=PARTNER_NETWORK, network_oslo="10.0.0.0/8")
    store.container("docs", allow_lab=LAB_NETWORK)
    owner.whitelist("container/docs/")
    owner.open_modal("#entries__action_add")
    owner.fill(f"{MODAL} #id_label", "partner")
    owner.fill(f"{MODAL} #id_networks", "192.0.2.1, @o")
    assert owner.text(".ipw-offered").split() == ["@office", "@oslo"]
    networks = owner.find(f"{MODAL} #id_networks")
    networks.send_keys(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER)
    assert networks.get_attribute("value") == "192.0.2.1, @office"
    owner.wait_for_text(PARTNER_NETWORK, f"{MODAL} .ipw-forecast")
    networks.send_keys(" @os", Keys.ESCAPE)
    assert owner.all(".ipw-offered") == []
    networks.send_keys(Keys.BACKSPACE, Keys.ARROW_DOWN, Keys.TAB)
    assert networks.get_attribute("value") == "192.0.2.1, @office @oslo"
    owner.send_modal()
    owner.wait_for_text("@oslo", "#entries")
    assert store.items("docs")["allow-partner"] == "@office, @oslo, 192.0.2.1"


def test_who_was_refused_is_first_among_the_callers_and_added_in_two_clicks(owner, store):
    store.container("docs", allow_lab=LAB_NETWORK)
    for _ in range(2):
        assert store.status(PARTNER, "docs") == 403
    assert store.status(LAB, "docs") == 200
    owner.whitelist("container/docs/")
    rows = [" ".join(row.text.split()) for row in owner.all("#recent tbody tr")]
    assert [row.split()[0] for row in rows] == [PARTNER, LAB]
    assert "2 refused (not on the list)" in rows[0]
    assert "by lab" in rows[1]
    owner.open_modal("#recent tbody tr a.ajax-modal")
    assert owner.find(f"{MODAL} #id_networks").get_attribute("value") == PARTNER
    owner.fill(f"{MODAL} #id_label", "partner")
    owner.send_modal()
    owner.wait_for_text('The entry "partner" is saved.', ".messages")
    assert store.status(PARTNER, "docs") == 200
    owner.whitelist("container/docs/")
    told = owner.text("#recent")
    assert "2 refused (not on the list)" in told
    assert "by partner" in told
    assert "Used by 1 request" in owner.row("entries", "allow-partner")
