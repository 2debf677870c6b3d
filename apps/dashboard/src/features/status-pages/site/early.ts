import type { IncomingMessage, ServerResponse } from "node:http";
import { chosenCoding } from "#platform/compression";
import { pathOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { StatusPages } from "../pages/store.ts";
import type { Views } from "../view/views.ts";
import type { PageAccess } from "./access.ts";
import type { Edition, Editions } from "./editions.ts";
import { languageFor } from "./language.ts";
import { headersOf, isKnownTo } from "./reading.ts";
import { editionKey } from "./senders.ts";

export interface EarlyDeps {
  readonly pages: Pick<StatusPages, "by">;
  readonly views: Pick<Views, "ready">;
  readonly editions: Pick<Editions, "ready">;
  readonly access: Pick<PageAccess, "isOpenToAll">;
  readonly byHost: (authority: string) => StatusPage | undefined;
}

const PREFIX = "/status/";

/**
 * The way of nearly all readers of a page that everybody may read: its bytes are there, nothing is looked up and nothing is made. Whatever is
 * out of the ordinary goes the long way.
 */
export function createEarlyAnswers({ pages, views, editions, access, byHost }: EarlyDeps) {
  const pageAt = (authority: string, url: string): StatusPage | undefined => {
    if (url === "/") return byHost(authority);
    if (!url.startsWith(PREFIX)) return undefined;
    const [page] = pages.by("slug", url.slice(PREFIX.length));
    return page !== undefined && byHost(authority) === undefined ? page : undefined;
  };
  const find = ({ method, url = "/", headers }: IncomingMessage, authority: string): Edition | undefined => {
    if (method !== "GET") return undefined;
    const page = pageAt(authority, url);
    if (page === undefined || !access.isOpenToAll(page)) return undefined;
    const edition = views.ready(page.id);
    if (edition === undefined) return undefined;
    const language = languageFor("", headers["accept-language"] ?? "", page.settings.language);
    return editions.ready(editionKey(page.id, "/", language, "auto", url === "/" ? "" : pathOf(page)), edition);
  };
  /** Whether it was answered. `mayEnter` is asked only for what would be. */
  return (request: IncomingMessage, response: ServerResponse, authority: string, mayEnter: () => boolean): boolean => {
    const edition = find(request, authority);
    if (edition === undefined || !mayEnter()) return false;
    const { headers } = request;
    const sent = headersOf(edition, true);
    if (isKnownTo(headers["if-none-match"] ?? "", edition)) {
      response.writeHead(304, sent).end();
      return true;
    }
    const accepted = headers["accept-encoding"];
    const coding = chosenCoding(typeof accepted === "string" ? accepted : "");
    const packed = coding === undefined ? undefined : edition[coding];
    const bytes = packed ?? edition.plain;
    const encoding = packed === undefined ? {} : { "content-encoding": coding };
    response.writeHead(200, { ...sent, ...encoding, "content-type": edition.contentType, "content-length": bytes.length }).end(bytes);
    return true;
  };
}
