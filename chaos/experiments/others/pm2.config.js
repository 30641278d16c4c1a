// SPDX-License-Identifier: MIT
// pm2.config.js - four processes in pm2's cluster mode.
'use strict';
module.exports = {
  apps: [{
    name: 'hello',
    script: `${__dirname}/pm2-server.js`,
    instances: 4,
    exec_mode: 'cluster',
  }],
};
