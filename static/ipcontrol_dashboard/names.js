/* SPDX-FileCopyrightText: The ipcontrol authors
 * SPDX-License-Identifier: Apache-2.0
 */
(function () {
  'use strict';

  var MOST_OFFERED = 8;
  // The word before the caret, where it is one of a name.
  var WORD = /(?:^|[\s,;])@([a-z0-9-]*)$/i;

  /**
   * Offers names of networks in a field while somebody types "@".
   *
   * The field carries them (data-ipw-names); by keyboard the arrows choose, Enter and Tab take,
   * Escape closes. Without this script the names stand beside the field.
   */
  document.addEventListener('input', function (event) {
    if (event.target.dataset && event.target.dataset.ipwNames) {
      offer(event.target);
    }
  });
  document.addEventListener('keydown', pressed, true);
  document.addEventListener('focusout', function (event) { close(event.target); });

  function offer(field) {
    close(field);
    var typed = WORD.exec(field.value.slice(0, field.selectionStart));
    var names = typed ? beginningWith(field, typed[1].toLowerCase()) : [];
    if (!names.length) {
      return;
    }
    var list = document.createElement('ul');
    list.className = 'ipw-offered list-unstyled';
    list.id = field.id + '_offered';
    list.setAttribute('role', 'listbox');
    names.forEach(function (name, number) {
      var option = document.createElement('li');
      option.id = list.id + number;
      option.setAttribute('role', 'option');
      option.textContent = '@' + name;
      option.addEventListener('mousedown', function (event) {
        // The field keeps the focus.
        event.preventDefault();
        take(field, option);
      });
      list.appendChild(option);
    });
    field.after(list);
    field.offered = list;
    field.setAttribute('aria-controls', list.id);
    choose(field, list.firstChild);
  }

  function beginningWith(field, start) {
    return JSON.parse(field.dataset.ipwNames).filter(function (name) {
      return name.indexOf(start) === 0 && name !== start;
    }).slice(0, MOST_OFFERED);
  }

  function choose(field, option) {
    field.offered.querySelectorAll('li').forEach(function (each) {
      each.setAttribute('aria-selected', each === option);
    });
    field.setAttribute('aria-activedescendant', option.id);
  }

  function pressed(event) {
    var field = event.target;
    if (!field.offered) {
      return;
    }
    var list = field.offered;
    var chosen = list.querySelector('[aria-selected=true]');
    if (event.key === 'ArrowDown') {
      choose(field, chosen.nextSibling || list.firstChild);
    } else if (event.key === 'ArrowUp') {
      choose(field, chosen.previousSibling || list.lastChild);
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      take(field, chosen);
    } else if (event.key === 'Escape') {
      close(field);
    } else {
      return;
    }
    // Escape would close the modal, Enter begin a line, Tab leave the field.
    event.preventDefault();
    event.stopPropagation();
  }

  function take(field, option) {
    var end = field.selectionStart;
    var start = field.value.slice(0, end).lastIndexOf('@');
    field.setRangeText(option.textContent, start, end, 'end');
    close(field);
    // For whoever shows what is filled in.
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function close(field) {
    if (field.offered) {
      field.offered.remove();
      field.offered = null;
      field.removeAttribute('aria-activedescendant');
      field.removeAttribute('aria-controls');
    }
  }
})();
