/* SPDX-FileCopyrightText: The ipcontrol authors
 * SPDX-License-Identifier: Apache-2.0
 */
(function () {
  'use strict';

  // Milliseconds without a key, after which somebody has stopped typing.
  var PAUSE = 400;
  var REGION = '[data-ipw-forecast]';

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

  /** Tell at once of what a form is filled in with. */
  function start(container) {
    $(container).find(REGION).each(function () {
      var form = this.closest('form');
      $(form).find('[data-ipw-forecast-button]').remove();
      if ($(form).find('[name="networks"]').val()) {
        ask(form, this);
      }
    });
  }

  function changed(event) {
    var form = event.target.form;
    var region = form && form.querySelector(REGION);
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

    function read(response) {
      if (!response.ok) {
        throw new Error(response.status);
      }
      return response.text();
    }

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
})();
