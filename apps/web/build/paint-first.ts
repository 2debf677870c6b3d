import type { Plugin } from "vite";
import { LANGUAGES } from "../src/lib/languages.ts";

const TEXTS_MARK = '"__TEXT_FILES__"';
const DATA_MARK = "<!--wf-data-->";
const STYLE = /\s*<link rel="stylesheet"[^>]*href="([^"]*)"[^>]*>/g;
const SCRIPT = /\s*<(?:script type="module"[^>]*><\/script>|link rel="modulepreload"[^>]*>)/g;

/**
 * Puts what the first paint needs ahead of what it does not: scripts are named below what is drawn without them, and with `stylesInPage`
 * the style sheet is in the page, which saves a round trip to the dashboard. `__TEXT_FILES__`, where it stands, becomes the files of each
 * language by its tag.
 */
export function paintFirst({ stylesInPage }: { readonly stylesInPage: boolean }): Plugin {
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
        const chunks = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [file] : []));
        const filesOf = (file: string): string[] =>
          chunks.flatMap(({ facadeModuleId, fileName }) => (facadeModuleId?.endsWith(`/${file}.json`) === true ? [base + fileName] : []));
        const texts = Object.fromEntries(LANGUAGES.map(({ tag, file }) => [tag, filesOf(file)]));
        const scripts = html.match(SCRIPT)?.join("") ?? "";
        const sheets = [...html.matchAll(STYLE)].map(([, href = ""]) => textOf(bundle[href.slice(base.length)]));
        const style = `<style nonce="__CSP_NONCE__">${sheets.join("")}</style>`;
        const styled = stylesInPage ? html.replace(STYLE, "").replace("</title>", () => `</title>\n    ${style}`) : html;
        return styled
          .replace(SCRIPT, "")
          .replace(DATA_MARK, () => `${scripts.trim()}\n    ${DATA_MARK}`)
          .replace(TEXTS_MARK, () => JSON.stringify(texts));
      },
    },
  };
}

/** A style sheet's text. It stands in a page of its own base, so the addresses in it hold there too. */
function textOf(file: { readonly type: string; readonly source?: string | Uint8Array } | undefined): string {
  if (typeof file?.source !== "string") throw new Error("the style sheet is not among the files");
  return file.source.trim();
}
