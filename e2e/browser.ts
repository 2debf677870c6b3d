import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ADMIN } from "./dashboard.ts";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const SCREENSHOTS = fileURLToPath(new URL("../.results/screenshots", import.meta.url));
/** Longer than anything the pages wait for themselves. */
const PATIENCE_MS = 20_000;

const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** The sizes at which every journey is made. */
export const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;

export type Size = keyof typeof SIZES;
export const SIZE_NAMES = Object.keys(SIZES) as Size[];

/** The system's Chromium without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
}

export interface VisitOptions extends BrowserContextOptions {
  readonly size?: Size;
  /** Problems that a test provokes on purpose. */
  readonly expected?: readonly RegExp[];
}

/** One visitor: a page with storage of its own, whose problems are remembered. */
export interface Visit {
  readonly page: Page;
  /** Opens a path and waits until the page has loaded. */
  open(path: string): Promise<void>;
  /** Signs in through the sign-in page's own request, so that later pages find the cookie. */
  signIn(credentials?: { username: string; password: string }): Promise<void>;
  /** Keeps a picture of the whole page for people to look at. */
  picture(name: string): Promise<void>;
  /** What axe finds wrong with the page as it is, one line each; `colours`: by the rules that a colour scheme can break, where all others have been tried. */
  accessibilityProblems(rules?: "colours"): Promise<string[]>;
  /** Errors on the console, uncaught exceptions, failed requests and answers of 500 and above so far. */
  problems(): readonly string[];
  /** Closes the page and throws when there were problems. */
  close(): Promise<void>;
}

/** What a browser says of a dashboard that is not there. */
export const WHILE_AWAY: readonly RegExp[] = [
  /ERR_CONNECTION_REFUSED/,
  /WebSocket connection/,
  /Failed to load resource/,
  /^request: GET/,
  /Unable to preload CSS/,
];

export async function startVisit(
  browser: Browser,
  base: string,
  { size = "desktop", expected = [], ...options }: VisitOptions = {},
): Promise<Visit> {
  // A page that a service worker kept would hide what the dashboard answers.
  const usual = { baseURL: base, locale: "en-US", serviceWorkers: "block" } as const;
  const context = await browser.newContext({ ...usual, ...SIZES[size], ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems = watch(page, expected);
  return {
    page,
    open: async (path) => {
      await page.goto(path, { waitUntil: "load" });
    },
    signIn: async (credentials = ADMIN) => {
      const answer = await context.request.post("/api/v1/login", { data: credentials });
      if (!answer.ok()) throw new Error(`signing in was answered with ${answer.status()}`);
    },
    picture: async (name) => {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    },
    accessibilityProblems: async (rules) => {
      await page.evaluate(settled);
      const axe = new AxeBuilder({ page: await withoutSilentFrames(page) });
      axe.exclude(SILENT);
      const { violations } = await (rules === undefined ? axe : axe.withRules(COLOUR_RULES)).analyze();
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`));
    },
    problems: () => problems,
    close: async () => {
      await context.close();
      if (problems.length > 0) throw new Error(`the page had problems:\n${problems.join("\n")}`);
    },
  };
}

/** Frames that run no script: nothing can be asked in them, and axe would wait for an answer for ever. */
const SILENT = "iframe[sandbox]:not([sandbox~=allow-scripts])";

async function withoutSilentFrames(page: Page): Promise<Page> {
  const silent = await page.locator(SILENT).elementHandles();
  const frames = new Set(await Promise.all(silent.map((frame) => frame.contentFrame())));
  if (frames.size === 0) return page;
  // Everything else is the page's own.
  return Object.create(page, { frames: { value: () => page.frames().filter((frame) => !frames.has(frame)) } }) as Page;
}

/** In the page: what was just changed is shown, and no colour is on its way to another. Endless animations are not awaited. */
async function settled(): Promise<void> {
  for (let frames = 0; frames < 2; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
  await Promise.allSettled(ending.map((animation) => animation.finished));
}

function watch(page: Page, expected: readonly RegExp[]): readonly string[] {
  const problems: string[] = [];
  const note = (text: string): void => {
    if (!expected.some((pattern) => pattern.test(text))) problems.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error") note(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => note(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "unknown";
    // Leaving a page ends what it was still loading.
    if (reason !== "net::ERR_ABORTED") note(`request: ${request.method()} ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) note(`answer: ${response.status()} ${response.url()}`);
  });
  return problems;
}
