/** What the service worker does with a request: a page falls back to the stored one, an asset is taken from the store first, the rest is none of its business. */
export type Handling = "page" | "asset" | "none";

/** Names carry a hash, so what lies under one never changes. Flags are too many, and a page without them is as useful. */
const ASSET = /^\/assets\/[^/]+\.(?:js|css|woff2)$/;
const NOT_OURS = /^\/(?:api|dashboard|mcp|metrics)(?:\/|$)/;

export interface AskedFor {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

/** Answers of the API and everything of the console are never kept: what people see who are signed in stays with the dashboard. */
export function handlingOf({ method, mode, url }: AskedFor, origin: string): Handling {
  const { pathname, origin: target } = new URL(url);
  if (method !== "GET" || target !== origin || NOT_OURS.test(pathname)) return "none";
  if (mode === "navigate") return "page";
  return ASSET.test(pathname) ? "asset" : "none";
}

/** Which of some addresses may be kept. */
export function assetsAmong(urls: readonly unknown[], origin: string): string[] {
  return urls
    .filter((url): url is string => typeof url === "string" && URL.canParse(url, origin))
    .flatMap((url) => {
      const { href } = new URL(url, origin);
      return handlingOf({ method: "GET", mode: "no-cors", url: href }, origin) === "asset" ? [href] : [];
    });
}

/** Addresses of scripts and styles in a page of ours. */
export function assetsIn(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
}

/** The page, with the time at which it was stored; the script tells by it how old everything is. */
export function datedPage(html: string, now: number): string {
  return html.replace("<html", `<html data-stored-at="${now}"`);
}

/** Why a dashboard behind a proxy does not answer. */
export const isAway = (status: number): boolean => status >= 502 && status <= 504;
