// Shows what the gateway said about this very page.
const out = document.querySelector('[data-reply]');
if (out) {
  fetch(location.href, { method: 'HEAD', cache: 'no-store' }).then((reply) => {
    const names = ['content-type', 'etag', 'cache-control', 'last-modified', 'content-encoding', 'x-content-type-options', 'strict-transport-security'];
    for (const name of names) {
      const value = reply.headers.get(name);
      if (value === null) continue;
      const row = out.insertRow();
      row.insertCell().textContent = name;
      row.insertCell().textContent = value;
    }
  });
}
