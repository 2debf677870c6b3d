import { once } from "node:events";
import { WebSocket } from "ws";
import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { cpuPercent, measureWindow } from "../window.ts";

export const INTERVAL_MS = 3_000;
/** How official pages listen, and how ours do. */
export const WAYS = [
  { way: "whole frames", query: "" },
  { way: "deltas", query: "?delta=" },
] as const;

/** Browsers that watch all servers: what they add to the cost of the agents alone. */
export async function measureViewers(dashboard: BenchDashboard, crowd: Crowd, viewers: number, seconds: number): Promise<Figure[]> {
  const measure = `${viewers} viewers`;
  const window = () => measureWindow(dashboard, () => crowd.reportEvery(INTERVAL_MS, seconds * 1000));
  const alone = await window();
  const figures: Figure[] = [{ measure, name: "CPU with agents alone", value: cpuPercent(alone), unit: "% of a core" }];
  for (const { way, query } of WAYS) {
    const watchers = await Promise.all(Array.from({ length: viewers }, () => watch(dashboard.target, query)));
    const before = total(watchers);
    const watched = await window();
    const after = total(watchers);
    for (const { socket } of watchers) socket.terminate();
    const [frames, text, wire] = [after.frames - before.frames, after.text - before.text, after.wire - before.wire];
    const added = watched.cpuSeconds / watched.seconds - alone.cpuSeconds / alone.seconds;
    figures.push(
      { measure, name: `${way}: CPU added`, value: 100 * added, unit: "% of a core" },
      { measure, name: `${way}: frames a second`, value: frames / watched.seconds, unit: "/s" },
      { measure, name: `${way}: bytes of a frame`, value: wire / Math.max(1, frames), unit: "B" },
      { measure, name: `${way}: bytes of a frame, unpacked`, value: text / Math.max(1, frames), unit: "B" },
      { measure, name: `${way}: memory of the dashboard`, value: watched.residentMb, unit: "MB" },
      { measure, name: `${way}: CPU of one frame`, value: (1e6 * added * watched.seconds) / Math.max(1, frames), unit: "µs" },
      ...latencyFigures(measure, `${way}: receipt of a report`, watched.result),
    );
  }
  return figures;
}

export interface Watcher {
  readonly socket: WebSocket;
  readonly counts: { frames: number; text: number };
  /** Bytes that came over the connection. */
  readonly wire: () => number;
}

function total(watchers: readonly Watcher[]): { frames: number; text: number; wire: number } {
  const sum = (of: (watcher: Watcher) => number): number => watchers.reduce((result, watcher) => result + of(watcher), 0);
  return { frames: sum(({ counts }) => counts.frames), text: sum(({ counts }) => counts.text), wire: sum(({ wire }) => wire()) };
}

/** A WebSocket that takes what comes apart, as browsers do. */
export async function watch(target: string, query: string): Promise<Watcher> {
  const socket = new WebSocket(`ws://${target}/api/v1/ws/server${query}`, { origin: `http://${target}` });
  const counts = { frames: 0, text: 0 };
  socket.on("message", (data: Buffer) => {
    counts.frames++;
    counts.text += data.length;
  });
  let wire = (): number => 0;
  socket.once("upgrade", ({ socket: connection }) => {
    wire = () => connection.bytesRead;
  });
  await once(socket, "open");
  return { socket, counts, wire: () => wire() };
}
