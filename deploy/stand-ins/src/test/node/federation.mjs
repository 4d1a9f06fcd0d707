// Signs in by an identity provider of the pool with openid-client, which checks the ID token's signature, nonce and hashes.
// Arguments: endpoint, pool id, client id, user name and password at the provider, the provider's name.
// Prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const require = createRequire(process.env.CLIENTS_FOLDER + '/');
const oidc = await import(pathToFileURL(require.resolve('openid-client')));

const [endpoint, poolId, clientId, username, password, provider] = process.argv.slice(2);
// Read by hand: the issuer is written as AWS writes it, and so is not where the document is.
const server = await (await fetch(`${endpoint}/${poolId}/.well-known/openid-configuration`)).json();
const config = new oidc.Configuration(server, clientId, undefined, oidc.None());
oidc.allowInsecureRequests(config);
oidc.enableNonRepudiationChecks(config);
const redirectUri = 'https://app.example.com/callback';

// A browser: keeps cookies and follows redirects, up to the app's own address.
const cookies = new Map();
const open = async (address, options = {}) => {
  const answer = await fetch(address, { ...options, redirect: 'manual',
    headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
    cookies.set(name, value);
  }
  if (answer.status !== 302) return answer;
  const next = new URL(answer.headers.get('Location'), address);
  return next.href.startsWith(redirectUri) ? next : open(next);
};

const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const nonce = oidc.randomNonce();
const start = oidc.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri, scope: 'openid profile', state, nonce, identity_provider: provider,
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });
const page = await (await open(start)).text();
const action = page.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');
const callback = await open(new URL(action, endpoint), { method: 'POST',
  body: new URLSearchParams({ _csrf: page.match(/name="_csrf" value="([^"]*)"/)[1], username, password }) });

const tokens = await oidc.authorizationCodeGrant(config, callback,
  { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
const claims = tokens.claims();
assert.equal(claims['cognito:username'], `${provider}_${claims.identities[0].userId}`);
assert.equal(claims.identities[0].providerName, provider);
assert.equal(claims.email, username);
const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
assert.equal(info.username, claims['cognito:username']);
const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
assert.deepEqual(refreshed.claims().identities, claims.identities);
console.log('ok');
