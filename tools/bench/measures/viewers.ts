import { once } from "node:events";
import { WebSocket } from "ws";
import type { Crowd } from "../crowd.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { cpuPercent, measureWindow } from "../window.ts";

const INTERVAL_MS = 3_000;

/** Browsers that watch all servers: what they add to the cost of the agents alone. */
export async function measureViewers(dashboard: BenchDashboard, crowd: Crowd, viewers: number, seconds: number): Promise<Figure[]> {
  const measure = `${viewers} viewers`;
  const alone = await measureWindow(dashboard, () => crowd.reportEvery(INTERVAL_MS, seconds * 1000));
  const counts = { frames: 0, bytes: 0 };
  const sockets = await Promise.all(Array.from({ length: viewers }, () => watch(dashboard.target, counts)));
  Object.assign(counts, { frames: 0, bytes: 0 });
  const watched = await measureWindow(dashboard, () => crowd.reportEvery(INTERVAL_MS, seconds * 1000));
  for (const socket of sockets) socket.terminate();
  const added = watched.cpuSeconds / watched.seconds - alone.cpuSeconds / alone.seconds;
  return [
    { measure, name: "CPU with agents alone", value: cpuPercent(alone), unit: "% of a core" },
    { measure, name: "CPU added by viewers", value: 100 * added, unit: "% of a core" },
    { measure, name: "frames a second", value: counts.frames / watched.seconds, unit: "/s" },
    { measure, name: "bytes of one frame, unpacked", value: counts.bytes / Math.max(1, counts.frames), unit: "B" },
    { measure, name: "memory of the dashboard", value: watched.residentMb, unit: "MB" },
  ];
}

async function watch(target: string, counts: { frames: number; bytes: number }): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${target}/api/v1/ws/server`, { origin: `http://${target}` });
  socket.on("message", (data: Buffer) => {
    counts.frames++;
    counts.bytes += data.length;
  });
  await once(socket, "open");
  return socket;
}
