import type { FastifyRequest } from "fastify";
import { publicScope, userOf } from "#kernel";
import type { Caller } from "#kernel";
import type { Gate, Visit } from "#platform/http";
import type { StatusPage } from "../pages/model.ts";
import { isMine } from "../pages/reach.ts";
import type { PageTokens } from "../subscribers/tokens.ts";

/** Why a page is not shown to somebody. */
export type Closed = "password" | "link" | "session" | "not found";

export interface AccessDeps {
  readonly gate: Pick<Gate, "admit">;
  readonly tokens: PageTokens;
  readonly now: () => number;
  /** Whether a browser opened a share link of the page. */
  readonly hasOpened: (visit: Visit, pageId: number) => boolean;
}

const RULE = publicScope("nezha:service:read");

export const unlockCookie = (page: StatusPage): string => `wf-page-${page.id}`;

/** Whether a request may read a page. What everybody may read asks for no credential. */
export function createPageAccess({ gate, tokens, now, hasOpened }: AccessDeps) {
  const callerOf = async (request: FastifyRequest): Promise<Caller> => {
    const admission = await gate.admit(request.visit, request.realIp, RULE);
    return "refused" in admission ? { kind: "guest" } : admission.caller;
  };
  return {
    isOpenToAll: (page: StatusPage): boolean => page.settings.published && page.settings.visibility === "public",
    async closedFor(page: StatusPage, request: FastifyRequest): Promise<Closed | undefined> {
      const { visibility, published } = page.settings;
      const cookie = request.visit.cookies[unlockCookie(page)];
      const isUnlocked = published && visibility === "password" && cookie !== undefined;
      if (isUnlocked && tokens.isUnlocked(page.id, page.passwordHash, cookie, now())) return undefined;
      const caller = await callerOf(request);
      if (isMine(caller, page)) return undefined;
      if (!published) return "not found";
      switch (visibility) {
        case "public":
          return undefined;
        case "link":
          return hasOpened(request.visit, page.id) ? undefined : "link";
        case "session":
          return userOf(caller) === undefined ? "session" : undefined;
        case "password":
          return "password";
      }
    },
  };
}

export type PageAccess = ReturnType<typeof createPageAccess>;
