/* SPDX-FileCopyrightText: The ipcontrol authors
 * SPDX-License-Identifier: Apache-2.0
 */
(function () {
  'use strict';

  var CONTAINERS = 'horizon.dashboard.project.containers';
  var TABLE = 'horizon.framework.widgets.table';

  /**
   * Says in one sentence that an address is refused.
   *
   * Where the panel Containers cannot show a container, the sentence stands in
   * the pane of its objects, in place of "No items to display". For whatever
   * else is refused a message pops up.
   */
  angular
    .module('ipcontrol.refusals', ['horizon.framework.widgets.toast'].concat(panelModules()))
    .factory('ipcontrol.refusals.pane', pane)
    .config(config);

  config.$inject = ['$httpProvider', '$provide'];

  function config($httpProvider, $provide) {
    $httpProvider.interceptors.push(showRefusal);
    if (panelModules().length) {
      $provide.decorator(CONTAINERS + '.containers-model', watchModel);
      $provide.decorator('hzNoItemsDirective', sayInPane);
    }
  }

  /** The modules of the panel; none in a Horizon that has no such panel. */
  function panelModules() {
    try {
      return [CONTAINERS, TABLE].map(function (name) { return angular.module(name).name; });
    } catch (missing) {
      return [];
    }
  }

  /** What the panel reads to show a container, and the sentence that its pane shows. */
  function pane() {
    var reads = {};
    return { sentence: '', expect: expect, expects: expects };

    function expect(container, part) {
      reads[part] = '/api/swift/containers/' + encodeURIComponent(container) + '/' + part + '/';
    }

    function expects(request, part) {
      var path = request.url.split('?')[0];
      return request.method === 'GET' && !!reads[part] && path.slice(-reads[part].length) === reads[part];
    }
  }

  watchModel.$inject = ['$delegate', 'ipcontrol.refusals.pane'];

  function watchModel(model, pane) {
    var selectContainer = model.selectContainer;
    var fetchContainerDetail = model.fetchContainerDetail;

    model.selectContainer = function (name) {
      pane.sentence = '';
      pane.expect(name, 'objects');
      return selectContainer.apply(model, arguments);
    };
    model.fetchContainerDetail = function (container) {
      pane.expect(container.name, 'metadata');
      return fetchContainerDetail.apply(model, arguments);
    };
    return model;
  }

  showRefusal.$inject = ['$q', 'horizon.framework.widgets.toast.service', 'ipcontrol.refusals.pane'];

  function showRefusal($q, toastService, pane) {
    return { responseError: responseError };

    function responseError(error) {
      var byAddress = error.headers && error.headers('X-Ip-Whitelist');
      if (!byAddress || !angular.isString(error.data)) {
        return $q.reject(error);
      }
      if (pane.expects(error.config, 'objects')) {
        pane.sentence = error.data;
        return unanswered();
      }
      if (pane.expects(error.config, 'metadata')) {
        return unanswered();
      }
      error.config.suppress403Toast = true;
      if (!toastService.find('error', error.data)) {
        toastService.add('error', error.data);
      }
      return $q.reject(error);
    }

    /** Horizon has a message of its own for an error, and takes an answer for the container's. */
    function unanswered() {
      return $q(angular.noop);
    }
  }

  sayInPane.$inject = ['$delegate', '$document', 'ipcontrol.refusals.pane'];

  function sayInPane($delegate, $document, pane) {
    $delegate[0].compile = function () {
      return function link(scope, element) {
        scope.$watch(sentence, function (now, before) {
          if (now || before) {
            scope.message = now || undefined;
            // For the styles of the list beside it.
            angular.element($document[0].body).toggleClass('ipcontrol-refused', !!now);
          }
        });

        function sentence() {
          var place = $document[0].querySelector('#containers_wrapper .objects_wrapper');
          return place && place.contains(element[0]) ? pane.sentence : '';
        }
      };
    };
    return $delegate;
  }
})();
