import { execFile, spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage } from "../e2e/stage.ts";
import type { Stage } from "../e2e/stage.ts";

/** The page that users of the API were given, held against a running dashboard. */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(resolve(process.env["WINDFIRE_SHARED"] ?? join(ROOT, "..", "shared")), "seed");
const hasRequests = spawnSync("python3", ["-c", "import requests"]).status === 0;

let page = "";
let stage: Stage;
let server: { id: number; name: string };

beforeAll(async () => {
  const [file] = await readdir(FOLDER);
  page = await readFile(join(FOLDER, file ?? ""), "utf8");
  stage = await openStage({ agents: 1, config: "debug: true\n" });
  const [first] = await stage.admin.get<(typeof server)[]>("/server");
  if (first === undefined) throw new Error("the agent is no server");
  server = first;
});
afterAll(() => stage.close());

/** The Python examples; the page has lost the indentation of what follows a colon. */
function pythonExamples(): string[] {
  const code = page.slice(page.indexOf("import requests")).split(/(?=import requests)/);
  return code.map((text) =>
    text
      .replace(/\)Query 24-Hour[^\n]*/, ")")
      .replace(/:\n(raise|print)/g, ":\n    $1")
      .replace(/base_url = ".*"/, `base_url = "${stage.base}"`)
      .replace("JWT_TOKEN", stage.admin.token)
      .replace("server_id = 1", `server_id = ${server.id}`),
  );
}

test.runIf(hasRequests)("its Python examples run", async () => {
  const outputs = await Promise.all(pythonExamples().map(async (code) => (await promisify(execFile)("python3", ["-c", code])).stdout));
  expect(outputs).toHaveLength(2);
  expect(outputs[0]).toBe(`${server.id} ${server.name}\n`);
  expect(outputs[1]).toMatch(/^(\d{13} [\d.]+\n)*$/);
});

test("every path it names is there", async () => {
  const { paths } = (await (await fetch(`${stage.base}/swagger/doc.json`)).json()) as { paths: object };
  const named = [...page.matchAll(/\/api\/v1(\/[\w/{}-]+)/g)].map(([, path]) =>
    path?.replace(/(Authorization|Notes|Parameters|Content|WebSocket)$/, "").replace("{server_id}", "{id}"),
  );
  const known = new Set(Object.keys(paths).map((path) => path.replace(/^\/api\/v1/, "").replace(/\{\w+\}/g, "{id}")));
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((path) => path === undefined || !known.has(path))).toEqual([]);
});

test("guests may ask for every metric it names", async () => {
  const names = [
    "cpu",
    "memory",
    "swap",
    "disk",
    "net_in_speed",
    "net_out_speed",
    "net_in_transfer",
    "net_out_transfer",
    "load1",
    "load5",
    "load15",
    "tcp_conn",
    "udp_conn",
    "process_count",
    "temperature",
    "uptime",
    "gpu",
  ];
  expect(page).toContain(names.join(""));
  for (const metric of names) {
    const answer = (await (await fetch(`${stage.base}/api/v1/server/${server.id}/metrics?metric=${metric}`)).json()) as {
      data: { data_points: unknown };
    };
    expect(answer).toMatchObject({ success: true, data: { server_id: server.id, server_name: server.name, metric } });
    expect(answer.data.data_points).toBeInstanceOf(Array);
  }
});

test("failures, pages and the live stream have the form it shows", async () => {
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${stage.base}/api/v1${path}`, { headers: { authorization: `Bearer ${stage.admin.token}` } })).json();
  expect(await get("/server/900001/metrics?metric=cpu")).toEqual({ success: false, error: "server not found" });
  const socket = new WebSocket(`${stage.base.replace("http", "ws")}/api/v1/ws/server`);
  const frame = await new Promise<string>((done, fail) =>
    socket.once("message", (data: Buffer) => done(data.toString())).once("error", fail),
  );
  expect(JSON.parse(frame)).toMatchObject({ servers: [{ id: server.id, name: server.name }] });
  expect(await get("/online-user?limit=10")).toMatchObject({
    success: true,
    data: { value: [{}], pagination: { offset: 0, limit: 10, total: 1 } },
  });
  socket.terminate();
});
