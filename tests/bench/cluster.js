// SPDX-License-Identifier: MIT
// cluster.js - peer: the hello page under Node's cluster.
//
//   node cluster.js PORT WORKERS BODY_BYTES stay|exit
//
// With "exit" a worker exits after each response, as in the tutorials, and the
// primary forks another one.
'use strict';
const cluster = require('cluster');
const http = require('http');

const [port, workers, bodyBytes, life] = process.argv.slice(2);

if (cluster.isPrimary) {
    for (let i = 0; i < Number(workers); i++)
        cluster.fork();
    if (life === 'exit')
        cluster.on('exit', () => cluster.fork());
} else {
    const body = 'Hello Cluster!'.padEnd(Number(bodyBytes), '.');

    http.createServer({ keepAliveTimeout: 600000 }, (request, response) => {
        response.writeHead(200, {
            'Content-Type': 'text/html; charset=utf-8',
            'Content-Length': body.length,
        });
        if (life === 'exit')
            response.on('finish', () => process.exit(1));
        response.end(body);
    }).listen(Number(port), '127.0.0.1');
}
