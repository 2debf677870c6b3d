// Copies docs/ to where the generator's packages are found, with the pictures that the journeys made. A missing picture is an empty dot, so
// that the site can be built without them.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** One transparent pixel. */
const NOTHING = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

rmSync(here("pages"), { recursive: true, force: true });
cpSync(here("../docs"), here("pages"), { recursive: true });
// A folder's page is its index here; a file of code that pages lead to is a page that shows it.
for (const name of readdirSync(here("pages"), { recursive: true })) {
  const path = here(`pages/${name}`);
  if (name.endsWith(".md")) {
    const text = readFileSync(path, "utf8");
    const linked = text.replaceAll(/(\]\((?!https?:)[^)\s]*?)README\.md/g, "$1index.md").replaceAll(/(\]\(examples\/[\w.-]+)\)/g, "$1.md)");
    writeFileSync(path, linked);
    if (name.endsWith("README.md")) renameSync(path, path.replace(/README\.md$/, "index.md"));
  } else if (name.includes("examples/")) {
    const title = name.slice(name.lastIndexOf("/") + 1);
    writeFileSync(`${path}.md`, `# ${title}\n\n\`\`\`${title.slice(title.lastIndexOf(".") + 1)}\n${readFileSync(path, "utf8")}\`\`\`\n`);
  }
}
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
