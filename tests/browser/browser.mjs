// A page of ours in headless chromium, from file:// and without a network, with everything that must not happen collected.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const program = process.env.CLOSO_CHROMIUM ?? '/usr/bin/chromium';

// Ends the test program with 77 (skipped) where chromium or playwright-core is missing.
const skip = (why) => {
  console.log(`skipped: ${why}`);
  process.exit(77);
};

// `web` is the folder with node_modules. Returns the browser and open(path, width) → { page, complaints }.
export const startBrowser = async (web) => {
  if (!existsSync(program)) skip(`${program} is missing`);
  let chromium;
  try {
    ({ chromium } = createRequire(join(web, 'package.json'))('playwright-core'));
  } catch {
    skip('playwright-core is missing');
  }
  const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  const open = async (path, width) => {
    const address = pathToFileURL(path).href;
    const context = await browser.newContext({ viewport: { width, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== address && !/^(data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    await page.waitForSelector('html[data-ready=true]', { timeout: 60000 });
    return { page, complaints };
  };
  return { browser, open };
};
