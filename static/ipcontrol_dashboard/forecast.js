/* SPDX-FileCopyrightText: The ipcontrol authors
 * SPDX-License-Identifier: Apache-2.0
 */
(function () {
  'use strict';

  // Milliseconds without a key, after which somebody has stopped typing.
  var PAUSE = 400;
  var REGION = '[data-ipw-forecast]';
  // Pages of a hundred containers that are fetched without that somebody asks for them, and
  // containers that a form carries: the server looks at no more.
  var MOST_PAGES = 20;
  var MOST_CARRIED = 100;

  /**
   * Shows what a form changes while it is filled in.
   *
   * The form itself is sent, to where it would be sent to be saved, with one field more that
   * has the server answer what it would do. Without this script a button asks for the same.
   */
  document.addEventListener('input', changed);
  document.addEventListener('change', changed);
  horizon.addInitFunction(function () { start(document); });
  horizon.modals.addModalInitFunction(start);

  /** Tell at once of what a form is filled in with, and find out which containers it is about. */
  function start(container) {
    $(container).find('[data-ipw-dependents][data-next]').each(function () { lookFurther(this, MOST_PAGES); });
    $(container).find(REGION).each(function () {
      var form = this.closest('form');
      $(form).find('[data-ipw-forecast-button]').remove();
      if ($(form).find('[name="networks"]').val() || $(form).find('[name="addresses"]:checked').length) {
        ask(form, this);
      }
    });
  }

  function changed(event) {
    if (event.target.form) {
      schedule(event.target.form);
    }
  }

  function schedule(form) {
    var region = form.querySelector(REGION);
    if (!region) {
      return;
    }
    clearTimeout(region.pause);
    region.pause = setTimeout(function () { ask(form, region); }, PAUSE);
  }

  function ask(form, region) {
    // Of two questions the older one has nobody who waits for it.
    if (region.asking) {
      region.asking.abort();
    }
    region.asking = new AbortController();
    region.setAttribute('aria-busy', 'true');
    var fields = new URLSearchParams(new FormData(form));
    fields.set('forecast', 'script');
    var asked = { method: 'POST', body: fields, redirect: 'manual', signal: region.asking.signal };
    fetch(form.action, asked).then(read).then(show, failed);

    function show(markup) {
      region.innerHTML = markup;
      region.removeAttribute('aria-busy');
    }

    function failed(error) {
      if (error.name !== 'AbortError') {
        region.textContent = region.dataset.failed;
        region.removeAttribute('aria-busy');
      }
    }
  }

  function read(response) {
    if (!response.ok) {
      throw new Error(response.status);
    }
    return response.text();
  }

  /** Fetch the next page of containers, put them beside the others, and go on. */
  function lookFurther(found, pages) {
    fetch(found.dataset.next, { redirect: 'manual' }).then(read).then(function (markup) {
      // Who has closed the form does not wait for the rest.
      if (found.isConnected) {
        add(found, $('<div>').html(markup).find('[data-ipw-dependents]')[0], pages - 1);
      }
    }, function () {
      // What is said of how far it got stays true.
    });
  }

  function add(found, page, pages) {
    var form = found.closest('form');
    $(page).find('input').slice(Math.max(0, MOST_CARRIED - $(found).find('input').length)).remove();
    $(page).find('li').each(function () {
      var name = this.dataset.name;
      var there = $(found).find('li').filter(function () { return this.dataset.name === name; });
      if (there.length) {
        there.find('[data-ipw-containers]').append($(this).find('[data-ipw-containers]').contents());
      } else {
        $(found).find('ul').append(this);
      }
    });
    $(found).find('[data-ipw-looked-at]').replaceWith($(page).find('p'));
    if (!page.dataset.next) {
      $('[data-ipw-further]').remove();
    } else if (pages) {
      found.dataset.next = page.dataset.next;
      lookFurther(found, pages);
    } else {
      $('[data-ipw-further] a').attr('href', '?' + page.dataset.next.split('?')[1]);
    }
    if (form && form.querySelector('[name="container"]')) {
      schedule(form);
    }
  }
})();
