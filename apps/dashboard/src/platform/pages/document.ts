import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Piece } from "#platform/compression";
import { placePieces } from "./place.ts";
import type { Place } from "./place.ts";
import type { TemplateFile } from "./template-file.ts";

/** Our start page rendered for one visit. */
export interface Document {
  /** In this order the whole of it. */
  readonly pieces: readonly Piece[];
  readonly policy: string;
}

interface RenderOptions {
  readonly data: string | undefined;
  /** HTML; "" for none. */
  readonly firstScreen: string;
  readonly customCode: boolean;
  /** What tells a visitor who came below a path of another site. */
  readonly place: Place;
  /** Whether any site may show it in a frame. */
  readonly anyFrame: boolean;
}

interface Template {
  readonly path: string;
  readonly modifiedMs: number;
  readonly html: string;
}

const PLACE_MARK = "<!--wf-place-->";
const DATA_MARK = "<!--wf-data-->";
const SCREEN_MARK = "<!--wf-first-screen-->";
const NONCE_MARK = "__CSP_NONCE__";

/** Keeps the last text of each start page, read again when the file changed. */
export function createDocuments() {
  const cache = new Map<string, Template>();
  const load = async (file: TemplateFile): Promise<string> => {
    const known = cache.get(file.path);
    if (known?.modifiedMs === file.modifiedMs) return known.html;
    const html = await readFile(file.path, "utf8");
    cache.set(file.path, { path: file.path, modifiedMs: file.modifiedMs, html });
    return html;
  };
  return {
    load,
    /** `data` is embedded as JSON for the first paint, and what is drawn of it already stands where the script will draw; custom code, while there is any, needs an open policy (spec 10 section 17). */
    async render(file: TemplateFile, options: RenderOptions): Promise<Document> {
      const nonce = randomBytes(16).toString("base64url");
      const [before = "", ...after] = (await load(file)).split(DATA_MARK);
      const [head = "", ...rest] = before.split(SCREEN_MARK);
      const screen = [{ text: options.firstScreen }, ...noncePieces(rest.join(""), nonce)];
      const data = options.data === undefined ? [] : dataPieces(options.data, nonce);
      const pieces = [...placedPieces(head, options.place, nonce), ...screen, ...data, ...noncePieces(after.join(DATA_MARK), nonce)];
      return { pieces, policy: options.customCode ? openPolicy(options) : strictPolicy(nonce, options) };
    },
  };
}

/** The head with the script that finds out where the page stands, which comes before every other. */
function placedPieces(head: string, place: Place, nonce: string): Piece[] {
  const [before = "", ...after] = head.split(PLACE_MARK);
  if (after.length === 0) return noncePieces(before, nonce);
  return [...noncePieces(before, nonce), ...placePieces(place, nonce), ...noncePieces(after.join(""), nonce)];
}

/** What of a page is the same for everybody, and between it what is not. */
function noncePieces(html: string, nonce: string): Piece[] {
  return html.split(NONCE_MARK).flatMap((text, index): Piece[] => (index === 0 ? [{ text }] : [{ text: nonce, fresh: true }, { text }]));
}

function dataPieces(data: string, nonce: string): Piece[] {
  const [open, close] = ['<script type="application/json" id="wf-data" nonce="', "</script>"];
  return [{ text: open }, { text: nonce, fresh: true }, { text: `">${escapeForScript(data)}${close}` }];
}

/** JSON inside a script element: nothing in it may end the element or start a comment. */
function escapeForScript(json: string): string {
  return json
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

const ancestors = ({ anyFrame }: RenderOptions): string => `frame-ancestors ${anyFrame ? "*" : "'self'"}`;
const openPolicy = (options: RenderOptions): string => `${ancestors(options)}; object-src 'none'; base-uri 'self'`;

function strictPolicy(nonce: string, options: RenderOptions): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    ancestors(options),
  ].join("; ");
}
