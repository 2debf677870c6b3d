import { WEB } from "../cast.ts";
import type { Played } from "../played.ts";
import { MEND, MENDED } from "../set-up.ts";
import type { Stored, StoredMessage } from "./stored.ts";

/** What starts crons: two rules and a service. Each may repeat what was under way in a crash. */
const SOURCES = 3;

/** Rules and services start their crons whenever they fail and recover, and no more often than that. */
export function judgeTriggered(scene: Played, { incidents, messages, runs }: Stored): string[] {
  const { deaths, refusals } = scene.fate;
  const alerts = scene.engines.crons ? incidents.filter(({ source, title }) => source === "alert" && title.endsWith(" of alice")) : [];
  const ofWeb = incidents.filter(({ source, source_id: id }) => source === "service" && id === WEB);
  const told = statesOf(messages.filter(({ event, channelId }) => event === `service ${WEB}` && channelId === 1));
  const tasks = [
    { cronId: MEND, known: alerts.length + changes(told, "Good", "Down"), most: alerts.length + ofWeb.length },
    {
      cronId: MENDED,
      known: alerts.filter(({ outcome }) => outcome === "recovered").length + changes(told, "Down", "Good"),
      most: alerts.length + ofWeb.length,
    },
  ];
  return tasks.flatMap(({ cronId, known, most }) => {
    const ran = runs.filter(({ cron_id: id, cause }) => id === cronId && cause === "trigger").length;
    // A run that cannot be written takes place all the same.
    if (ran + refusals < known) return [`cron ${cronId} ran ${ran} times of ${known}`];
    return ran > most + deaths * SOURCES ? [`cron ${cronId} ran ${ran} times of ${most} after ${deaths} crashes`] : [];
  });
}

/** States that a service was in, as its messages name them, each once. */
function statesOf(messages: readonly StoredMessage[]): string[] {
  const all = messages.map(({ text }) => text.split("|")[1] ?? "");
  return all.filter((state, index) => state !== all[index - 1]);
}

function changes(states: readonly string[], from: string, to: string): number {
  return states.filter((state, index) => state === to && states[index - 1] === from).length;
}
