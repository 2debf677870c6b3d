import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import manifest from "country-flag-icons/package.json" with { type: "json" };
import type { Plugin } from "vite";

const VIRTUAL = "virtual:flag-files";
const RESOLVED = `\0${VIRTUAL}`;
const FLAG = /^[A-Z]{2}\.svg$/;

/**
 * Puts one small SVG per country beside the assets, loaded only when shown. The folder carries the package's version, so the files may be
 * cached for ever. `virtual:flag-files` gives the folder's address and the known codes.
 */
export function flagFiles(): Plugin {
  const source = join(dirname(createRequire(import.meta.url).resolve("country-flag-icons/package.json")), "3x2");
  const names = readdir(source).then((found) => found.filter((name) => FLAG.test(name)).toSorted());
  const folder = `assets/flags-${manifest.version}`;
  let emits = true;
  return {
    name: "windfire:flag-files",
    configResolved(config) {
      emits = config.build.ssr === false;
    },
    resolveId: (id) => (id === VIRTUAL ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const codes = (await names).map((name) => name.slice(0, 2).toLowerCase()).join("");
      return `export const folder = ${JSON.stringify(folder)}; export const codes = ${JSON.stringify(codes)};`;
    },
    async generateBundle() {
      if (!emits) return;
      for (const name of await names) {
        this.emitFile({ type: "asset", fileName: `${folder}/${name.toLowerCase()}`, source: await readFile(join(source, name)) });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /\/assets\/flags-[^/]+\/([a-z]{2})\.svg$/.exec(request.url ?? "")?.[1];
        if (name === undefined) return next();
        void readFile(join(source, `${name.toUpperCase()}.svg`)).then(
          (svg) => response.setHeader("Content-Type", "image/svg+xml").end(svg),
          () => next(),
        );
      });
    },
  };
}
