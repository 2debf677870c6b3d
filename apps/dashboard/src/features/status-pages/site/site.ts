import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { normaliseHost } from "#platform/config";
import { hostOf } from "#platform/http";
import { pathOf } from "../pages/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { StatusPages } from "../pages/store.ts";
import type { PageAccess } from "./access.ts";
import { DOCUMENTS } from "./documents.ts";
import type { Forms, LinkPurpose, Posted } from "./forms.ts";
import { createEarlyAnswers } from "./early.ts";
import type { Views } from "../view/views.ts";
import { createSenders, FONT_PATH } from "./senders.ts";
import type { SenderDeps } from "./senders.ts";

export interface SiteDeps extends Omit<SenderDeps, "access" | "forms" | "views"> {
  readonly views: Pick<Views, "of" | "ready">;
  readonly pages: StatusPages;
  readonly access: PageAccess;
  readonly forms: Forms;
  /** Whether a host is the dashboard's own by its configuration, which may have come after the page's: then it is no page's. */
  readonly isReservedHost: (authority: string) => boolean;
  /** Where the dashboard is reached, without a slash at the end; "" when nobody has said. */
  readonly site: () => string;
}

/** Status pages as people read them: `/status/{slug}` and all below it, and the same at the root of a page's own host. */
export function createSite(deps: SiteDeps) {
  const { pages, access, forms } = deps;
  const { readerOf, frameOf, sendFont, sendDocument, sendIncident, sendHistory } = createSenders(deps);

  /** A page that is not published is there for whoever was sent a link of it, and for nobody who makes one up. */
  const isHidden = async (page: StatusPage, request: FastifyRequest, purpose: LinkPurpose, token: string): Promise<boolean> =>
    !page.settings.published && !(await forms.proves(page, purpose, token)) && (await access.closedFor(page, request)) === "not found";
  const read = async (page: StatusPage, request: FastifyRequest, reply: FastifyReply, path: string, base: string) => {
    if (path === FONT_PATH && page.settings.published) return sendFont(reply);
    const reader = readerOf(page, request, base);
    const isOpen = access.isOpenToAll(page);
    // The way of nearly everybody: nothing is made for one reader alone.
    if (isOpen && DOCUMENTS[path] !== undefined) return sendDocument(page, request, reply, path, reader);
    const posted: Posted = { page, frame: frameOf(page, reader), request, reply };
    const [, question, token = ""] = /^\/(confirm|unsubscribe)\/([\w.-]{1,80})$/.exec(path) ?? [];
    if (question !== undefined) {
      const purpose = question === "confirm" ? "confirm" : "end";
      return (await isHidden(page, request, purpose, token)) ? notHere(reply) : forms.question(posted, purpose, token);
    }
    const why = isOpen ? undefined : await access.closedFor(page, request);
    if (why === "not found") return notHere(reply);
    if (why !== undefined) return forms.closed(posted, why, deps.site());
    if (path === FONT_PATH) return sendFont(reply);
    const document = await sendDocument(page, request, reply, path, reader);
    if (document !== undefined) return document;
    const [, incidentId] = /^\/incident\/(\d{1,15})$/.exec(path) ?? [];
    if (incidentId !== undefined) return sendIncident(posted, Number(incidentId));
    return path === "/history" ? sendHistory(posted) : forms.notFound(posted);
  };
  const write = async (page: StatusPage, request: FastifyRequest, reply: FastifyReply, path: string, base: string) => {
    const posted: Posted = { page, frame: frameOf(page, readerOf(page, request, base)), request, reply };
    const [, action, token = ""] = /^\/(confirm|unsubscribe|bounce)\/([\w.-]{1,80})$/.exec(path) ?? [];
    if (action !== undefined) {
      const purpose = action === "bounce" || action === "confirm" ? action : "end";
      if (await isHidden(page, request, purpose, token)) return notHere(reply);
      return purpose === "bounce" ? forms.bounce(posted, token) : forms.answer(posted, purpose, token);
    }
    const why = await access.closedFor(page, request);
    if (why === "not found") return notHere(reply);
    if (path === "/unlock") return forms.unlock(posted);
    if (path !== "/subscribe") return forms.notFound(posted);
    return why === undefined ? forms.subscribe(posted) : forms.closed(posted, why, deps.site());
  };

  const byHost = (authority: string): StatusPage | undefined => {
    const [page] = pages.by("domain", "").length === pages.size ? [] : pages.by("domain", normaliseHost(authority));
    return page === undefined || deps.isReservedHost(authority) ? undefined : page;
  };
  const handler = (act: typeof read) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { slug, "*": rest = "" } = request.params as { readonly slug: string; readonly "*"?: string };
    const [page] = pages.by("slug", slug);
    if (page === undefined) return notHere(reply);
    const base = page.domain !== "" && byHost(hostOf(request.visit))?.id === page.id ? "" : pathOf(page);
    return act(page, request, reply, `/${rest}`, base);
  };
  return {
    early: createEarlyAnswers({ ...deps, byHost }),
    /** The page that answers at a host of its own, and nothing else there. */
    byHost,
    /** Where a request at such a host is answered; `undefined`: it is none. */
    reroute(authority: string, url: string): string | undefined {
      const page = byHost(authority);
      return page === undefined ? undefined : `${pathOf(page)}${url.startsWith("/") ? url : "/"}`;
    },
    plugin(app: FastifyInstance): void {
      const hidden = { schema: { hide: true } };
      app.removeAllContentTypeParsers();
      app.addContentTypeParser("*", (_request, _payload, done) => done(null));
      for (const path of ["/status/:slug", "/status/:slug/*"]) {
        app.get(path, hidden, handler(read));
        app.post(path, hidden, handler(write));
      }
      app.get("/status", hidden, async (_request, reply) => {
        const first = pages.list().find(access.isOpenToAll);
        return first === undefined ? notHere(reply) : reply.redirect(pathOf(first), 302);
      });
    },
  };
}

function notHere(reply: FastifyReply): FastifyReply {
  return reply.code(404).type("text/plain; charset=utf-8").send("There is no such page.\n");
}

export type Site = ReturnType<typeof createSite>;
