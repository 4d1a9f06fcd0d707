// Does in a real browser, on a page of another origin, what applications do with amazon-cognito-identity-js.
// Arguments: endpoint, pool id, client id, user name, password, the browser. Prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const require = createRequire(process.env.CLIENTS_FOLDER + '/');
const { chromium } = require('playwright-core');
const library = readFileSync(process.env.CLIENTS_FOLDER + '/node_modules/amazon-cognito-identity-js/dist/amazon-cognito-identity.min.js');

const [endpoint, poolId, clientId, username, password, executablePath] = process.argv.slice(2);

/** A server of an application, an origin of its own. It allows no other one anything. */
const served = async () => {
  const server = createServer((request, response) => {
    const script = request.url === '/library.js';
    response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' });
    response.end(script ? library : '<!doctype html><html lang="en"><title>app</title><script src="/library.js"></script>');
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://localhost:${server.address().port}` };
};

let ahead = 0; // seconds: each code is good once, so time goes on before the next
const totp = secret => {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + ahead) / 30)));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};
const nextStep = async () => {
  ahead += 30;
  await fetch(`${endpoint}/clock`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"advance":"PT30S"}' });
};

const [app, stranger] = [await served(), await served()];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await (await browser.newContext()).newPage();
  await page.exposeFunction('totp', totp);
  await page.exposeFunction('nextStep', nextStep);
  await page.goto(app.origin + '/');

  // This browser does ask: what does not allow it, as the other application, cannot be read.
  assert.notEqual(new URL(endpoint).origin, app.origin);
  assert.match(await page.evaluate(url => fetch(url).then(() => 'read', e => e.name), stranger.origin + '/'), /^TypeError$/);

  const begun = await page.evaluate(async ({ endpoint, poolId, clientId, username, password }) => {
    const cognito = window.AmazonCognitoIdentity;
    const pool = new cognito.CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: endpoint + '/' });
    const user = new cognito.CognitoUser({ Username: username, Pool: pool });
    const authenticate = secret => new Promise((resolve, reject) => user.authenticateUser(
      new cognito.AuthenticationDetails({ Username: username, Password: secret }),
      { onSuccess: () => resolve('tokens'), onFailure: reject, totpRequired: resolve }));
    const done = call => new Promise((resolve, reject) => call({ onSuccess: resolve, onFailure: reject }));
    const answered = call => new Promise((resolve, reject) => call((e, result) => e ? reject(e) : resolve(result)));
    const refusal = promise => promise.then(() => 'none', e => e.name);

    const wrong = await refusal(authenticate('wrong'));
    const first = await authenticate(password);
    const attributes = await answered(cb => user.getUserAttributes(cb));
    const secret = await new Promise((resolve, reject) => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }));
    await done(async cb => user.verifySoftwareToken(await window.totp(secret), 'phone', cb));
    await answered(cb => user.setUserMfaPreference(null, { PreferredMfa: true, Enabled: true }, cb));
    const second = await authenticate(password);
    await window.nextStep();
    await done(async cb => user.sendMFACode(await window.totp(secret), cb, 'SOFTWARE_TOKEN_MFA'));
    const guess = await refusal(answered(cb => user.changePassword('Wrong-Guess-1', 'Battery-Staple-8', cb)));
    await answered(cb => user.changePassword(password, 'Battery-Staple-8', cb));
    return { wrong, first, email: attributes.find(each => each.getName() === 'email').getValue(), second, guess };
  }, { endpoint, poolId, clientId, username, password });
  assert.deepEqual(begun, {
    wrong: 'NotAuthorizedException', first: 'tokens', email: username, second: 'SOFTWARE_TOKEN_MFA', guess: 'NotAuthorizedException' });

  // Another page of the application finds who is signed in, refreshes and signs out everywhere.
  await page.reload();
  const ended = await page.evaluate(async ({ endpoint, poolId, clientId }) => {
    const cognito = window.AmazonCognitoIdentity;
    const pool = new cognito.CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: endpoint + '/' });
    const user = pool.getCurrentUser();
    const answered = call => new Promise((resolve, reject) => call((e, result) => e ? reject(e) : resolve(result)));
    const session = await answered(cb => user.getSession(cb));
    const refreshed = await answered(cb => user.refreshSession(session.getRefreshToken(), cb));
    await new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject }));
    const request = { method: 'POST', body: JSON.stringify({ AccessToken: refreshed.getAccessToken().getJwtToken() }),
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSCognitoIdentityProviderService.GetUser' } };
    const after = await fetch(endpoint + '/', request);
    return { fresh: refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(),
      status: after.status, left: pool.getCurrentUser() };
  }, { endpoint, poolId, clientId });
  assert.deepEqual(ended, { fresh: true, status: 400, left: null });
} finally {
  await browser.close();
  app.server.close();
  stranger.server.close();
}
console.log('ok');
