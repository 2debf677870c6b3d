import type { Fate } from "./fate.ts";
import type { Outage } from "./outage.ts";
import type { Scene } from "./scene.ts";

/** What a run has shown that must not be; empty when all is well. */
export async function judgeMessages(scene: Scene, fate: Fate, outage: Outage): Promise<readonly string[]> {
  const incidents = await scene.incidents();
  const held = new Set(await scene.heldIncidents());
  const messages = await scene.now.outbox.find({ topic: "notification" }, 10_000);
  const findings: string[] = [];
  for (const { id, ended_at, server_id } of incidents) {
    if (ended_at === 0) findings.push(`incident ${id} never ended`);
    const beginnings = messages.filter(({ event, kind }) => event === `incident ${id}` && kind === "incident");
    if (beginnings.length === 0 && !held.has(id)) findings.push(`incident ${id} has neither a message nor a reason`);
    for (const parent of above(scene.world.through, server_id)) {
      if (beginnings.some(({ createdAt }) => outage.isAway(parent, createdAt)))
        findings.push(`incident ${id} is told although server ${parent} explains it`);
    }
  }
  findings.push(...ordered(messages));
  findings.push(...repeated(scene, fate, messages));
  if (scene.now.alerts.stats().dropped > 0) findings.push("a change was dropped");
  return findings;
}

type Messages = Awaited<ReturnType<Scene["now"]["outbox"]["find"]>>;

/** Every message has an end, and every recovery comes after its incident. */
function ordered(messages: Messages): string[] {
  const findings: string[] = [];
  for (const { id, state } of messages) if (state === "waiting" || state === "sending") findings.push(`message ${id} is still ${state}`);
  for (const recovery of messages.filter(({ kind, state }) => kind === "recovery" && state === "sent")) {
    const before = messages.filter(({ id, kind, lane }) => lane === recovery.lane && id < recovery.id && kind !== "recovery");
    if (!before.some(({ state, unsure }) => state === "sent" || unsure)) findings.push(`message ${recovery.id} ends what nobody heard of`);
    if (before.some(({ state, settledAt }) => state === "sent" && settledAt > recovery.settledAt))
      findings.push(`message ${recovery.id} overtook its incident`);
  }
  return findings;
}

/** The last word is that all is well, and nothing is said twice without a reason. */
function repeated(scene: Scene, fate: Fate, messages: Messages): string[] {
  const findings: string[] = [];
  // Of two beginnings the end between was given up, or of two ends a beginning that nobody can vouch for.
  const cancelled = messages.filter(({ kind, state, unsure }) => state === "cancelled" && (kind === "recovery" || unsure)).length;
  let repetitions = 0;
  for (const [about, told] of Map.groupBy(scene.taken, (text) => text.replace(/^\d+ \[\w+\] /, ""))) {
    const words = told.map((text) => (text.includes("[Incident]") ? "incident" : "recovery"));
    if (words.at(-1) === "incident") findings.push(`${about}: the last word is that it fails, and it does not`);
    repetitions += words.filter((word, index) => word === words[index - 1]).length;
  }
  const reminders = messages.filter(({ kind, state }) => kind === "reminder" && state === "sent").length;
  const mayRepeat = fate.deaths + scene.world.unheard + cancelled + reminders;
  if (repetitions > mayRepeat) findings.push(`${repetitions} repetitions after ${fate.deaths} crashes`);
  return findings;
}

function above(through: ReadonlyMap<number, number>, serverId: number): number[] {
  const parents: number[] = [];
  for (let next = through.get(serverId); next !== undefined; next = through.get(next)) parents.push(next);
  return parents;
}
