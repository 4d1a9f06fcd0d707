// The tour with nothing but Node's fetch, by digests. Usage: tour.mjs BASE USER PASSWORD SITE
import { createHash } from 'node:crypto';

const [base, user, password, site] = process.argv.slice(2);
let token;

async function call(method, path, body, type = 'application/json') {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  if (body !== undefined) headers['content-type'] = type;
  const payload = body === undefined || type !== 'application/json' ? body : JSON.stringify(body);
  const reply = await fetch(base + path, { method, headers, body: payload });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text && JSON.parse(text);
}

token = (await call('POST', '/auth/sign-in', { username: user, password })).accessToken;
await call('POST', '/sites', { name: site });
for (const text of ['<h1>one</h1>', '<h1>two</h1>']) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const files = [{ path: '/index.html', sha256, size: text.length }];
  const { id, missing } = await call('POST', `/sites/${site}/deployments`, { files });
  for (const digest of missing) {
    await call('PUT', `/sites/${site}/deployments/${id}/blobs/${digest}`, text, 'application/octet-stream');
  }
  const deployment = await call('POST', `/sites/${site}/deployments/${id}/seal?activate=true`);
  if (deployment.state !== 'sealed' || !deployment.active) throw new Error(JSON.stringify(deployment));
}
await call('POST', `/sites/${site}/rollback`);
console.log((await call('GET', `/sites/${site}`)).deployment);
