import type { IncidentView, MaintenanceView, PageView } from "../view/model.ts";
import { textIn, titleIn } from "../view/in-language.ts";
import { escapeHtml } from "../drawing/html.ts";
import { markdown } from "../drawing/markdown.ts";
import type { Words } from "../drawing/words.ts";
import type { Places } from "./summary.ts";

/** An entry of a feed: an incident, or planned work. */
interface Entry {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly at: number;
  readonly updatedAt: number;
  readonly html: string;
}

const MOST = 50;

/** XML 1.0 has no place for control characters, however they are written. */
function xml(text: string): string {
  return escapeHtml(text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, ""));
}

function entriesOf(view: PageView, words: Words, places: Places): Entry[] {
  const incident = (one: IncidentView): Entry => ({
    id: `${places.id}:incident-${one.id}`,
    title: `${words.t(one.status)}: ${titleIn(one, words.language)}`,
    link: `${places.url}/incident/${one.id}`,
    at: one.startedAt,
    updatedAt: one.updates[0]?.at ?? one.updatedAt,
    html: one.updates
      .map(
        (update) =>
          `<p><small>${escapeHtml(words.full(update.at))}</small><br><strong>${escapeHtml(words.t(update.status))}</strong></p>${markdown(textIn(update, words.language)).html}`,
      )
      .join(""),
  });
  const maintenance = (one: MaintenanceView): Entry => ({
    id: `${places.id}:maintenance-${one.id}:${one.run.from}`,
    title: `${words.t("plannedMaintenance")}: ${titleIn(one, words.language)}`,
    link: `${places.url}/#maintenance-${one.id}`,
    at: one.createdAt,
    updatedAt: one.updatedAt,
    html: `<p><small>${escapeHtml(`${words.full(one.run.from)} – ${words.full(one.run.to)}`)}</small></p>${markdown(textIn(one, words.language)).html}`,
  });
  return [...view.open.map(incident), ...view.past.map(incident), ...view.maintenances.map(maintenance)]
    .toSorted((a, b) => b.updatedAt - a.updatedAt)
    .slice(0, MOST);
}

/** RSS 2.0. */
export function rssOf(view: PageView, words: Words, title: string, places: Places): string {
  const items = entriesOf(view, words, places).map(
    (entry) =>
      `<item><title>${xml(entry.title)}</title><link>${xml(entry.link)}</link><guid isPermaLink="false">${xml(entry.id)}</guid><pubDate>${new Date(entry.updatedAt).toUTCString()}</pubDate><description>${xml(entry.html)}</description></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${xml(title)}</title><link>${xml(places.url)}/</link><description>${xml(title)}</description><language>${words.language}</language><lastBuildDate>${new Date(view.at).toUTCString()}</lastBuildDate><atom:link href="${xml(places.url)}/feed.rss" rel="self" type="application/rss+xml"/>${items.join("")}</channel></rss>
`;
}

/** Atom 1.0 (RFC 4287). */
export function atomOf(view: PageView, words: Words, title: string, places: Places): string {
  const entries = entriesOf(view, words, places).map(
    (entry) =>
      `<entry><id>urn:windfire:${xml(entry.id)}</id><title>${xml(entry.title)}</title><link href="${xml(entry.link)}"/><published>${new Date(entry.at).toISOString()}</published><updated>${new Date(entry.updatedAt).toISOString()}</updated><content type="html">${xml(entry.html)}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${words.language}"><id>urn:windfire:${xml(places.id)}</id><title>${xml(title)}</title><updated>${new Date(view.at).toISOString()}</updated><author><name>${xml(title)}</name></author><link href="${xml(places.url)}/"/><link rel="self" href="${xml(places.url)}/feed.atom"/>${entries.join("")}</feed>
`;
}
