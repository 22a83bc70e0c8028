// Builds what a page needs into build/static, where Django finds it. Nothing built is ever committed.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const target = join(root, "build", "static");

rmSync(target, { recursive: true, force: true });
for (const folder of ["css", "fonts", "govuk-frontend"]) {
  mkdirSync(join(target, folder), { recursive: true });
}

const { css } = sass.compile(join(root, "styles", "site.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(target, "css", "site.css"), css);

copyFileSync(
  join(modules, "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2"),
  join(target, "fonts", "atkinson-hyperlegible-next-latin.woff2"),
);

copyFileSync(
  join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"),
  join(target, "govuk-frontend", "govuk-frontend.min.js"),
);
