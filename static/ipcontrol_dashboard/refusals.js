/* SPDX-FileCopyrightText: The ipcontrol authors
 * SPDX-License-Identifier: Apache-2.0
 */
(function () {
  'use strict';

  /**
   * Shows the sentence of a refusal by address, in place of Horizon's
   * "Insufficient permissions".
   */
  angular
    .module('ipcontrol.refusals', ['horizon.framework.widgets.toast'])
    .config(config);

  config.$inject = ['$httpProvider'];

  function config($httpProvider) {
    $httpProvider.interceptors.push(showRefusal);
  }

  showRefusal.$inject = ['$q', 'horizon.framework.widgets.toast.service'];

  function showRefusal($q, toastService) {
    return { responseError: responseError };

    function responseError(error) {
      var byAddress = error.headers && error.headers('X-Ip-Whitelist');
      if (byAddress && angular.isString(error.data)) {
        error.config.suppress403Toast = true;
        if (!toastService.find('error', error.data)) {
          toastService.add('error', error.data);
        }
      }
      return $q.reject(error);
    }
  }
})();
