// Bundles what the pages need from npm into workflow_app/web/static/dist/, with the licences of what went in.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { build } from "esbuild";

const target = resolve("../workflow_app/web/static/dist");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const { metafile } = await build({
  entryPoints: { diagram: "src/diagram.js", fonts: "src/fonts.css" },
  loader: { ".woff2": "file" },
  outdir: target,
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
});

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const match = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (match) packages.add(match[1]);
}

const texts = [...packages].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync(join(target, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

if (!existsSync(join(target, "diagram.js"))) throw new Error(`${dirname(target)}: esbuild wrote no diagram.js`);
console.log(`Bundled ${packages.size} packages into ${target}`);
