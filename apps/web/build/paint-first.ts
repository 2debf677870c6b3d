import type { Plugin } from "vite";
import { LANGUAGES } from "../src/lib/languages.ts";

const TEXTS_MARK = '"__TEXT_FILES__"';
const DATA_MARK = "<!--wf-data-->";
const STYLE = /\s*<link rel="stylesheet"[^>]*>/g;
const SCRIPT = /\s*<(?:script type="module"[^>]*><\/script>|link rel="modulepreload"[^>]*>)/g;

/**
 * Puts what the first paint needs ahead of what it does not: on a slow line the style sheet does not share its way with scripts, which are
 * named below the first screen. `__TEXT_FILES__` becomes the files of each language by its tag.
 */
export function paintFirst(): Plugin {
  let base = "/";
  return {
    name: "windfire:paint-first",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        if (!html.includes(TEXTS_MARK)) return html;
        const chunks = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [file] : []));
        const filesOf = (file: string): string[] =>
          chunks.flatMap(({ facadeModuleId, fileName }) => (facadeModuleId?.endsWith(`/${file}.json`) === true ? [base + fileName] : []));
        const texts = Object.fromEntries(LANGUAGES.map(({ tag, file }) => [tag, filesOf(file)]));
        const scripts = html.match(SCRIPT)?.join("") ?? "";
        const styles = html.match(STYLE)?.join("") ?? "";
        return html
          .replace(SCRIPT, "")
          .replace(STYLE, "")
          .replace("</title>", () => `</title>${styles}`)
          .replace(DATA_MARK, () => `${scripts.trim()}\n    ${DATA_MARK}`)
          .replace(TEXTS_MARK, () => JSON.stringify(texts));
      },
    },
  };
}
