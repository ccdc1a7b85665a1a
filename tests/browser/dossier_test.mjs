// The dossiers of the shipped examples in chromium: no complaint, every figure drawn, every verdict shown.
// Usage: node dossier_test.mjs <folder with node_modules> <program> <folder of examples> <folder for dossiers and screenshots>
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { startBrowser } from './browser.mjs';

const [web, program, examples, out] = process.argv.slice(2).map((path) => resolve(path));
const { browser, open } = await startBrowser(web);
let failed = 0;

for (const example of ['li2b12h12-zro2', 'na-closo', 'libh4-tis2']) {
  try {
    const folder = join(out, example);
    execFileSync(program, ['--quiet', '--output', folder, 'evaluate', join(examples, `${example}.toml`)], {
      env: { ...process.env, CLOSO_STORE: join(out, 'no-store.sqlite') },
    });
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    const figures = report.sections.flatMap((section) => section.blocks).filter((block) => block.figure);
    const { page, complaints } = await open(join(folder, 'report.html'), 1280);
    await page.screenshot({ path: join(out, `${example}.png`), fullPage: true });
    assert.deepEqual(complaints, [], 'the page complains');
    assert.equal(await page.locator('svg.marks').count(), figures.length, 'figures drawn');
    assert.ok(figures.length > 0, 'the dossier has figures');
    for (const verdict of report.verdicts) {
      const shown = await page.getByText(verdict.criterion, { exact: true }).count();
      assert.ok(shown > 0, `verdict on ${verdict.criterion} is shown`);
    }
    assert.ok(await page.locator('path[aria-roledescription], .mark-symbol path').count() > 10, 'points are drawn');
    await page.context().close();
    console.log(`ok ${example}: ${figures.length} figures, ${report.verdicts.length} verdicts`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${example}: ${error.message}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
