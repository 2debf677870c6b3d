import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { createFakeAgent, unusedPort } from "@windfire/testkit";
import type { FakeAgent } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { composeDashboard } from "./compose.ts";
import type { Dashboard } from "./compose.ts";

/**
 * Random walks over streams, with agents that are there: whatever guests, members, viewers, tokens and holders of share links open, attach
 * to or download, in whatever order, nobody reaches a terminal, files or a ticket of another. `WINDFIRE_WALK_SEED` walks another way.
 */
const SEED = Number(process.env["WINDFIRE_WALK_SEED"] ?? 20_261_130);
const STEPS = 250;
const MOST_MS = 15_000;
type Headers = Readonly<Record<string, string>>;

let base: string;
let directory: string;
let dashboard: Dashboard;
const agents: FakeAgent[] = [];
const credentials = new Map<string, Headers>([["guest", {}]]);
/** Whose server is whose, and who walks as whom. */
const serverOf = new Map<string, number>();
const USER_OF: Readonly<Record<string, string>> = {
  alice: "alice",
  bob: "bob",
  "alice's token": "alice",
  "bob's reading token": "nobody",
  guest: "nobody",
  vera: "nobody",
  "a share link": "nobody",
};
const WALKERS = Object.keys(USER_OF);

async function call(method: string, path: string, headers: Headers, body?: unknown): Promise<{ data?: unknown; error?: string }> {
  const init = { method, headers: { ...headers, "content-type": "application/json" } };
  const response = await fetch(`${base}/api/v1${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  const text = await response.text();
  return text.startsWith("{") ? (JSON.parse(text) as { data?: unknown; error?: string }) : { data: text };
}

async function signIn(username: string, password: string): Promise<Headers> {
  const { data } = await call("POST", "/login", {}, { username, password });
  return { authorization: `Bearer ${(data as { token: string }).token}` };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-streams-"));
  const port = await unusedPort();
  const configPath = join(directory, "config.yaml");
  await writeFile(configPath, `listen_host: 127.0.0.1\nlisten_port: ${port}\nhistory: off\nstep_up: off\n`);
  dashboard = await composeDashboard({
    flags: { configPath, databasePath: join(directory, "sqlite.db"), version: false },
    env: { NZ_ADMIN_PASSWORD: "admin-password" },
    clock: systemClock,
    output: { write: () => true },
  });
  await dashboard.start();
  base = `http://127.0.0.1:${port}`;
  const admin = await signIn("admin", "admin-password");
  for (const [index, username] of ["alice", "bob"].entries()) {
    await call("POST", "/user", admin, { username, password: "member-password", role: 1 });
    const own = await signIn(username, "member-password");
    credentials.set(username, own);
    const { agent_secret: secret } = (await call("GET", "/profile", own)).data as { agent_secret: string };
    const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret, uuid: `00000000-0000-4000-8000-00000000000${index + 1}` });
    agents.push(agent);
    await agent.connect();
    await agent.report();
    serverOf.set(username, ((await call("GET", "/server", own)).data as { id: number }[])[0]?.id ?? 0);
  }
  const [alice, bob] = [credentials.get("alice") ?? {}, credentials.get("bob") ?? {}];
  await call("POST", "/user", admin, {
    username: "vera",
    password: "member-password",
    role: 1,
    access: "viewer",
    servers: [...serverOf.values()],
  });
  credentials.set("vera", await signIn("vera", "member-password"));
  const token = async (owner: Headers, scopes: readonly string[]): Promise<Headers> => {
    const { data } = await call("POST", "/api-tokens", owner, { name: "walk", scopes });
    return { authorization: `Bearer ${(data as { token: string }).token}` };
  };
  credentials.set("alice's token", await token(alice, ["nezha:server:*"]));
  credentials.set("bob's reading token", await token(bob, ["nezha:server:read", "nezha:inventory:read"]));
  const rows = [{ kind: "server", id: serverOf.get("alice") }];
  const { id, secret } = (await call("POST", "/share-link", alice, { name: "walk", rows, expires_in_days: 1 })).data as {
    id: number;
    secret: string;
  };
  const opened = await fetch(`${base}/api/v1/share-link/open`, { method: "POST", body: JSON.stringify({ secret }) });
  credentials.set("a share link", { cookie: opened.headers.getSetCookie()[0]?.split(";")[0] ?? "", "x-share-link": String(id) });
}, 60_000);
afterAll(async () => {
  for (const agent of agents) agent.close();
  await dashboard.stop(5000);
  await rm(directory, { recursive: true, force: true });
});

/** Numbers from 0 to 1 by seed. */
function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

async function attaches(path: string, headers: Headers): Promise<boolean> {
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1${path}`, { headers });
  const outcome = await new Promise<boolean>((done) => {
    socket.on("error", () => done(false)).once("open", () => done(true));
  });
  socket.terminate();
  return outcome;
}

test("no sequence reaches a stream outside the caller's set", { timeout: MOST_MS + 20_000 }, async () => {
  const random = randomBy(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const sessions: { readonly id: string; readonly kind: "terminal" | "file"; readonly user: string }[] = [];
  const [found, through, until]: [string[], Set<string>, number] = [[], new Set(), Date.now() + MOST_MS];
  for (let step = 0; step < STEPS && Date.now() < until; step++) {
    const [walker, action] = [pick(WALKERS), pick(["open", "attach", "attach", "download"])];
    const [headers, user] = [credentials.get(walker) ?? {}, USER_OF[walker] ?? "nobody"];
    if (action === "open" || sessions.length === 0) {
      const [kind, whose] = [pick(["terminal", "file"] as const), pick(["alice", "bob"])];
      const id = serverOf.get(whose) ?? 0;
      const { data } = await (kind === "terminal"
        ? call("POST", "/terminal", headers, { server_id: id })
        : call("POST", `/file?id=${id}`, headers));
      const session = (data as { session_id?: string } | undefined)?.session_id;
      if (session === undefined) continue;
      through.add(`${walker} opens`);
      if (whose !== user) found.push(`step ${step}: ${walker} opened a ${kind} on the server of ${whose}`);
      sessions.push({ id: session, kind, user });
      continue;
    }
    const session = pick(sessions);
    // A terminal's session is tried as files, too.
    const kind = random() < 0.8 ? session.kind : pick(["terminal", "file"] as const);
    if (action === "download") {
      // One's own would wait for the agent, which says nothing here.
      if (session.user === user) continue;
      const { error } = await call("GET", `/download/file/${session.id}?path=/etc/hostname`, headers);
      if (error === undefined) found.push(`step ${step}: ${walker} used a ticket of ${session.user}`);
      through.add("a foreign ticket is tried");
      continue;
    }
    if (!(await attaches(`/ws/${kind}/${session.id}`, headers))) continue;
    through.add(`${walker} attaches`);
    if (session.user !== user) found.push(`step ${step}: ${walker} attached to a ${session.kind} of ${session.user}`);
    if (kind !== session.kind) found.push(`step ${step}: ${walker} attached to a ${session.kind} as ${kind}`);
    sessions.splice(sessions.indexOf(session), 1);
  }
  expect(found).toEqual([]);
  // The walk went somewhere.
  expect([...through]).toEqual(expect.arrayContaining(["alice opens", "bob opens", "alice attaches", "a foreign ticket is tried"]));
});
