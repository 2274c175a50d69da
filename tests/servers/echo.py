"""A WSGI application that tells how many bytes it was sent, for tests of the web server alone."""


def application(environ, start_response):
    body = str(len(environ["wsgi.input"].read())).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
