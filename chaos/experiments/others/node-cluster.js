// SPDX-License-Identifier: MIT
// node-cluster.js - the usual cluster program of tutorials, in three variants.
//
//   none     a dead worker is not replaced
//   respawn  a dead worker is replaced
//   exit     a dead worker is replaced, and every worker exits after its first
//            response
//
// Logs its port like the supervisor, and returns each request's token.
'use strict';
const cluster = require('cluster');
const http = require('http');

const WORKERS = 4;
const variant = process.argv[2];

// The port is chosen once: with port 0 in each worker, a pool whose workers all
// died would restart on another port.
function primary(port) {
  for (let i = 0; i < WORKERS; i++) cluster.fork({ PORT: port });
  let ready = 0;
  cluster.on('listening', () => {
    if (++ready === WORKERS)
      console.log(JSON.stringify({ event: 'listening', port }));
  });
  cluster.on('exit', () => {
    if (variant !== 'none') cluster.fork({ PORT: port });
  });
  // Without this, the program would end when the last worker dies.
  setInterval(() => {}, 1000);
}

function worker() {
  http.createServer((request, response) => {
    const token = /[?&](t=[0-9a-f]+)/.exec(request.url);
    setTimeout(() => {
      response.end(`Hello Cluster! pid=${process.pid} ${token ? token[1] : ''}\n`);
      if (variant === 'exit') response.on('finish', () => process.exit(1));
    }, 10);
  }).listen(process.env.PORT, '127.0.0.1');
}

function choosePort(use) {
  const server = http.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => use(port));
  });
}

if (cluster.isPrimary || cluster.isMaster) choosePort(primary);
else worker();
