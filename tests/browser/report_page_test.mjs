// The report page in chromium, from file:// and without a network.
// Usage: node report_page_test.mjs <folder with node_modules> <folder of closo_report_demo> <folder for screenshots>
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { startBrowser } from './browser.mjs';

const [web, pages, out] = process.argv.slice(2).map((path) => resolve(path));
const { browser, open: openPath } = await startBrowser(web);
const open = (file, width) => openPath(join(pages, file), width);

const tests = [];
const test = (name, body) => tests.push({ name, body });
const widths = [1280, 420];

// Boxes of the texts of every axis and legend, in page coordinates.
const axisTexts = (page, figure) => page.locator(`#figure-${figure} svg.marks`).evaluate((svg) => {
  const box = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { text: node.textContent, left, right, top, bottom };
  };
  const visible = (node) => node.textContent !== '' && node.getAttribute('opacity') !== '0' && getComputedStyle(node).opacity !== '0';
  const groups = [...svg.querySelectorAll('.role-axis-label, .role-legend-label, .role-legend-entry')]
    .map((group) => [...group.querySelectorAll('text')].filter(visible).map(box));
  const all = [...svg.querySelectorAll('text')].filter(visible).map(box);
  return { groups, all, frame: box(svg) };
});

for (const width of widths) {
  test(`figures are drawn, labels stand apart and inside, at ${width} px`, async () => {
    const { page, complaints } = await open('report.html', width);
    for (const [id, least] of [['conductivity', 40], ['capacity', 16], ['polarisation', 4]]) {
      const marks = await page.locator(`#figure-${id} svg .mark-symbol path, #figure-${id} svg .mark-line path, #figure-${id} svg .mark-rect path`).count();
      assert.ok(marks >= least, `${id}: ${marks} marks, at least ${least} expected`);
      const { groups, all, frame } = await axisTexts(page, id);
      assert.ok(all.length > 8, `${id}: labels`);
      for (const { text, left, right, top, bottom } of all) {
        assert.ok(left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1,
          `${id}: '${text}' is cut`);
      }
      for (const group of groups) {
        group.forEach((a, i) => group.slice(i + 1).forEach((b) => {
          const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 2 || b.bottom <= a.top + 2;
          assert.ok(apart, `${id}: '${a.text}' overlaps '${b.text}'`);
        }));
      }
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    await page.screenshot({ path: join(out, `report_${width}.png`), fullPage: true });
    assert.deepEqual(complaints, []);
  });
}

// Middle of the text of the top axis, and of the measured point that belongs to it.
const topTick = async (page, text) => {
  const { groups } = await axisTexts(page, 'conductivity');
  const tick = groups.flat().filter((box) => box.text === text).sort((a, b) => a.top - b.top)[0];
  return (tick.left + tick.right) / 2;
};
const pointAt = (page, hover) => page.locator(`#figure-conductivity svg .mark-symbol path[aria-label*="${hover}"]`).first();

for (const width of widths) {
  test(`a picture is shown whole, its bars at their share, at ${width} px`, async () => {
    const { page, complaints } = await open('report.html', width);
    const found = await page.locator('#picture-slice').evaluate(async (figure) => {
      const image = figure.querySelector('img');
      await image.decode();
      const box = image.getBoundingClientRect();
      const sheet = figure.querySelector('.sheet').getBoundingClientRect();
      const outside = [...figure.querySelectorAll('.scale-bar, .colour-bar li, .swatches li')]
        .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }))
        .filter(({ box: { left, right, bottom } }) => left < sheet.left || right > sheet.right || bottom > sheet.bottom);
      return {
        pixels: [image.naturalWidth, image.naturalHeight],
        aspect: box.width / box.height,
        bar: figure.querySelector('.scale-bar span').getBoundingClientRect().width / box.width,
        outside: outside.map(({ text }) => text),
        alt: image.alt,
      };
    });
    assert.deepEqual(found.pixels, [800, 240]);
    assert.ok(Math.abs(found.aspect - 800 / 240) < 0.02, `aspect ${found.aspect}`);
    assert.ok(Math.abs(found.bar - 0.25) < 0.005, `the bar takes ${found.bar} of the width`);
    assert.deepEqual(found.outside, []);
    assert.match(found.alt, /Slice of the composite; colours: bulk.*scale bar 50 nm/);
    assert.deepEqual(complaints, []);
  });
}

test('the top axis stays with the bottom axis, and dragging moves both', async () => {
  const { page, complaints } = await open('report.html', 1280);
  const plot = page.locator('#figure-conductivity .plot');
  await plot.scrollIntoViewIfNeeded();
  const middle = async () => {
    const box = await pointAt(page, 'Li2B12H12 + ZrO2, measured').boundingBox();
    return box.x + box.width / 2;
  };
  const hovered = async (x) => {
    const tick30 = await topTick(page, '30');
    const tick60 = await topTick(page, '60');
    return Math.min(Math.abs(x - tick30), Math.abs(x - tick60));
  };
  const before = await middle();
  assert.ok(await hovered(before) < 1.5, 'the measured point stands under its temperature');
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + 300, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x + 340, box.y + 300, { steps: 5 });
  await page.mouse.up();
  await page.waitForTimeout(300);
  const after = await middle();
  assert.ok(Math.abs(after - before - 40) < 2, `dragged by 40 px, moved by ${after - before}`);
  assert.ok(await hovered(after) < 1.5, 'the measured point still stands under its temperature');
  assert.deepEqual(complaints, []);
});

test('Ctrl and wheel zoom, the bare wheel scrolls the page', async () => {
  const { page } = await open('report.html', 1280);
  await page.locator('#figure-capacity').scrollIntoViewIfNeeded();
  const labels = () => page.locator('#figure-capacity svg .role-axis-label text').allTextContents();
  const box = await page.locator('#figure-capacity svg.marks').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await labels();
  await page.mouse.wheel(0, 120);
  await page.waitForTimeout(200);
  assert.deepEqual(await labels(), before);
  const again = await page.locator('#figure-capacity svg.marks').boundingBox();
  await page.mouse.move(again.x + again.width / 2, again.y + again.height / 2);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -400);
  await page.keyboard.up('Control');
  await page.waitForTimeout(300);
  assert.notDeepEqual(await labels(), before);
});

test('a point tells its value and source, a legend entry singles out its series', async () => {
  const { page, complaints } = await open('report.html', 1280);
  await pointAt(page, 'Li2B12H12 + ZrO2, measured').hover();
  const tip = page.locator('#vg-tooltip-element');
  await tip.waitFor({ state: 'visible' });
  assert.match(await tip.textContent(), /mS\/cm at (30|60) °C\nmeasured, Hehn 2025/);
  const faded = () => page.locator('#figure-conductivity svg .mark-line path').evaluateAll((nodes) => nodes.filter((node) => Number(node.getAttribute('opacity') ?? 1) < 0.2).length);
  assert.equal(await faded(), 0);
  await page.locator('#figure-conductivity svg .role-legend-label text', { hasText: 'measured' }).click();
  await page.waitForTimeout(300);
  assert.ok(await faded() >= 1, 'the law fades when the measured series is picked');
  assert.deepEqual(complaints, []);
});

test('numbers show kind, source and note on hover and on focus', async () => {
  const { page } = await open('report.html', 1280);
  const tip = page.locator('#tip');
  assert.ok(await tip.isHidden());
  await page.locator('.verdicts .value', { hasText: '1.2 mS/cm' }).first().hover();
  assert.ok(await tip.isVisible());
  assert.match(await tip.textContent(), /^measured\nHehn et al\. 2025/);
  await page.mouse.move(0, 0);
  assert.ok(await tip.isHidden());
  await page.locator('#section-cell .value', { hasText: '207' }).focus();
  assert.ok(await tip.isVisible());
  assert.match(await tip.textContent(), /computed\npore volume.*\nnote: more electrolyte/s);
  await page.keyboard.press('Escape');
  assert.ok(await tip.isHidden());
});

test('tables sort by number, unknown numbers last', async () => {
  const { page } = await open('report.html', 1280);
  const head = page.locator('#table-conductivity_points th').nth(2);
  const column = () => page.locator('#table-conductivity_points tbody tr td:nth-child(3)').evaluateAll((cells) => cells.map((cell) => cell.dataset.sort));
  const known = (await column()).filter((text) => text !== '').map(Number);
  for (const [direction, sign] of [['ascending', 1], ['descending', -1], ['ascending', 1]]) {
    await head.locator('button').click();
    assert.equal(await head.getAttribute('aria-sort'), direction);
    const expected = [...known].sort((a, b) => sign * (a - b)).map(String);
    assert.deepEqual((await column()).map((text) => text && String(Number(text))), [...expected, '']);
  }
  await page.locator('#table-conductivity_points th').first().locator('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'none');
  const names = await page.locator('#table-conductivity_points tbody tr td:first-child').allTextContents();
  assert.ok(names.indexOf('other electrolyte 2') < names.indexOf('other electrolyte 10'), 'numbers inside words count');
});

test('tables and figures can be taken away', async () => {
  const { page } = await open('report.html', 1280);
  const csv = await page.locator('#table-conductivity_points a.csv').getAttribute('href');
  assert.equal(decodeURIComponent(csv.slice(csv.indexOf(',') + 1)), readFileSync(join(pages, 'tables', 'conductivity_points.csv'), 'utf8'));
  for (const [label, check] of [['SVG', (bytes) => bytes.toString().startsWith('<svg')], ['PNG', (bytes) => bytes.subarray(1, 4).toString() === 'PNG']]) {
    await page.locator('#figure-conductivity summary').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#figure-conductivity .vega-actions a', { hasText: label }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^conductivity\./);
    assert.ok(check(readFileSync(await download.path())), `${label} of the figure`);
    await page.locator('#figure-conductivity summary').click();
  }
});

test('paper shows everything', async () => {
  const { page } = await open('report.html', 1280);
  const closed = () => page.locator('main > details:not([open])').count();
  assert.equal(await closed(), 3);
  await page.emulateMedia({ media: 'print' });
  await page.waitForFunction(() => document.querySelectorAll('main > details:not([open])').length === 0);
  const clipped = await page.locator('.frame').evaluateAll((frames) => frames.filter((frame) => frame.scrollHeight > frame.clientHeight + 1).length);
  assert.equal(clipped, 0);
  await page.emulateMedia({ media: 'screen' });
  await page.waitForFunction(() => document.querySelectorAll('main > details:not([open])').length === 3);
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 4).toString(), '%PDF');
  writeFileSync(join(out, 'report.pdf'), pdf);
});

test('every kind of layer and axis is drawn without a warning', async () => {
  const { page, complaints } = await open('gallery/report.html', 1280);
  for (const [id, selector, count] of [
    ['marks', '.mark-area path', 1], ['marks', '.mark-line path', 3], ['marks', '.mark-text.role-mark text', 2],
    ['grouped_bars', '.mark-rect path', 8], ['narrow_log', '.mark-rule.role-mark line', 3], ['both_log', '.mark-line path', 1],
    ['names', '.mark-symbol.role-mark path', 6], ['gaps', '.mark-symbol.role-mark path', 1],
    ['ranges', '.mark-rect.role-mark path', 3], ['ranges', '.mark-text.role-mark text', 3],
    ['cells', '.mark-rect.role-mark path', 6], ['cells', '.mark-text.role-mark text', 5],
    ['drawing', '.mark-symbol.role-mark path', 5], ['drawing', '.role-axis', 0],
  ]) {
    assert.equal(await page.locator(`#figure-${id} svg.marks ${selector}`).count(), count, `${id}: ${selector}`);
  }
  const labels = await page.locator('#figure-narrow_log svg.marks .role-axis-label text').allTextContents();
  assert.ok(labels.includes('0.002') && labels.includes('0.005'), labels.join(' '));
  const line = await page.locator('#figure-gaps svg.marks .mark-line path').getAttribute('d');
  assert.equal(line.match(/M/g).length, 2, 'the gap splits the line');
  await page.screenshot({ path: join(out, 'gallery.png'), fullPage: true });
  assert.deepEqual(complaints, []);
});

test('on a telephone rows keep their height, a drawing its aspect, and words that do not fit give way', async () => {
  const heights = {};
  for (const width of widths) {
    const { page, complaints } = await open('gallery/report.html', width);
    heights[width] = await page.locator('#figure-ranges svg.marks .mark-rect.role-mark path').first().evaluate((node) => node.getBoundingClientRect().height);
    const corners = await page.locator('#figure-drawing svg.marks .mark-symbol.role-mark').first().locator('path').evaluateAll((nodes) => nodes.map((node) => {
      const box = node.getBoundingClientRect();
      return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    }));
    const length = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const [left, right, top] = corners;
    assert.ok(Math.abs(length(left, top) / length(left, right) - 1) < 0.03, `an equilateral triangle at ${width} px`);
    const cut = await page.locator('#figure-ranges svg.marks .mark-text.role-mark text').allTextContents();
    assert.equal(cut.includes('boron + hydrogen'), width > 600, `${width} px: ${cut.join(' | ')}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
    await page.screenshot({ path: join(out, `gallery_${width}.png`), fullPage: true });
    assert.deepEqual(complaints, []);
  }
  assert.ok(Math.abs(heights[420] - heights[1280]) < 1, `rows of ${heights[1280]} and ${heights[420]} px`);
});

test('foreign text stays text', async () => {
  const { page, complaints } = await open('hostile/report.html', 1280);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator('img:not([src^="data:image/png;base64,"])').count(), 0);
  assert.equal(await page.locator('.plot.failed').count(), 0);
  assert.equal(await page.locator('.plot svg.marks').count(), 3);
  await page.locator('#figure-polarisation svg .mark-rect path').first().hover();
  const tip = page.locator('#vg-tooltip-element');
  await tip.waitFor({ state: 'visible' });
  assert.match(await tip.textContent(), /<img src=x onerror/);
  await page.locator('.verdicts .value').first().hover();
  assert.match(await page.locator('#tip').textContent(), /<img src=x onerror/);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.deepEqual(complaints, []);
});

let failures = 0;
for (const { name, body } of tests) {
  try {
    await body();
    console.log(`pass  ${name}`);
  } catch (error) {
    ++failures;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failures === 0 ? 0 : 1);
