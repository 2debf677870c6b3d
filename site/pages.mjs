// Copies docs/ to where the generator's packages are found, with the pictures that the journeys made. A missing picture is an empty dot, so
// that the site can be built without them.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** One transparent pixel. */
const NOTHING = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

rmSync(here("pages"), { recursive: true, force: true });
cpSync(here("../docs"), here("pages"), { recursive: true });
mkdirSync(here("pages/public/pictures"), { recursive: true });
let found = 0;
const names = [...readFileSync(here("pages/pictures.md"), "utf8").matchAll(/\(\/pictures\/([\w-]+\.png)\)/g)].map(([, name]) => name);
for (const name of names) {
  const source = here(`../.results/screenshots/${name}`);
  const target = here(`pages/public/pictures/${name}`);
  if (existsSync(source)) {
    copyFileSync(source, target);
    found += 1;
  } else writeFileSync(target, Buffer.from(NOTHING, "base64"));
}
console.log(`${found} of ${names.length} pictures`);
