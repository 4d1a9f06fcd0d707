// Signs in by the code flow with openid-client, which checks the ID token's signature, nonce and hashes.
// Arguments: endpoint, pool id, client id, user name, password, id and secret of a machine's client.
// Prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const require = createRequire(process.env.CLIENTS_FOLDER + '/');
const oidc = await import(pathToFileURL(require.resolve('openid-client')));

const [endpoint, poolId, clientId, username, password, machineId, machineSecret] = process.argv.slice(2);
// Read by hand: the issuer is written as AWS writes it, and so is not where the document is.
const server = await (await fetch(`${endpoint}/${poolId}/.well-known/openid-configuration`)).json();
const configure = (id, metadata, authentication) => {
  const made = new oidc.Configuration(server, id, metadata, authentication);
  oidc.allowInsecureRequests(made);
  oidc.enableNonRepudiationChecks(made);
  return made;
};
const config = configure(clientId, undefined, oidc.None());
const redirectUri = 'https://app.example.com/callback';

const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const nonce = oidc.randomNonce();
const start = oidc.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri, scope: 'openid email', state, nonce,
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });

// The browser: a redirect to the form, the form, the way back.
const form = await fetch(start);
const page = await form.text();
const field = name => page.match(new RegExp(`name="${name}" value="([^"]*)"`))[1];
const action = page.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');
const back = await fetch(new URL(action, endpoint), { method: 'POST', redirect: 'manual',
  headers: { Cookie: form.headers.getSetCookie().map(line => line.split(';')[0]).join('; ') },
  body: new URLSearchParams({ _csrf: field('_csrf'), username, password }) });
assert.equal(back.status, 302);
const callback = new URL(back.headers.get('Location'));

await assert.rejects(oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: 'another', expectedNonce: nonce }));
const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
assert.equal(tokens.claims().email, username);
await assert.rejects(oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }),
  error => error.error === 'invalid_grant');
const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
assert.equal(info.email, username);
const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
assert.equal(refreshed.claims().sub, tokens.claims().sub);
await oidc.tokenRevocation(config, tokens.refresh_token);
await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), error => error.error === 'invalid_grant');
await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));

for (const authentication of [oidc.ClientSecretBasic(machineSecret), oidc.ClientSecretPost(machineSecret)]) {
  const machine = configure(machineId, undefined, authentication);
  const token = await oidc.clientCredentialsGrant(machine, { scope: 'orders/read' });
  assert.equal(token.token_type, 'bearer');
  assert.equal(JSON.parse(Buffer.from(token.access_token.split('.')[1], 'base64url')).scope, 'orders/read');
}
await assert.rejects(oidc.clientCredentialsGrant(configure(machineId, undefined, oidc.ClientSecretPost('guess'))),
  error => error.error === 'invalid_client');
console.log('ok');
