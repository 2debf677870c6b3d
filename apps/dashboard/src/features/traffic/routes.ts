import { CreatedId, IdList, Nothing, TrafficCorrection as CorrectionJson, TrafficCorrectionForm } from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Correction } from "./correction-store.ts";
import type { CorrectionVerbs } from "./corrections.ts";

const tag = "traffic";

function shown({ id, serverId, at, in: inbound, out, note, createdAt, createdBy }: Correction): CorrectionJson {
  const times = { at: formatInstant(at), created_at: formatInstant(createdAt) };
  return { id, server_id: serverId, in: inbound, out, note, created_by: createdBy, ...times };
}

/** Corrections of traffic over HTTP. */
export function correctionRoutes(verbs: CorrectionVerbs, now: () => number): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/server/:id/traffic-correction",
      access: scope("nezha:server:read"),
      summary: "Corrections of a server's traffic, by time",
      tag,
      params: idParams,
      data: z.array(CorrectionJson),
      run: async ({ caller, params }) => (await verbs.list(caller, params.id)).map(shown),
    }),
    route({
      method: "POST",
      path: "/server/:id/traffic-correction",
      access: scope("nezha:server:write"),
      summary: "Add traffic to what is recorded of a server, or take some away; it counts in the sums of cycles",
      tag,
      params: idParams,
      body: TrafficCorrectionForm,
      data: CreatedId,
      run: ({ caller, params, body: { at, in: inbound, out, note } }) =>
        verbs.create(caller, requireUser(caller), params.id, { at: at === undefined ? now() : Date.parse(at), in: inbound, out, note }),
    }),
    route({
      method: "POST",
      path: "/batch-delete/traffic-correction",
      access: scope("nezha:server:write"),
      summary: "Delete corrections of traffic",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await verbs.delete(caller, body);
        return null;
      },
    }),
  ];
}
