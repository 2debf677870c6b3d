import { Agent, request } from "node:http";
import { latencyFigures } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const AT_ONCE = 8;

/** Who asks: the administrator, unless it is a guest. */
export type Asker = "administrator" | "guest";

/** One GET again and again, by eight clients that keep their connections. */
export async function measureRequests(
  dashboard: BenchDashboard,
  measure: string,
  paths: readonly string[],
  seconds: number,
  asker: Asker = "administrator",
): Promise<Figure[]> {
  const token = asker === "guest" ? undefined : await dashboard.signIn();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const times: number[] = [];
  let bytes = 0;
  let next = 0;
  const client = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      const size = await get(`http://${dashboard.target}/api/v1${paths[next++ % paths.length]}`, token, agent);
      bytes += size;
      times.push(performance.now() - began);
    }
  };
  const window = await measureWindow(dashboard, async () => {
    const until = performance.now() + seconds * 1000;
    await Promise.all(Array.from({ length: AT_ONCE }, () => client(until)));
  });
  agent.destroy();
  return [
    ...workFigures(measure, "request", times.length, window),
    ...latencyFigures(measure, "answer", times),
    { measure, name: "bytes of one answer", value: bytes / times.length, unit: "B" },
  ];
}

/** Reads an answer to its end and returns its size; rejects when it is no success. */
function get(url: string, token: string | undefined, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }, (response) => {
      let bytes = 0;
      let head = "";
      response.on("data", (chunk: Buffer) => {
        if (head === "") head = chunk.toString("latin1", 0, 15);
        bytes += chunk.length;
      });
      response.on("end", () => {
        if (response.statusCode === 200 && head.startsWith('{"success":true')) resolve(bytes);
        else reject(new Error(`${url} was answered with ${response.statusCode}`));
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}
