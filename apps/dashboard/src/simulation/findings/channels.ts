import { nameOf, ownsEverything } from "../cast.ts";
import { STEADY_CHANNEL } from "../others.ts";
import type { Played } from "../played.ts";
import type { Stored } from "./stored.ts";

/** A message of a channel that answers goes out at once: within one step of the run. */
const AT_ONCE_MS = 8_000;
/** The longest time for which a process pauses after a call that was refused, or needs to take up what another one left. */
const AFTERMATH_MS = 60_000;

/** Nobody's affairs go to somebody else's channel, and no channel waits for another. */
export function judgeChannels(scene: Played, { messages }: Stored): string[] {
  const findings: string[] = [];
  for (const { channelId, text } of scene.channels.taken) {
    const ownerId = scene.cast.channels.find(({ id }) => id === channelId)?.ownerId ?? 0;
    if (!isOf(ownerId, text)) findings.push(`channel ${channelId} of ${nameOf(ownerId)} was told: ${text}`);
  }
  for (const { id, channelId, created_at: created, settled_at: settled } of messages) {
    if (channelId !== STEADY_CHANNEL || settled - created <= AT_ONCE_MS) continue;
    if (!scene.fate.wasDisturbed(created - AFTERMATH_MS, settled))
      findings.push(`message ${id} waited ${settled - created} ms for nothing`);
  }
  return findings;
}

/** Rules, services and crons are named `hot of alice`, servers `alice-s1`: an administrator hears of everybody's servers. */
function isOf(ownerId: number, text: string): boolean {
  const name = nameOf(ownerId);
  const things = [...text.matchAll(/ of (\w+)/g)].map(([, owner]) => owner);
  const servers = [...text.matchAll(/\b(\w+)-s\d/g)].map(([, owner]) => owner);
  return things.every((owner) => owner === name) && (ownsEverything(ownerId) || servers.every((owner) => owner === name));
}
