import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeAgent } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi } from "../api.ts";
import type { Api } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { uuidOf } from "../stage.ts";

const LONG = "n".repeat(60 * 1024);
/** Until the history looks again whether there is room (spec 41 section 11.1). */
const LOOKS_AGAIN_MS = 45_000;

let place: string;
let dashboard: Dashboard;
let admin: Api;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "windfire-full-"));
  const env = { NODE_OPTIONS: `--import=${new URL("full-disk.ts", import.meta.url).href}`, WINDFIRE_FULL_DISK: join(place, "full") };
  dashboard = await openDashboard({ env });
  admin = await createApi(dashboard.base, ADMIN);
});
afterAll(async () => {
  await dashboard.close();
  await rm(place, { recursive: true, force: true });
});

const fill = (): Promise<void> => writeFile(join(place, "full"), "");
const makeRoom = (): Promise<void> => rm(join(place, "full"));
/** "" or why it was refused. */
const rename = (name: string): Promise<string> =>
  admin.patch("/server/1", { name, note: `${name} ${LONG}` }).then(
    () => "",
    (error: unknown) => String(error),
  );
const nameSite = (name: string): Promise<unknown> =>
  admin.patch("/setting", { site_name: name, language: "en_US", user_template: "user-dist", admin_template: "admin-dist" });
const isWriting = async (): Promise<boolean> => {
  const answer = await fetch(`${dashboard.base}/metrics`, { headers: { authorization: `Bearer ${admin.token}` } });
  return /^windfire_history_writing 1$/m.test(await answer.text());
};
const paused = async (): Promise<unknown> => (await admin.get<{ history_paused?: unknown }>("/setting")).history_paused;
const shown = async (): Promise<{ name: string; note: string; state: { cpu: number } } | undefined> =>
  (await admin.get<{ name: string; note: string; state: { cpu: number } }[]>("/server"))[0];

test(
  "a disk that is full refuses what needs room, stops nothing else, and everything goes on by itself when there is room",
  { timeout: 150_000 },
  async () => {
    const agent = createFakeAgent({ target: dashboard.target, secret: dashboard.agentSecret, uuid: uuidOf(1) });
    await agent.connect();
    let cpu = 0;
    const report = (): Promise<void> => agent.report({ cpu: ++cpu });
    const reporting = setInterval(() => void report().catch(() => undefined), 500);
    const pid = dashboard.pid();
    expect(await rename("before")).toBe("");
    expect(await isWriting()).toBe(true);
    const settings = join(dashboard.folder, "config.yaml");
    const before = await readFile(settings, "utf8");

    await fill();
    await expect.poll(() => rename("meanwhile")).toContain("database error");
    const { name, note } = (await shown()) ?? {};
    expect(note).toBe(`${name} ${LONG}`);
    await expect(nameSite("meanwhile")).rejects.toThrow("database error");
    expect(await readFile(settings, "utf8")).toBe(before);
    await expect.poll(isWriting, { timeout: LOOKS_AGAIN_MS, interval: 500 }).toBe(false);
    await expect
      .poll(paused)
      .toMatchObject({ reason: expect.stringMatching(/^(low_space|disk_full)$/) as string, since: expect.any(String) as string });
    // The receipt does not wait for the history, and what is live goes on.
    await report();
    await expect.poll(async () => (await shown())?.state.cpu).toBeGreaterThanOrEqual(cpu - 2);
    expect(await fetch(dashboard.base)).toMatchObject({ status: 200 });

    await makeRoom();
    await expect.poll(() => rename("after")).toBe("");
    await nameSite("after");
    expect([(await shown())?.name, (await readFile(settings, "utf8")).includes("site_name: after")]).toEqual(["after", true]);
    await expect.poll(isWriting, { timeout: LOOKS_AGAIN_MS, interval: 500 }).toBe(true);
    expect([await paused(), dashboard.pid()]).toEqual([undefined, pid]);
    clearInterval(reporting);
    agent.close();
  },
);
