// SPDX-License-Identifier: MIT
// pm2-server.js - the same page as the other targets, for pm2's cluster mode.
'use strict';
const http = require('http');

http.createServer((request, response) => {
  const token = /[?&](t=[0-9a-f]+)/.exec(request.url);
  setTimeout(() => {
    response.end(`Hello Cluster! pid=${process.pid} ${token ? token[1] : ''}\n`);
  }, 10);
}).listen(18090, '127.0.0.1');
