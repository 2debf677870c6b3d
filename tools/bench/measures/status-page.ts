import { Agent, get } from "node:http";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";

const READERS = 10_000;
const AT_ONCE = 32;
/** So many see it before anything is measured. */
const BEFORE = 1_000;
const PATH = "/status/bench";
const GROUPS = 5;

/** Ten thousand readers of one status page over kept connections: what each costs the dashboard. */
export async function measureStatusPage(dashboard: BenchDashboard): Promise<Figure[]> {
  const measure = `status page, ${READERS} readers`;
  await makePage(dashboard);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const url = `http://${dashboard.target}${PATH}`;
  const readers = async (count: number): Promise<number> => {
    let left = count;
    let bytes = 0;
    const reader = async (): Promise<void> => {
      while (left-- > 0) bytes = await read(url, agent);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return bytes;
  };
  await readers(BEFORE);
  const before = await dashboard.cost();
  const bytes = await readers(READERS);
  const after = await dashboard.cost();
  agent.destroy();
  return [
    { measure, name: "CPU of one reader", value: ((after.cpuSeconds - before.cpuSeconds) * 1_000) / READERS, unit: "ms" },
    { measure, name: "bytes of one answer", value: bytes, unit: "B" },
  ];
}

async function makePage(dashboard: BenchDashboard): Promise<void> {
  const headers = { authorization: `Bearer ${await dashboard.signIn()}`, "content-type": "application/json" };
  const servers = (await dashboard.serverIds()).slice(0, 50);
  const groups = Array.from({ length: GROUPS }, (_none, at) => ({
    name: `Group ${at + 1}`,
    parts: servers.filter((_id, index) => index % GROUPS === at).map((id) => ({ kind: "server", id, name: `Part ${id}` })),
  }));
  const body = JSON.stringify({ slug: "bench", title: "Bench", published: true, groups });
  const answer = await fetch(`http://${dashboard.target}/api/v1/status-page`, { method: "POST", headers, body });
  const { success } = (await answer.json()) as { readonly success: boolean };
  if (!success) throw new Error("the status page could not be made");
}

/** Reads the page to its end and returns its size; rejects when it is no success. */
function read(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = get(url, { agent, headers: { "accept-encoding": "gzip, br" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("end", () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url}: ${response.statusCode}`))));
    });
    sent.on("error", reject);
  });
}
