// Walks the sign-in pages in a real browser by the keyboard alone, and has axe judge each of them in
// light and in dark. Takes a JSON of what it needs as its argument; prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

const given = JSON.parse(process.argv[2]);
const require = createRequire(given.libraries + '/');
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(given.pictures, { recursive: true });

const totp = (secret, ahead) => {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / 30) + ahead));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};
const mailed = async address => {
  const { messages } = await (await fetch(given.cognito + '/messages.json')).json();
  return messages.find(message => message.to === address).code;
};

const browser = await chromium.launch({ executablePath: given.chromium, args: ['--no-sandbox'] });
const complaints = [];
const open = async options => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1100, height: 860 }, ...options });
  const page = await context.newPage();
  page.on('console', message => {
    // A form that is refused has a status that the console lists.
    if (message.type() === 'error' && !/status of 4(22|04|03)/.test(message.text())) complaints.push(page.url() + ' ' + message.text());
  });
  return page;
};

const seen = new Set();
/** Has axe judge the page in both dresses, and takes a picture of each. */
const check = async (page, name) => {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${given.pictures}/${name}-${colorScheme}.png`, fullPage: true });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    const found = violations.map(v => `${v.id}: ${v.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | ')}`);
    assert.deepEqual(found, [], `${name} in ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  seen.add(name);
};
const heading = async (page, text) => assert.equal(await page.locator('h1').innerText(), text);
/** Where the keyboard is. */
const focused = page => page.evaluate(() => {
  const at = document.activeElement;
  return { id: at.id, href: at.getAttribute('href') ?? '', text: at.innerText ?? '', class: at.className, outline: getComputedStyle(at).outlineStyle };
});
/** Tabs on until what is looked for has the focus, which must be seen. */
const tabTo = async (page, wanted) => {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.id === wanted || at.text === wanted) {
      assert.notEqual(at.outline, 'none', `the focus on ${wanted} cannot be seen`);
      return;
    }
  }
  assert.fail(`${wanted} is not reached by the keyboard at ${page.url()}`);
};
const press = async (page, key = 'Enter') => Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
const go = async (page, text) => { await tabTo(page, text); await press(page); };
const type = async (page, field, text) => { await tabTo(page, field); await page.keyboard.type(text); };

const word = 'Correct-Horse-7';
const address = `walk-${Date.now()}@example.com`;
const page = await open();

// A new account.
await page.goto(given.host + '/');
await heading(page, 'Sign in');
await check(page, 'sign-in');
await go(page, 'Create an account');
await check(page, 'sign-up');
await go(page, 'Create account');
await check(page, 'sign-up-faults');
assert.match((await focused(page)).class, /faults/, 'what is wrong has the focus');
await tabTo(page, 'Enter an e-mail address');
await page.keyboard.press('Enter');
assert.equal((await focused(page)).id, 'email', 'a fault leads to its field');
await page.keyboard.type(address);
await type(page, 'newPassword', word);
await press(page);
await heading(page, 'Confirm your e-mail address');
await check(page, 'confirm');
await go(page, 'Send another code');
await check(page, 'confirm-notice');
await type(page, 'code', await mailed(address));
await press(page);
await check(page, 'sign-in-notice');
await type(page, 'password', word);
await press(page);
await heading(page, 'Your account');
await check(page, 'account');

// Its pages.
await go(page, 'Set up app');
await check(page, 'account-app');
const secret = (await page.locator('.secret').innerText()).replaceAll(' ', '');
await type(page, 'code', totp(secret, 0));
await press(page);
await check(page, 'account-notice');
await go(page, 'Remove app');
await check(page, 'app-remove');
await go(page, 'Back to your account');
await go(page, 'Change password');
await check(page, 'account-password');
await type(page, 'currentPassword', 'wrong');
await press(page);
await check(page, 'account-password-faults');
await go(page, 'Back to your account');
await go(page, 'Change e-mail address');
await check(page, 'account-email');
await type(page, 'email', 'new-' + address);
await press(page);
await check(page, 'email-code');
await type(page, 'code', await mailed('new-' + address));
await press(page);
await heading(page, 'Your account');
await go(page, 'Delete account');
await check(page, 'account-delete');
await go(page, 'Delete account');
await check(page, 'account-delete-faults');
await go(page, 'Back to your account');
await go(page, 'Sign out');
await check(page, 'sign-out');
await go(page, 'Sign out');
await check(page, 'signed-out');

// With the second step.
await go(page, 'Sign in again');
await type(page, 'username', 'new-' + address);
await type(page, 'password', word);
await press(page);
await heading(page, 'Enter a code');
await check(page, 'code');
await type(page, 'code', totp(secret, 1));
await press(page);
await heading(page, 'Your account');
await go(page, 'Delete account');
await tabTo(page, 'understood');
await page.keyboard.press('Space');
await go(page, 'Delete account');
await check(page, 'deleted');

// What is left of the ways in.
await page.goto(given.host + '/forgot');
await check(page, 'forgot');
await type(page, 'username', given.chooser);
await press(page);
await check(page, 'reset');
const invited = await open();
await invited.goto(given.host + '/sign-in');
await type(invited, 'username', given.invited);
await type(invited, 'password', given.temporary);
await press(invited);
await heading(invited, 'Choose your password');
await check(invited, 'new-password');
await invited.goto(given.host + '/sign-in');
await tabTo(invited, 'username');
await invited.keyboard.press('Control+A');
await invited.keyboard.type(given.chooser);
await type(invited, 'password', word);
await press(invited);
await check(invited, 'choose');

// Where the pool demands a second step of whoever has none.
const bound = await open();
await bound.goto(given.demanding + '/sign-in');
await type(bound, 'username', given.bound);
await type(bound, 'password', word);
await press(bound);
await heading(bound, 'Set up an authenticator app');
await check(bound, 'set-up');
await type(bound, 'code', '12345');
await press(bound);
await check(bound, 'set-up-faults');
const app = (await bound.locator('.secret').innerText()).replaceAll(' ', '');
await tabTo(bound, 'code');
await bound.keyboard.press('Control+A');
await bound.keyboard.type(totp(app, 0));
await press(bound);
await heading(bound, 'Your account');
await invited.goto(given.host + '/nothing');
await check(invited, 'error-404');

// From a site and back to it, under its look, past what the policy lets forms lead to.
const site = createServer((request, response) => {
  if (request.url === '/logo.svg') {
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    response.end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#b8860b"/></svg>');
  } else {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><html lang="en"><title>site</title><h1>Back at the site</h1>');
  }
});
await new Promise(resolve => site.listen(0, '127.0.0.1', resolve));
const home = `http://docs.localhost:${site.address().port}`;
const pushed = await fetch(given.internal + '/internal/authorizations', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${given.secret}` },
  body: JSON.stringify({ ...given.request, redirectUri: home + '/.portico/auth/callback',
    signIn: { title: 'Wanderwege', accent: '#f2b705', logo: home + '/logo.svg' } }) });
assert.equal(pushed.status, 201, await pushed.clone().text());
const { requestUri } = await pushed.json();
const authorize = `${given.host}/authorize?client_id=${given.request.site}&request_uri=${encodeURIComponent(requestUri)}`;
const german = await open({ locale: 'de-DE', viewport: { width: 390, height: 760 } });
await german.goto(authorize);
await heading(german, 'Anmelden');
await check(german, 'look-de');
assert.ok(await german.locator('.logo').evaluate(logo => logo.naturalWidth > 0), 'the logo is shown');
await type(german, 'username', given.plain);
await type(german, 'password', word);
await press(german);
await heading(german, 'Back at the site');
assert.match(german.url(), /\/callback\?code=/);
const french = await open({ locale: 'fr-FR', viewport: { width: 390, height: 760 } });
await french.goto(authorize);
await check(french, 'look-fr');

assert.deepEqual(complaints, []);
await browser.close();
site.close();
console.log(`ok: ${seen.size} pages`);
