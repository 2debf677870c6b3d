import type { Command } from "../agents.ts";
import { MOVED_SERVER, nameOfMoved } from "../moves.ts";
import type { Played } from "../played.ts";
import { SWEEP, TICK } from "../set-up.ts";
import { INHERITED_WITHIN_MS } from "#features/cron";
import type { Stored } from "./stored.ts";
import { judgeTriggered } from "./triggered.ts";

/** What a process was doing when it ended, or a call was refused, lies so close to that. */
const CLOSE_MS = 2_000;
/** What the database refused is written, and told, no later. */
const LATE_MS = 12_000;
/** Runs that cannot be told apart by when they began, give or take. */
const ALIKE_MS = 2_000;

/** Every run took place or is booked as missed, every command that went to a server is in its run, and so is what the server answered. */
export function judgeCommands(scene: Played, stored: Stored): string[] {
  if (!scene.now.cron) return [];
  const plans = scene.engines.crons ? [TICK, ...(scene.engines.owners ? [SWEEP] : [])] : [];
  return [
    ...plans.flatMap((plan) => lost(scene, stored, plan)),
    ...scene.agents.commands.flatMap((command) => unbooked(scene, stored, command)),
    ...untold(scene, stored),
    ...judgeTriggered(scene, stored),
  ];
}

/** Times at which a cron was due and of which nothing is known. */
function lost(scene: Played, { runs }: Stored, { id, everyMs }: typeof TICK): string[] {
  const ofCron = runs.filter(({ cron_id: cronId, cause }) => cronId === id && cause !== "trigger");
  const findings: string[] = [];
  for (let due = Math.ceil((scene.begun + 1) / everyMs) * everyMs; due <= scene.clock.now(); due += everyMs) {
    const known = ofCron.filter(({ missed, started_at: at }) => (missed ? due >= missed.first && due <= missed.last : at === due));
    if (known.length > 1) findings.push(`the run of cron ${id} at ${scene.secondsAt(due)} s is booked twice`);
    // It takes place all the same when it cannot be written.
    const tookPlace = scene.agents.commands.some(({ at, cronId }) => cronId === id && at === due) && scene.fate.wasDisturbed(due, due);
    if (known.length === 0 && !tookPlace) findings.push(`the run of cron ${id} at ${scene.secondsAt(due)} s is lost`);
  }
  return findings;
}

/** A command that is not in the books as it went. */
function unbooked(scene: Played, { results, runs }: Stored, command: Command): string[] {
  const { answer, answeredAt, at, cronId, outcome, serverId } = command;
  const about = `the command of cron ${cronId} for server ${serverId} at ${scene.secondsAt(at)} s (${outcome}, ${answer})`;
  const findings = mayGo(scene, runs, command) ? [] : [`${about} went where it must not`];
  const wasDisturbed = scene.fate.wasDisturbed(at, at + CLOSE_MS);
  const ofPair = results.filter((result) => result.cron_id === cronId && result.server_id === serverId);
  // An answer says in whole seconds when its command began: of two that began together it may go to either.
  const rows = ofPair.filter((result) => Math.abs(result.sent_at - at) <= ALIKE_MS);
  const row = ofPair.find((result) => result.sent_at === at);
  if (row === undefined) return wasDisturbed ? findings : [...findings, `${about} is in no run`];
  const expected = statesOf(command);
  const isExcused = wasDisturbed || answer === "refused" || scene.fate.wasDisturbed(answeredAt, answeredAt + CLOSE_MS);
  // The answer of a run that could not be written may go to another one that began close to it.
  const isUnwritten = ({ at: sentAt }: Command): boolean => !ofPair.some((result) => result.sent_at === sentAt);
  const isClose = (other: Command): boolean => Math.abs(other.at - at) <= INHERITED_WITHIN_MS + ALIKE_MS;
  const ofPairToo = scene.agents.commands.filter((other) => other.cronId === cronId && other.serverId === serverId);
  if (ofPairToo.some((other) => isUnwritten(other) && isClose(other))) return findings;
  const isBooked = rows.some(({ state }) => expected.includes(state) || (isExcused && state === "running"));
  if (!isBooked) findings.push(`${about} is booked as ${row.state}`);
  // What a former owner's command says is not taken after a server was handed over.
  const isHandedOver = serverId === MOVED_SERVER && answeredAt >= scene.move.begun;
  if (answer === "refused" && !isHandedOver) findings.push(`${about}: its answer was refused`);
  return findings;
}

function statesOf({ answer, outcome }: Command): string[] {
  if (outcome !== "sent") return [outcome === "offline" ? "offline" : "busy"];
  if (answer === "taken") return ["succeeded", "failed"];
  // A process may have ended after the commit and before it was heard of.
  return answer === "failed" ? ["succeeded", "failed", "running"] : ["running"];
}

/** Commands of an alert go to the server that raised it. */
function mayGo({ fate }: Played, runs: Stored["runs"], { at, cronId, serverId }: Command): boolean {
  const plan = [TICK, SWEEP].find(({ id }) => id === cronId);
  if (plan) return plan.servers.includes(serverId);
  const isRun = runs.some((run) => run.cron_id === cronId && run.started_at === at && run.trigger_server_id === serverId);
  return isRun || fate.wasDisturbed(at, at);
}

/** Servers that could not be reached or whose command failed, of which nobody was told. */
function untold({ fate }: Played, { messages, results }: Stored): string[] {
  return results
    .filter(({ state }) => state === "offline" || state === "failed")
    .filter(({ ended_at: at, server_id: serverId, server_name: name }) => {
      // What is tried again may be refused again.
      const latest = fate.disturbed
        .toSorted((a, b) => a - b)
        .reduce(
          (until, disturbed) => (disturbed >= at - LATE_MS && disturbed <= until + CLOSE_MS ? Math.max(disturbed, at) + LATE_MS : until),
          at,
        );
      return !messages.some(
        (message) =>
          message.created_at >= at &&
          message.created_at <= latest &&
          (message.text.includes(name) || (serverId === MOVED_SERVER && message.text.includes(nameOfMoved()))),
      );
    })
    .map(({ cron_id: cronId, server_name: name, state }) => `nobody was told that cron ${cronId} on ${name} is ${state}`);
}
