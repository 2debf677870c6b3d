import { performance } from "node:perf_hooks";
import type { Page } from "playwright-core";
import type { Crowd } from "../crowd.ts";
import type { Figure } from "../figures.ts";
import { percentile } from "../figures.ts";
import { openPhoneBrowser, pickUpPhone } from "../phone.ts";
import type { Phone } from "../phone.ts";
import type { BenchDashboard } from "../stage.ts";

const INTERVAL_MS = 3_000;
/** Until the page has drawn everything and is only live. */
const SETTLE_MS = 8_000;
const KEYS = ["1", "2", "7", "Backspace", "Backspace", "Backspace"];
const BETWEEN_MS = 700;
const ROUTES = 4;

/** The start page on a telephone while all servers report: what it costs to keep it open, and how long it lets a finger wait. */
export async function measureLivePage(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `live page, ${crowd.size} servers`;
  const browser = await openPhoneBrowser();
  const stop = new AbortController();
  const reporting = reportUntil(crowd, stop.signal);
  try {
    const phone = await pickUpPhone(browser, dashboard.target);
    const { page } = phone;
    await page.addInitScript(watchAnswers);
    await page.goto("/", { waitUntil: "load" });
    await page.waitForTimeout(SETTLE_MS);
    const idle = await mainThread(phone, seconds);
    const commits = await page.evaluate<number[]>("answers.commits.splice(0)");
    const keys = await typeFilter(page);
    const routes = await changeRoutes(page);
    const events = await page.evaluate<number[]>("answers.events");
    await phone.devtools.send("HeapProfiler.collectGarbage");
    const heap = await metricsOf(phone);
    await phone.close();
    const figure = (name: string, value: number, unit: string): Figure => ({ measure, name, value, unit });
    const of = (values: readonly number[], share: number): number =>
      percentile(
        values.toSorted((a, b) => a - b),
        share,
      );
    return [
      figure("main thread busy", 100 * idle, "%"),
      figure("heap after a collection", (heap["JSHeapUsedSize"] ?? 0) / 2 ** 20, "MB"),
      figure("taking a frame in, median", of(commits, 0.5), "ms"),
      figure("taking a frame in, 95th percentile", of(commits, 0.95), "ms"),
      figure("key in the filter to the next picture, median", of(keys, 0.5), "ms"),
      figure("to a server's page, warm, median", of(routes.there, 0.5), "ms"),
      figure("back to the list, warm, median", of(routes.back, 0.5), "ms"),
      figure("interaction to next paint, longest", of(events, 1), "ms"),
    ];
  } finally {
    stop.abort();
    await browser.close();
    await reporting;
  }
}

async function reportUntil(crowd: Crowd, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await crowd.reportEvery(INTERVAL_MS, INTERVAL_MS);
}

async function metricsOf({ devtools }: Phone): Promise<Record<string, number>> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Share of a time in which the page's thread had something to do, by its own clock: what other programs took is not in it. */
async function mainThread(phone: Phone, seconds: number): Promise<number> {
  await phone.devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const [before, began] = [await metricsOf(phone), performance.now()];
  await phone.page.waitForTimeout(seconds * 1_000);
  const [after, ended] = [await metricsOf(phone), performance.now()];
  return (((after["TaskDuration"] ?? 0) - (before["TaskDuration"] ?? 0)) * 1_000) / (ended - began);
}

/** Milliseconds from each key to the picture after it. */
async function typeFilter(page: Page): Promise<number[]> {
  await page.getByRole("searchbox").focus();
  for (const key of KEYS) {
    await page.keyboard.press(key);
    await page.waitForTimeout(BETWEEN_MS);
  }
  return page.evaluate<number[]>("answers.keys");
}

/** Milliseconds from a tap on a link to the other page's heading; the first change, which loads the page's part, is not among them. */
async function changeRoutes(page: Page): Promise<{ readonly there: number[]; readonly back: number[] }> {
  const times = { there: [] as number[], back: [] as number[] };
  const follow = async (link: string): Promise<number> => {
    const took = await page.evaluate(changeRoute, link);
    await page.waitForTimeout(BETWEEN_MS);
    return took;
  };
  for (let count = 0; count <= ROUTES; count++) {
    const [there, back] = [await follow('a[href^="/server/"]'), await follow('a[href="/"]')];
    if (count === 0) continue;
    times.there.push(there);
    times.back.push(back);
  }
  return times;
}

/** In the page: follows a link as a tap would, and waits until the page it leads to is drawn. */
async function changeRoute(selector: string): Promise<number> {
  const link = [...document.querySelectorAll<HTMLAnchorElement>(selector)].find((found) => found.checkVisibility());
  if (link === undefined) throw new Error(`there is no ${selector}`);
  // The start page stays, unseen, when another is opened.
  const heading = (): Element | undefined => [...document.querySelectorAll("h1")].find((found) => found.checkVisibility());
  const before = heading();
  const began = performance.now();
  link.click();
  while (heading() === before || heading() === undefined) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - began;
}

/** In the page: how long frames, keys and taps take. */
function watchAnswers(): void {
  const answers = { commits: [] as number[], keys: [] as number[], events: [] as number[] };
  Object.assign(globalThis, { answers });
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  // The page takes frames in when a picture is drawn, and React draws in what follows of the same turn.
  globalThis.requestAnimationFrame = (run) =>
    ask((at) => {
      const began = performance.now();
      run(at);
      queueMicrotask(() => void answers.commits.push(performance.now() - began));
    });
  addEventListener(
    "input",
    () => {
      const began = performance.now();
      ask(() => setTimeout(() => void answers.keys.push(performance.now() - began)));
    },
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (/^(?:keydown|keyup|pointerdown|pointerup|click)$/.test(name)) answers.events.push(duration);
    }
  }).observe({ type: "event", buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
}
