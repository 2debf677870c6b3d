import { drawPage } from "../drawing/page.ts";
import { titleOf } from "../drawing/document.ts";
import { wordsOf } from "../drawing/words.ts";
import { atomOf, rssOf } from "../feeds/news-feed.ts";
import { calendarOf } from "../feeds/calendar-feed.ts";
import { daysOf, summaryOf } from "../feeds/summary.ts";
import type { Places } from "../feeds/summary.ts";
import type { PageView } from "../view/model.ts";

/** A file of a copy. */
export interface CopyFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A page as files that any web server shows when the dashboard is down. */
export function copyOf(view: PageView, places: Places): CopyFile[] {
  const { language } = view.page.settings;
  const words = wordsOf(language, view.zone);
  const title = titleOf(view.page, words);
  const { html, policy } = drawPage(view, { words, theme: "auto", base: places.url, font: "" }, { isCopy: true });
  // Whoever serves the copy knows nothing of the policy's header; frames cannot be forbidden here.
  const meta = `<meta http-equiv="content-security-policy" content="${policy.replace(/; frame-ancestors [^;]*/, "").replaceAll('"', "&quot;")}">`;
  return [
    file("index.html", "text/html; charset=utf-8", html.replace("<head>", `<head>${meta}`)),
    file("summary.json", "application/json; charset=utf-8", JSON.stringify(summaryOf(view, words, places))),
    file("days.json", "application/json; charset=utf-8", JSON.stringify(daysOf(view, words))),
    file("feed.rss", "application/rss+xml; charset=utf-8", rssOf(view, words, title, places)),
    file("feed.atom", "application/atom+xml; charset=utf-8", atomOf(view, words, title, places)),
    file("maintenance.ics", "text/calendar; charset=utf-8", calendarOf(view, words, title, places)),
  ];
}

function file(name: string, contentType: string, text: string): CopyFile {
  return { name, contentType, bytes: Buffer.from(text) };
}
