import { assetsAmong, assetsIn, datedPage, handlingOf, isAway } from "./worker-rules.ts";

/*
 * Keeps the public start page as a guest sees it, with the values it came with, for when the dashboard cannot be reached. It is fetched
 * without cookies, so nothing is stored that a guest may not see.
 */

const PAGE_STORE = "windfire-page";
const ASSET_STORE = "windfire-assets";
const START = "/";
const MOST_ASSETS = 80;
/** Visits in between leave the stored page as it is. */
const SHORTEST_AGE_MS = 60_000;
const STORED_AT = "x-stored-at";
const KEPT_HEADERS = ["content-type", "content-security-policy"];

/** The types of workers speak of all kinds of them: this is a service worker. */
declare const self: ServiceWorkerGlobalScope;

const { origin } = self.location;

async function storePage(): Promise<void> {
  const pages = await caches.open(PAGE_STORE);
  const before = Number((await pages.match(START))?.headers.get(STORED_AT) ?? 0);
  if (Math.abs(Date.now() - before) < SHORTEST_AGE_MS) return;
  const answer = await fetch(START, { credentials: "omit", cache: "no-store" });
  if (!answer.ok || answer.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const html = await answer.text();
  const headers = new Headers({ [STORED_AT]: String(Date.now()) });
  for (const name of KEPT_HEADERS) headers.set(name, answer.headers.get(name) ?? "");
  await keepAssets(assetsIn(html));
  await pages.put(START, new Response(datedPage(html, Date.now()), { headers }));
}

async function keepAssets(urls: readonly unknown[]): Promise<void> {
  const store = await caches.open(ASSET_STORE);
  for (const url of assetsAmong(urls.slice(0, MOST_ASSETS), origin)) if ((await store.match(url)) === undefined) await store.add(url);
  const kept = await store.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_ASSETS)).map((request) => store.delete(request)));
}

async function page(request: Request): Promise<Response> {
  const answer = await fetch(request).catch(() => undefined);
  if (answer !== undefined && !isAway(answer.status)) return answer;
  const stored = await (await caches.open(PAGE_STORE)).match(START);
  return stored ?? answer ?? Response.error();
}

async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(ASSET_STORE)).match(request.url);
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(storePage().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const handling = handlingOf(event.request, origin);
  if (handling === "page") event.respondWith(page(event.request));
  if (handling === "asset") event.respondWith(asset(event.request));
});
/** A page says what it has loaded, so that it can be shown again, and that its values have grown newer. */
self.addEventListener("message", (event) => {
  if (Array.isArray(event.data)) event.waitUntil(Promise.all([storePage(), keepAssets(event.data)]));
});
