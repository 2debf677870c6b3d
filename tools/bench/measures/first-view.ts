import type { Browser } from "playwright-core";
import type { Figure } from "../figures.ts";
import { percentile } from "../figures.ts";
import { openPhoneBrowser, pickUpPhone } from "../phone.ts";
import type { BenchDashboard } from "../stage.ts";

const VISITS = 5;
/** Long enough for values to come in and move something, if anything moves. */
const WATCH_MS = 8_000;

interface Visit {
  /** When something was there to read. */
  readonly firstMs: number;
  readonly largestMs: number;
  readonly shift: number;
  readonly bytes: number;
}

/** The public start page on a telephone that was never there before: until its largest part is drawn, what moved after, what was loaded. */
export async function measureFirstView(dashboard: BenchDashboard, servers: number): Promise<Figure[]> {
  const measure = `start page, ${servers} servers`;
  const browser = await openPhoneBrowser();
  try {
    const visits: Visit[] = [];
    for (let count = 0; count < VISITS; count++) visits.push(await visit(browser, dashboard.target));
    const median = (of: (visit: Visit) => number): number =>
      percentile(
        visits.map(of).toSorted((a, b) => a - b),
        0.5,
      );
    return [
      { measure, name: "first contentful paint", value: median(({ firstMs }) => firstMs), unit: "ms" },
      { measure, name: "largest contentful paint", value: median(({ largestMs }) => largestMs), unit: "ms" },
      { measure, name: "layout shift", value: median(({ shift }) => shift), unit: "" },
      { measure, name: "bytes until then and shortly after", value: median(({ bytes }) => bytes), unit: "B" },
    ];
  } finally {
    await browser.close();
  }
}

async function visit(browser: Browser, target: string): Promise<Visit> {
  const { page, devtools, close } = await pickUpPhone(browser, target);
  try {
    let bytes = 0;
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.addInitScript(watchPaints);
    await page.goto("/", { waitUntil: "load" });
    await page.waitForTimeout(WATCH_MS);
    return { ...(await page.evaluate<Omit<Visit, "bytes">>("seen")), bytes };
  } finally {
    await close();
  }
}

/** In the page: keeps the time of the largest paint, and how much moved. */
function watchPaints(): void {
  const seen = { firstMs: 0, largestMs: 0, shift: 0 };
  Object.assign(globalThis, { seen });
  const watch = (type: string, take: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  };
  watch("paint", ({ name, startTime }) => (seen.firstMs = name === "first-contentful-paint" ? startTime : seen.firstMs));
  watch("largest-contentful-paint", ({ startTime }) => (seen.largestMs = startTime));
  watch("layout-shift", ({ value = 0, hadRecentInput }) => (seen.shift += hadRecentInput === true ? 0 : value));
}
