import { StatusPageForm } from "@windfire/api";
import type { PageLanguage } from "@windfire/api";
import { expect, test } from "vitest";
import { atomOf, rssOf } from "../feeds/news-feed.ts";
import { calendarOf } from "../feeds/calendar-feed.ts";
import { incidentsOf, summaryOf } from "../feeds/summary.ts";
import { FRESH_PAGE, settingsOf } from "../pages/model.ts";
import { indicatorOf } from "../view/model.ts";
import type { IncidentView, MaintenanceView, PageView, ShownState } from "../view/model.ts";
import { drawPage } from "./page.ts";
import { drawIncident } from "./small-pages.ts";
import { wordsOf } from "./words.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
const LANGUAGES: readonly PageLanguage[] = ["en", "de", "fr"];

function viewOf(states: readonly ShownState[], said: Partial<Pick<PageView, "maintenances" | "open">> = {}): PageView {
  const settings = settingsOf(StatusPageForm.parse({ slug: "x", title: "Shop" }));
  const parts = states.map((state, at) => ({
    key: `k${at}`,
    kind: "service" as const,
    name: `Part ${at}`,
    names: {},
    state,
    days: [],
    percent: undefined,
    latencyMs: undefined,
  }));
  return {
    page: { ...FRESH_PAGE, id: 1, ownerId: 1, slug: "x", settings, createdAt: NOW, updatedAt: NOW },
    zone: "UTC",
    at: NOW,
    groups: [{ key: "g", name: "", names: {}, parts }],
    open: [],
    past: [],
    maintenances: [],
    indicator: indicatorOf(parts, []),
    ...said,
  };
}
const frameIn = (language: PageLanguage) => ({ words: wordsOf(language, "UTC"), theme: "auto" as const, base: "", font: "" });
const drawn = (view: PageView, language: PageLanguage = "en"): string => drawPage(view, frameIn(language)).html;

test.each<[ShownState[], string, boolean]>([
  [["operational", "operational"], "Everything works", false],
  [["down", "operational"], "Part 0 is down", true],
  [["down", "down", "operational"], "Some parts are down", true],
  [["down", "partial", "operational"], "Part 0 is down", false],
  [["down", "maintenance", "operational"], "Part 0 is down", false],
  [["partial", "degraded", "operational"], "Some parts are slow or partly down", true],
  [["maintenance", "operational"], "Planned maintenance is under way", true],
  [["down", "down"], "Everything is down", false],
  [["down", "unknown", "operational"], "Part 0 is down", false],
])("of parts that are %j it says %j, and that everything else works: %s", (states, sentence, rest) => {
  const html = drawn(viewOf(states));
  expect(html).toContain(`<span>${sentence}</span></h1>`);
  expect(html.includes("Everything else works.")).toBe(rest);
});

test("what a reader chose is kept by links to other pages of it, and by no others", () => {
  const view = viewOf(["operational"], { open: [incident] });
  const { html } = drawPage(view, { ...frameIn("de"), base: "/status/x", query: "?lang=de" });
  for (const href of ["/status/x?lang=de", "/status/x/incident/1?lang=de", "/status/x/history?lang=de", "/status/x/feed.rss"])
    expect(html).toContain(`href="${href}"`);
  expect(drawIncident(view, incident, { ...frameIn("de"), query: "?lang=de" }).html).toContain('href="/?lang=de"');
});

test("where nothing is known the page shows no tick", () => {
  const headOf = (states: readonly ShownState[]): string => /<h1>.*?<\/h1>/.exec(drawn(viewOf(states)))?.[0] ?? "";
  expect(headOf(["unknown"])).toContain("#i-none");
  expect(headOf([])).toContain("#i-none");
  expect(headOf(["unknown", "operational"])).toContain("#i-ok");
});

const incident: IncidentView = {
  id: 1,
  title: "Cards are refused",
  titles: { de: "Karten abgelehnt" },
  impact: "major",
  status: "investigating",
  startedAt: NOW,
  resolvedAt: 0,
  createdAt: NOW,
  updatedAt: NOW,
  affected: [],
  updates: [{ id: 1, at: NOW, status: "investigating", text: "We **look**.", texts: { de: "Wir **suchen**." } }],
};
const work: MaintenanceView = {
  id: 2,
  title: "New disks",
  titles: { de: "Neue Platten" },
  text: "All night.",
  texts: { de: "Die ganze Nacht." },
  run: { from: NOW + 1_000, to: NOW + 2_000 },
  running: false,
  parts: [],
  repeats: false,
  createdAt: NOW,
  updatedAt: NOW,
};

test.each(LANGUAGES)("in %s everything is said in that language where somebody wrote it, else as it was written first", (language) => {
  const view = viewOf(["operational"], { open: [incident], maintenances: [work] });
  const words = wordsOf(language, "UTC");
  const places = { id: "p", url: "https://status.example" };
  const outputs = {
    page: drawn(view, language),
    incident: drawIncident(view, incident, frameIn(language)).html,
    rss: rssOf(view, words, "Shop", places),
    atom: atomOf(view, words, "Shop", places),
    summary: JSON.stringify(summaryOf(view, words, places)),
    incidents: JSON.stringify(incidentsOf(view, words, places)),
    calendar: calendarOf(view, words, "Shop", places),
  };
  const [ours, theirs] = [
    ["Karten abgelehnt", "suchen", "Neue Platten", "Die ganze Nacht."],
    ["Cards are refused", "look", "New disks", "All night."],
  ];
  const [shown, hidden] = language === "de" ? [ours, theirs] : [theirs, ours];
  const all = Object.entries(outputs);
  for (const text of shown ?? []) expect(all.filter(([, output]) => output.includes(text)).length, text).toBeGreaterThanOrEqual(5);
  for (const text of hidden ?? [])
    expect(
      all.filter(([, output]) => output.includes(text)).map(([name]) => name),
      text,
    ).toEqual([]);
});
