// Signs in by SRP with amazon-cognito-identity-js and verifies the tokens with aws-jwt-verify.
// Arguments: endpoint, pool id, client id, user name, password. Prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const require = createRequire(process.env.CLIENTS_FOLDER + '/');
const cognito = require('amazon-cognito-identity-js');
const { CognitoJwtVerifier } = require('aws-jwt-verify');
const { SimpleJwksCache } = require('aws-jwt-verify/jwk');

const [endpoint, poolId, clientId, username, password] = process.argv.slice(2);
const pool = new cognito.CognitoUserPool({ UserPoolId: poolId, ClientId: clientId, endpoint: endpoint + '/' });
const user = new cognito.CognitoUser({ Username: username, Pool: pool });
const authenticate = secret => new Promise((resolve, reject) => user.authenticateUser(
  new cognito.AuthenticationDetails({ Username: username, Password: secret }),
  { onSuccess: resolve, onFailure: reject }));

await assert.rejects(authenticate('wrong'), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' });
const session = await authenticate(password);
const attributes = await new Promise((resolve, reject) => user.getUserAttributes((e, list) => e ? reject(e) : resolve(list)));
assert.ok(attributes.some(a => a.getName() === 'email' && a.getValue() === username));

const fetcher = { fetch: async () => Buffer.from(await (await fetch(`${endpoint}/${poolId}/.well-known/jwks.json`)).arrayBuffer()) };
const verify = (token, tokenUse) => CognitoJwtVerifier
  .create({ userPoolId: poolId, clientId, tokenUse }, { jwksCache: new SimpleJwksCache({ fetcher }) })
  .verify(token);
const access = session.getAccessToken().getJwtToken();
await verify(access, 'access');
await verify(session.getIdToken().getJwtToken(), 'id');
await assert.rejects(verify(access.slice(0, -8) + 'AAAAAAAA', 'access'));

// Their own account: attributes, another address by its code, another password, a forgotten one.
const done = call => new Promise((resolve, reject) => call({ onSuccess: resolve, onFailure: reject }));
const answered = call => new Promise((resolve, reject) => call((e, result) => e ? reject(e) : resolve(result)));
const sentCode = async () => (await (await fetch(`${endpoint}/messages.json`)).json()).messages[0].code;
await answered(cb => user.updateAttributes([new cognito.CognitoUserAttribute({ Name: 'name', Value: 'Ann' })], cb));
await new Promise((resolve, reject) => user.getAttributeVerificationCode('email',
  { onSuccess: resolve, onFailure: reject, inputVerificationCode: null }));
await assert.rejects(done(cb => user.verifyAttribute('email', 'wrong', cb)), { name: 'CodeMismatchException' });
await done(async cb => user.verifyAttribute('email', await sentCode(), cb));
await assert.rejects(answered(cb => user.changePassword('Wrong-Guess-1', 'Battery-Staple-8', cb)), { name: 'NotAuthorizedException' });
await answered(cb => user.changePassword(password, 'Battery-Staple-8', cb));
await new Promise((resolve, reject) => user.forgotPassword({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve }));
await done(async cb => user.confirmPassword(await sentCode(), password, cb));

const refreshed = await new Promise((resolve, reject) =>
  user.refreshSession(session.getRefreshToken(), (e, s) => e ? reject(e) : resolve(s)));
assert.notEqual(refreshed.getAccessToken().getJwtToken(), access);
await new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject }));
console.log('ok');
