import { PAGE_LANGUAGES } from "@windfire/api";
import { titleIn } from "../view/in-language.ts";
import type { PartView, PageView } from "../view/model.ts";
import { documentOf, linkTo, titleOf } from "./document.ts";
import type { Drawn, Frame } from "./document.ts";
import { markup } from "./html.ts";
import type { Html } from "./html.ts";
import { icon, shapeOfIndicator } from "./icons.ts";
import { shownIndicator } from "../view/model.ts";
import { incidentCard, maintenanceCard, pastMonths } from "./incidents.ts";
import { markdown } from "./markdown.ts";
import { groupCard, legend, partName } from "./parts.ts";
import type { Words } from "./words.ts";

/** Months of the start page; earlier ones have pages of their own. */
const PAST_SHOWN = 30;
/** States that one sentence speaks of. */
const SAID_TOGETHER: readonly (readonly PartView["state"][])[] = [["down"], ["partial", "degraded"], ["maintenance"]];
/** A copy says that it is old from ten minutes on. */
const COPY_SCRIPT = `addEventListener("DOMContentLoaded",()=>{const a=+document.body.querySelector("[data-at]").dataset.at;const f=()=>document.documentElement.classList.toggle("is-old",Date.now()-a>6e5);f();setInterval(f,3e4)})`;

export interface PageOptions {
  /** What has just been done or refused, in words; "": nothing. */
  readonly notice?: string;
  /** The page is a copy elsewhere: nothing can be asked of it, and it says when it was made. */
  readonly isCopy?: boolean;
}

/** The page as readers open it. */
export function drawPage(view: PageView, frame: Frame, { notice = "", isCopy = false }: PageOptions = {}): Drawn {
  const { words } = frame;
  const { page } = view;
  const title = titleOf(page, words);
  const intro = page.settings.texts[words.language]?.intro || page.settings.intro;
  const offersMail = page.settings.subscribe_email && page.channelId !== 0;
  const running = view.maintenances.filter((maintenance) => maintenance.running);
  const coming = view.maintenances.filter((maintenance) => !maintenance.running);
  const say = headline(view, words);
  const main = markup`${notice !== "" && markup`<p class="card note" role="status">${notice}</p>`}${isCopy && markup`<p class="card note old">${words.t("copyIsOld")}</p>`}
<section class="say"><div><h1>${icon(shapeOfIndicator(shownIndicator(view)))}<span>${say}</span></h1><p>${restOf(view, words)}${words.t("updated", { time: words.time(view.at) })}</p></div>${!isCopy && markup`<a class="btn" href="#updates">${icon("bell")}${words.t("getUpdates")}</a>`}</section>
${intro !== "" && markup`<div class="intro md">${markdown(intro)}</div>`}
${view.open.length + running.length > 0 && markup`<section aria-labelledby="open-now"><h2 class="vh" id="open-now">${words.t("openNow")}</h2><div class="stack">${view.open.map((incident) => incidentCard(view, incident, frame))}${running.map((one) => maintenanceCard(view, one, words))}</div></section>`}
${view.groups.map((group) => groupCard(group, words))}${view.groups.length > 0 && legend(words)}
${coming.length > 0 && markup`<section class="sect"><h2>${words.t("plannedMaintenance")}</h2><div class="stack">${coming.map((one) => maintenanceCard(view, one, words))}</div></section>`}
${pastMonths(view, view.past.slice(0, PAST_SHOWN), frame)}
${!isCopy && updatesCard(frame, offersMail, page.settings.subscribe_webhook)}`;
  return documentOf(frame, {
    page,
    title: `${say} · ${title}`,
    head: markup`<link rel="alternate" type="application/rss+xml" href="${frame.base}/feed.rss" title="${title}"><link rel="alternate" type="application/atom+xml" href="${frame.base}/feed.atom" title="${title}"><meta name="description" content="${say}">`,
    main,
    foot: foot(view, frame, isCopy),
    ...(isCopy ? { script: COPY_SCRIPT } : {}),
  });
}

/** One sentence that a person would say. */
export function headline(view: PageView, words: Words): string {
  const parts = view.groups.flatMap((group) => group.parts);
  const having = (...states: PartView["state"][]): PartView[] => parts.filter(({ state }) => states.includes(state));
  const [down, slow] = [having("down"), having("partial", "degraded")];
  const known = parts.filter(({ state }) => state !== "unknown");
  const nameOf = (part: PartView | undefined): string => (part === undefined ? "" : partName(part, words));
  if (known.length > 1 && down.length === known.length) return words.t("allDown");
  if (down.length > 0) return down.length === 1 ? words.t("oneDown", { name: nameOf(down[0]) }) : words.t("someDown");
  if (slow.length > 0) return slow.length === 1 ? words.t("oneSlow", { name: nameOf(slow[0]) }) : words.t("someSlow");
  const [incident] = view.open;
  if (incident !== undefined && incident.impact !== "none") return titleIn(incident, words.language);
  if (view.indicator === "maintenance") return words.t("underMaintenance");
  return known.length === 0 ? words.t("notMeasured") : words.t("allWorks");
}

/** Only where all that does not work is what the sentence is about. */
function restOf(view: PageView, words: Words): string {
  const states = view.groups.flatMap((group) => group.parts).map(({ state }) => state);
  const others = states.filter((state) => state !== "operational");
  const isSaid = SAID_TOGETHER.some((together) => others.every((state) => together.includes(state)));
  return others.length > 0 && others.length < states.length && isSaid ? `${words.t("restWorks")} ` : "";
}

/** Forms that need no script, and the feeds. */
function updatesCard({ words, base }: Frame, mail: boolean, webhook: boolean): Html {
  const form = (kind: "email" | "webhook", type: "email" | "url"): Html =>
    markup`<form method="post" action="${base}/subscribe"><label for="get-${kind}">${words.t(kind)}</label><div class="row"><input id="get-${kind}" type="${type}" name="${kind}" required autocomplete="${kind === "email" ? "email" : "off"}"><input type="hidden" name="lang" value="${words.language}"><button class="btn main">${words.t("subscribe")}</button></div></form>`;
  return markup`<section class="card get" id="updates"><h2>${words.t("getUpdates")}</h2>${mail && form("email", "email")}${webhook && form("webhook", "url")}<p class="feeds"><a href="${base}/feed.rss">RSS</a><a href="${base}/feed.atom">Atom</a><a href="${base}/maintenance.ics">${words.t("calendar")}</a><a href="${base}/api/v2/summary.json">JSON</a></p></section>`;
}

function foot(view: PageView, frame: Frame, isCopy: boolean): Html {
  const { words } = frame;
  const { page } = view;
  const text = page.settings.texts[words.language]?.footer || page.settings.footer;
  return markup`<footer class="foot">${text !== "" && markup`<div class="md grow">${markdown(text)}</div>`}<span>${words.t("timesIn", { zone: view.zone })}</span>${
    isCopy
      ? markup`<span data-at="${view.at}">${words.t("written", { time: words.full(view.at) })}</span>`
      : markup`<a href="${linkTo(frame, "/history")}">${words.t("earlier")}</a>`
  }<span class="grow"></span>${!isCopy && languages(words)}</footer>`;
}

/** Each language by its own name. */
function languages(words: Words): Html {
  const nameOf = (language: string): string => new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return markup`<details><summary>${words.t("language")}</summary><div class="langs">${PAGE_LANGUAGES.map(
    (language) => markup`<a href="?lang=${language}" lang="${language}" hreflang="${language}">${nameOf(language)}</a>`,
  )}</div></details>`;
}
