// Builds what a page needs into build/static, where Django finds it. Nothing built is ever committed.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

const typeface = join(modules, "@fontsource-variable", "atkinson-hyperlegible-next");
copyFileSync(
  join(typeface, "files", "atkinson-hyperlegible-next-latin-wght-normal.woff2"),
  join(target, "fonts", "atkinson-hyperlegible-next-latin.woff2"),
);
// Its licence asks to travel along.
copyFileSync(join(typeface, "LICENSE"), join(target, "fonts", "LICENSE.txt"));

// Without the pointer to a source map that is not served.
const library = readFileSync(join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "utf8");
writeFileSync(
  join(target, "govuk-frontend", "govuk-frontend.min.js"),
  library.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
);
