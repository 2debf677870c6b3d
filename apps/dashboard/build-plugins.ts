import type { Plugin } from "rolldown";

/** Of these, much that is never used here is evaluated on first use. */
const LAZY_BUILTINS = new Set(["node:http", "node:crypto"]);

/**
 * An import of one of Node's modules makes Node evaluate everything that the module offers, and `WebSocket` of `node:http` is a whole HTTP
 * client: 10 ms and 3 MB of a start. Taken as an object, only what is named is evaluated.
 */
export const builtinsByName: Plugin = {
  name: "builtins-by-name",
  resolveId: (id) => (LAZY_BUILTINS.has(id) ? `\0${id}` : undefined),
  load: (id) => (id.startsWith("\0node:") ? `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(1))});` : undefined),
};

/** The messages of a schema are never shown in zod's own words. */
export const withoutLocales: Plugin = {
  name: "without-locales",
  load: (id) => (id.endsWith("zod/v4/locales/index.js") ? "export {};" : undefined),
};

/** Routes are checked by zod (`platform/http`), so what Fastify would check JSON Schemas with is dead text, 250 kB of it. */
export const withoutJsonSchemas: Plugin = {
  name: "without-json-schemas",
  load: (id) => {
    const unused = /@fastify\/(?:ajv-compiler|fast-json-stringify-compiler)\/index\.js$/.test(id);
    return unused ? `module.exports = () => () => { throw new Error("the pack compiles no JSON Schema"); };` : undefined;
  },
};

const OUTSIDE_ASCII = /[\u0080-\uffff]/;
const LICENCE_COMMENT = /\/\*!.*?\*\//gs;

/** Escapes the names of authors, which the packer leaves as they are. */
function escapedComments(code: string): string {
  return code.replace(LICENCE_COMMENT, (comment) =>
    comment.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** Files as `src/code-cache.ts` runs them: strict, as the modules were of which they are made. */
export const asFunctions: Plugin = {
  name: "as-functions",
  generateBundle: (_options, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      const code = escapedComments(file.code);
      if (OUTSIDE_ASCII.test(code)) throw new Error(`${file.fileName} is not ASCII`);
      file.code = `(function(exports,require,module,__filename,__dirname){"use strict";${code}\n})`;
    }
  },
};
