import { setTimeout as pause } from "node:timers/promises";
import type { Crowd } from "../crowd.ts";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import { connectLightViewer } from "../light-viewer.ts";
import type { LightViewer } from "../light-viewer.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow } from "../window.ts";
import { INTERVAL_MS, watch, WAYS } from "./viewers.ts";
import type { Watcher } from "./viewers.ts";

/** As many WebSockets as a dashboard holds open. */
const MANY = 10_000;
const CONNECTING_AT_ONCE = 50;
const LOOK_MS = 10;

/** So many browsers that watch all servers, whose side of the connections reads nothing: this process could not. */
export async function measureManyViewers(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const measure = `${MANY} viewers of ${crowd.size} servers`;
  const window = () => measureWindow(dashboard, () => crowd.reportEvery(INTERVAL_MS, seconds * 1000));
  const alone = await window();
  const figures: Figure[] = [];
  for (const { way, query } of WAYS) {
    const viewers: LightViewer[] = [];
    for (let from = 0; from < MANY; from += CONNECTING_AT_ONCE) {
      const few = Array.from({ length: CONNECTING_AT_ONCE }, () => connectLightViewer(dashboard.target, `/api/v1/ws/server${query}`));
      viewers.push(...(await Promise.all(few)));
    }
    // One that reads tells how many frames all of them had.
    const reader = await watchInPlaceOf(viewers, dashboard.target, query);
    const before = { frames: reader.counts.frames, bytes: bytesOf(viewers) };
    const watched = await window();
    const frames = (reader.counts.frames - before.frames) * MANY;
    const added = watched.cpuSeconds / watched.seconds - alone.cpuSeconds / alone.seconds;
    figures.push(
      { measure, name: `${way}: CPU added`, value: 100 * added, unit: "% of a core" },
      { measure, name: `${way}: frames a second`, value: frames / watched.seconds, unit: "/s" },
      { measure, name: `${way}: CPU of one frame`, value: (1e6 * added * watched.seconds) / Math.max(1, frames), unit: "µs" },
      { measure, name: `${way}: bytes of a frame`, value: (bytesOf(viewers) - before.bytes) / Math.max(1, frames), unit: "B" },
      { measure, name: `${way}: most memory of the dashboard`, value: watched.peakMb, unit: "MB" },
      ...latencyFigures(measure, `${way}: receipt of a report`, watched.result),
    );
    for (const viewer of viewers) viewer.close();
    reader.socket.terminate();
  }
  return figures;
}

/** There is no room for one more. */
async function watchInPlaceOf(viewers: LightViewer[], target: string, query: string): Promise<Watcher> {
  const left = viewers.pop();
  left?.close();
  for (;;) {
    try {
      return await watch(target, query);
    } catch {
      await pause(LOOK_MS);
    }
  }
}

function bytesOf(viewers: readonly LightViewer[]): number {
  return viewers.reduce((sum, { bytes }) => sum + bytes, 0);
}
