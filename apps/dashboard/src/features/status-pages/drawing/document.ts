import type { StatusPage } from "../pages/model.ts";
import { markup } from "./html.ts";
import type { Html } from "./html.ts";
import { icon, sprite } from "./icons.ts";
import { hashOf, styleOf } from "./style.ts";
import type { Words } from "./words.ts";

export type Theme = "auto" | "light" | "dark";

/** How and where a document is read. */
export interface Frame {
  readonly words: Words;
  readonly theme: Theme;
  /** Path before `/feed.rss` and its like; "" on a domain of its own. */
  readonly base: string;
  /** What a reader chose beside it, such as `?lang=de`, is kept by links to other pages; left out: nothing. */
  readonly query?: string;
  /** Address of the font's file; "": the system's. */
  readonly font: string;
  /** Left to right unless a test says otherwise: none of our languages is written the other way. */
  readonly dir?: "rtl";
}

/** A whole page, and the policy that lets nothing in but what is written in it. */
export interface Drawn {
  readonly html: string;
  readonly policy: string;
}

export interface DocumentParts {
  readonly page: StatusPage;
  readonly title: string;
  /** Below the bar, within the main part. */
  readonly main: Html;
  readonly foot: Html;
  readonly head?: Html;
  /** Whether any site may show it in a frame. */
  readonly anyFrame?: boolean;
  /** A script that is written into the page; "": none. */
  readonly script?: string;
  readonly bare?: boolean;
  /** An answer to one reader. */
  readonly isMessage?: boolean;
}

/** Address of a page below the start page, or of that (""). */
export function linkTo({ base, query = "" }: Frame, path: string): string {
  return (base + path || "/") + query;
}

export function titleOf({ settings }: StatusPage, { language }: Words): string {
  return settings.texts[language]?.title || settings.title;
}

export function documentOf(frame: Frame, parts: DocumentParts): Drawn {
  const { words, theme, font } = frame;
  const { page, script = "" } = parts;
  const style = styleOf(page.settings, theme, font);
  const whole = markup`<!doctype html>
<html lang="${words.language}"${frame.dir ? markup` dir="rtl"` : ""}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${parts.title}</title><link rel="icon" href="${iconOf(page)}"><meta name="robots" content="${page.settings.visibility === "public" && parts.isMessage !== true ? "index" : "noindex"}"><style>${{ html: style }}</style>
${parts.head ?? ""}${script !== "" && markup`<script>${{ html: script }}</script>`}</head>
<body>${sprite}${parts.bare !== true && bar(frame, page)}
<main id="main" class="wrap">${parts.main}${parts.foot}</main></body></html>
`;
  return { html: whole.html, policy: policyOf(style, script, parts.anyFrame === true) };
}

/** The logo, or the mark of pages that have none. */
function iconOf({ settings: { logo, accent } }: StatusPage): string {
  if (logo !== "") return logo;
  const colour = accent === "" ? "#12181f" : accent;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${colour}"/><path d="m2.8 8.6h2l1.6-3.8 2.6 6.6 1.6-4 .7 1.2h1.9" fill="none" stroke="#fff" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

function bar(frame: Frame, page: StatusPage): Html {
  const { words } = frame;
  const { logo, logo_dark: dark, links } = page.settings;
  const title = titleOf(page, words);
  const mark =
    logo === ""
      ? markup`${icon("pulse")}${title}`
      : markup`<picture>${dark !== "" && markup`<source srcset="${dark}" media="(prefers-color-scheme:dark)">`}<img src="${logo}" alt="${title}"></picture>`;
  return markup`<a class="skip" href="#main">${words.t("skip")}</a><header class="top"><div class="wrap"><a class="brand" href="${linkTo(frame, "")}">${mark}</a>${
    links.length > 0 &&
    markup`<nav class="row" aria-label="${title}">${links.map((link) => markup`<a href="${link.url}" rel="noopener">${link.title}</a>`)}</nav>`
  }</div></header>`;
}

function policyOf(style: string, script: string, anyFrame: boolean): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === "" ? [] : [`script-src ${hashOf(script)}`]),
    "img-src 'self' data:",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${anyFrame ? "*" : "'self'"}`,
  ].join("; ");
}
