// Joins the minified builds of Vega, Vega-Lite and Vega-Embed into one script for the report page, the licences of every
// package they contain first. Usage: node bundle_vega.mjs <folder with package.json and node_modules> <output file>
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, output] = process.argv.slice(2);
if (!folder || !output) {
  console.error('usage: node bundle_vega.mjs <folder with package.json and node_modules> <output file>');
  process.exit(2);
}
const modules = join(folder, 'node_modules');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

// Vega first: the others look for it.
const bundled = ['vega', 'vega-lite', 'vega-embed'];

// Everything the three depend on, as npm would find it.
const needed = new Map();
const visit = (name, from) => {
  const nested = join(from, 'node_modules', name);
  const place = existsSync(nested) ? nested : join(modules, name);
  if (needed.has(place) || !existsSync(place)) return;
  const description = json(join(place, 'package.json'));
  needed.set(place, description);
  for (const dependency of Object.keys(description.dependencies ?? {})) visit(dependency, place);
};
for (const name of bundled) visit(name, folder);

// Equal licence texts are printed once, with all the packages they belong to.
const licences = new Map();
for (const [place, description] of needed) {
  const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(place, file), 'utf8').trim() : `Licence: ${description.license}`;
  licences.set(text, [...(licences.get(text) ?? []), `${description.name} ${description.version}`]);
}
const header = [...licences]
  .map(([text, names]) => `${names.sort().join(', ')}\n\n${text}`)
  .sort()
  .join(`\n\n${'-'.repeat(80)}\n\n`)
  .replaceAll('*/', '* /')
  .replaceAll('\r', '');

const code = bundled.map((name) =>
  readFileSync(join(modules, name, 'build', `${name}.min.js`), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '').trim());
const temporary = `${output}.part`;
writeFileSync(temporary, `/*\n${header}\n*/\n${code.join('\n;\n')}\n`);
renameSync(temporary, output);
