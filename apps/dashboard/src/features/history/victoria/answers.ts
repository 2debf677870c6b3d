import { createServerAnswers } from "../answers.ts";
import { probeKey } from "../columns.ts";
import { createProbeAnswers } from "../probe-answers.ts";
import type { ProbeAnswers } from "../probe-answers.ts";
import { createJsonText } from "../render.ts";
import type { Serving } from "../serving.ts";
import { sparklinesOf } from "../sparklines.ts";
import { readAhead } from "./read-ahead.ts";
import type { VictoriaStore } from "./store.ts";

/** The same answers as of the embedded store, made by the same steps: only what they read comes from elsewhere. */
export function createVictoriaAnswers(store: VictoriaStore, breathe: () => Promise<void>): Omit<Serving, "breathe"> {
  const { reading } = store;
  const json = createJsonText();
  const alone = readAhead(reading, []);
  const probes = (groups: readonly number[]): ProbeAnswers => createProbeAnswers({ store: readAhead(reading, groups), json, breathe });
  const seenBy = (serviceId: number, serverIds: readonly number[]): ProbeAnswers =>
    probes(serverIds.map((serverId) => probeKey(serviceId, serverId)));
  return {
    store: {
      ...store,
      query: alone.query,
      // What is kept for how long is up to the place where it is kept: all of it are half minutes.
      pointsFrom: () => 0,
    },
    answers: {
      ...createServerAnswers({ store: alone }),
      serviceHistory: (serviceId, serverIds, ...rest) => seenBy(serviceId, serverIds).serviceHistory(serviceId, serverIds, ...rest),
      serverServices: (serverId, serviceIds, ...rest) =>
        probes(serviceIds.map((serviceId) => probeKey(serviceId, serverId))).serverServices(serverId, serviceIds, ...rest),
      probeSeries: (serviceId, serverIds, ...rest) => seenBy(serviceId, serverIds).probeSeries(serviceId, serverIds, ...rest),
      summaries: (serviceId, serverIds, now) => seenBy(serviceId, serverIds).summaries(serviceId, serverIds, now),
      lastSeen: store.lastSeen,
      dropServers: (ids) => store.drop("server", ids),
      dropServices: (ids) => store.drop("service", ids),
    },
    sparklines: (question) => sparklinesOf(readAhead(reading, question.ids), question, breathe),
  };
}
