// Signs in at an identity provider behind the pool's login page in a real browser, signs out, and sends a form that
// was shown before: each leads over hosts that no page's policy names. Takes a JSON of what it needs as its argument;
// prints "ok" and ends with 0, or throws.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const given = JSON.parse(process.argv[2]);
const { chromium } = createRequire(given.libraries + '/')('playwright-core');

const browser = await chromium.launch({ executablePath: given.chromium,
  // The address that the login page knows is not where this copy listens.
  args: ['--no-sandbox', `--host-resolver-rules=MAP ${new URL(given.host).hostname} 127.0.0.1:${given.port}`] });
const context = await browser.newContext({ locale: 'en-GB' });
const complaints = [];
const open = async () => {
  const page = await context.newPage();
  page.on('console', message => {
    if (message.type() === 'error' && page.url().startsWith(given.host)) complaints.push(page.url() + ' ' + message.text());
  });
  return page;
};
const heading = (page, text) => page.locator('h1', { hasText: text }).waitFor();

const page = await open();
await page.goto(given.host + '/sign-in?next=password');
assert.equal(new URL(page.url()).origin, given.provider);
await page.locator('input[name=username]').fill(given.username);
await page.locator('input[name=password]').fill(given.password);
await page.locator('button').click();
await heading(page, 'Change your password');
assert.equal(page.url(), given.host + '/account/password');

// Signed out in another tab, over the login page's own way out.
const other = await open();
await other.goto(given.host + '/sign-out');
await other.locator('button.main').click();
await heading(other, 'You are signed out');

// The form is still there, and leads to the provider, which knows the browser, and back.
await page.locator('input[name=currentPassword]').fill(given.password);
await page.locator('input[name=newPassword]').fill('Battery-Staple-8');
await Promise.all([
  page.waitForRequest(request => request.url().startsWith(given.provider + '/')),
  page.locator('button.main').click()]);
await heading(page, 'Change your password');
assert.equal(page.url(), given.host + '/account/password');

assert.deepEqual(complaints, []);
await browser.close();
console.log('ok');
