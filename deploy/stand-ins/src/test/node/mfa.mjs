// Enrols an authenticator app, signs in with it and leaves it off, with amazon-cognito-identity-js.
// Arguments: endpoint, pool id, client id, user name, password. Prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import { createHmac } from 'node:crypto';
import assert from 'node:assert/strict';

const require = createRequire(process.env.CLIENTS_FOLDER + '/');
const cognito = require('amazon-cognito-identity-js');

const [endpoint, poolId, clientId, username, password] = process.argv.slice(2);
const pool = new cognito.CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: endpoint + '/' });
const user = new cognito.CognitoUser({ Username: username, Pool: pool });

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
const done = call => new Promise((resolve, reject) => call({ onSuccess: resolve, onFailure: reject }));
const authenticate = () => new Promise((resolve, reject) => user.authenticateUser(
  new cognito.AuthenticationDetails({ Username: username, Password: password }), {
    onSuccess: () => resolve('tokens'), onFailure: reject,
    totpRequired: name => resolve(name), mfaSetup: name => resolve(name), selectMFAType: name => resolve(name) }));
const preference = enabled => new Promise((resolve, reject) => user.setUserMfaPreference(
  null, { PreferredMfa: enabled, Enabled: enabled }, (e, result) => e ? reject(e) : resolve(result)));

assert.equal(await authenticate(), 'tokens');
const secret = await new Promise((resolve, reject) => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }));
await assert.rejects(done(cb => user.verifySoftwareToken('000000' === totp(secret) ? '000001' : '000000', 'phone', cb)),
  { name: 'EnableSoftwareTokenMFAException' });
const used = totp(secret);
await done(cb => user.verifySoftwareToken(used, 'phone', cb));
await preference(true);

assert.equal(await authenticate(), 'SOFTWARE_TOKEN_MFA');
await assert.rejects(done(cb => user.sendMFACode('000000' === totp(secret) ? '000001' : '000000', cb, 'SOFTWARE_TOKEN_MFA')),
  { name: 'CodeMismatchException' });
await assert.rejects(done(cb => user.sendMFACode(used, cb, 'SOFTWARE_TOKEN_MFA')), { name: 'ExpiredCodeException' });
await nextStep();
const session = await done(cb => user.sendMFACode(totp(secret), cb, 'SOFTWARE_TOKEN_MFA'));
assert.ok(session.isValid());
await preference(false);
assert.equal(await authenticate(), 'tokens');
console.log('ok');
