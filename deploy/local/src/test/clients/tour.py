"""The tour with nothing but Python's standard library. Usage: tour.py BASE USER PASSWORD SITE"""
import io, json, sys, tarfile, urllib.request

base, user, password, site = sys.argv[1:]


def call(method, path, body=None, kind="application/json", token=None):
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method)
    if data is not None:
        request.add_header("Content-Type", kind)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=30) as reply:
        text = reply.read()
        return json.loads(text) if text else None


token = call("POST", "/auth/sign-in", {"username": user, "password": password})["accessToken"]
call("POST", "/sites", {"name": site}, token=token)
for text in (b"<h1>one</h1>", b"<h1>two</h1>"):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("index.html")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    path = f"/sites/{site}/deployments"
    deployment = call("PUT", path, archive.getvalue(), "application/gzip", token)
    assert deployment["state"] == "sealed" and deployment["active"], deployment
call("POST", f"/sites/{site}/rollback", token=token)
print(call("GET", f"/sites/{site}", token=token)["deployment"])
