import type { PageLanguage } from "@windfire/api";
import { badgeJson, badgeSvg } from "../feeds/badge.ts";
import { calendarOf } from "../feeds/calendar-feed.ts";
import { atomOf, rssOf } from "../feeds/news-feed.ts";
import { daysOf, incidentsOf, statusOf, summaryOf } from "../feeds/summary.ts";
import type { Places } from "../feeds/summary.ts";
import { titleOf } from "../drawing/document.ts";
import type { Frame, Theme } from "../drawing/document.ts";
import { drawPage, headline } from "../drawing/page.ts";
import { drawEmbed } from "../drawing/small-pages.ts";
import { wordsOf } from "../drawing/words.ts";
import { shownIndicator } from "../view/model.ts";
import type { PageView } from "../view/model.ts";
import type { Draft } from "./editions.ts";

/** What a document is drawn for. */
export interface Reader {
  readonly language: PageLanguage;
  readonly theme: Theme;
  readonly base: string;
  /** What the reader chose in the address, kept by links. */
  readonly query: string;
  readonly font: string;
  readonly places: Places;
}

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/**
 * For other people's pages: a link that says how it is, as text. The link that stands before the script is that one, so where scripts or the
 * dashboard do not run its own text stays; without such a link one is made.
 * `<a class="windfire-status" href="…">Status</a><script src="…/embed.js" async></script>`
 */
const EMBED_SCRIPT = `(()=>{const s=document.currentScript;if(!s)return;const b=new URL(".",s.src),p=s.previousElementSibling;let a=p;if(!p||!p.matches("a.windfire-status")){a=document.createElement("a");a.href=b.href;a.rel="noopener";a.className="windfire-status";a.textContent=s.dataset.text||"Status";s.after(a)}const f=()=>fetch(new URL("api/v2/status.json",b)).then(r=>r.json()).then(d=>{a.textContent=d.status.description;a.dataset.indicator=d.status.indicator}).catch(()=>{});f();setInterval(f,6e4)})();\n`;

const frameOf = (view: PageView, { language, theme, base, query, font }: Reader): Frame => ({
  words: wordsOf(language, view.zone),
  theme,
  base,
  query,
  font,
});

const json = (value: object): Draft => ({ text: JSON.stringify(value), contentType: JSON_TYPE, policy: "" });
const text = (contentType: string, content: string): Draft => ({ text: content, contentType, policy: "" });

function badgeOf(view: PageView, reader: Reader) {
  const { words } = frameOf(view, reader);
  return { label: titleOf(view.page, words), message: headline(view, words), indicator: shownIndicator(view) };
}

/** Documents by their path on a page that change with what it shows alone. Those in a language or theme are drawn for each. */
export const DOCUMENTS: Readonly<Record<string, { readonly isNeutral?: true; readonly draw: (view: PageView, reader: Reader) => Draft }>> =
  {
    "/": {
      draw(view, reader) {
        const { html, policy } = drawPage(view, frameOf(view, reader));
        return { text: html, contentType: HTML, policy };
      },
    },
    "/embed": {
      draw(view, reader) {
        const { html, policy } = drawEmbed(view, frameOf(view, reader), `${reader.base}/`);
        return { text: html, contentType: HTML, policy };
      },
    },
    "/feed.rss": {
      draw: (view, reader) => {
        const { words } = frameOf(view, reader);
        return text("application/rss+xml; charset=utf-8", rssOf(view, words, titleOf(view.page, words), reader.places));
      },
    },
    "/feed.atom": {
      draw: (view, reader) => {
        const { words } = frameOf(view, reader);
        return text("application/atom+xml; charset=utf-8", atomOf(view, words, titleOf(view.page, words), reader.places));
      },
    },
    "/maintenance.ics": {
      draw: (view, reader) => {
        const { words } = frameOf(view, reader);
        return text("text/calendar; charset=utf-8", calendarOf(view, words, titleOf(view.page, words), reader.places));
      },
    },
    "/api/v2/summary.json": { draw: (view, reader) => json(summaryOf(view, frameOf(view, reader).words, reader.places)) },
    "/api/v2/status.json": { draw: (view, reader) => json(statusOf(view, frameOf(view, reader).words, reader.places)) },
    "/api/v2/incidents.json": { draw: (view, reader) => json(incidentsOf(view, frameOf(view, reader).words, reader.places)) },
    "/days.json": { draw: (view, reader) => json(daysOf(view, frameOf(view, reader).words)) },
    "/badge.svg": { draw: (view, reader) => text("image/svg+xml; charset=utf-8", badgeSvg(badgeOf(view, reader))) },
    "/badge.json": { draw: (view, reader) => json(badgeJson(badgeOf(view, reader))) },
    "/embed.js": { isNeutral: true, draw: () => text("text/javascript; charset=utf-8", EMBED_SCRIPT) },
  };
