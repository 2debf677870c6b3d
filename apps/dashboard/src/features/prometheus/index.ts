import { setImmediate as letOthersRun } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { seesServerInFull } from "#access/policy";
import type { LiveServer } from "#features/servers";
import { isAdmin, scope } from "#kernel";
import type { Caller } from "#kernel";
import type { Gate } from "#platform/http";
import { renderFamily } from "./exposition.ts";
import type { Family } from "./exposition.ts";
import { fleetFamilies } from "./fleet.ts";
import { createProcessFigures } from "./process.ts";

export type { Family } from "./exposition.ts";

export interface PrometheusDeps {
  readonly gate: Pick<Gate, "admit">;
  readonly servers: () => readonly LiveServer[];
  /** Whether a server reports. */
  readonly isUp: (server: LiveServer) => boolean;
  /** Queues, drops and the like of the program itself. */
  readonly own: () => Promise<readonly Family[]>;
}

export interface Prometheus {
  /** `GET /metrics`, outside `/api/v1`. */
  plugin(app: FastifyInstance): void;
}

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const ACCESS = scope("nezha:server:read");

/** Figures for Prometheus: of the servers the caller may manage, and of the program itself for administrators. Never for guests. */
export function createPrometheus({ gate, servers, isUp, own }: PrometheusDeps): Prometheus {
  const process = createProcessFigures();
  const render = async (caller: Caller): Promise<string> => {
    const visible = servers().filter(({ id, settings }) => seesServerInFull(caller, { id, ownerId: settings.ownerId }));
    const parts: string[] = [];
    for (const family of fleetFamilies(visible, isUp)) {
      parts.push(renderFamily(family));
      await letOthersRun();
    }
    if (isAdmin(caller)) parts.push(...(await own()).map(renderFamily), await process());
    return parts.join("");
  };
  return {
    plugin(app) {
      app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
        const admission = await gate.admit(request.visit, request.realIp, ACCESS);
        // Whoever scrapes looks at the status alone.
        if ("refused" in admission)
          return reply.code(Math.max(admission.status, 401)).headers(admission.headers).type(admission.contentType).send(admission.body);
        return reply.type(TEXT).send(await render(admission.caller));
      });
    },
  };
}
