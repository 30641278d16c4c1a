# SPDX-License-Identifier: MIT
# wsgi_hello.py - the same page as the other targets, for gunicorn.
import os
import re
import time


def app(environ, start_response):
    token = re.search("t=[0-9a-f]+", environ.get("QUERY_STRING", ""))
    body = "Hello Cluster! pid=%d %s\n" % (
        os.getpid(), token.group() if token else "")
    time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain"),
                              ("Content-Length", str(len(body)))])
    return [body.encode()]
