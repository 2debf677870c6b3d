import { execFile, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage } from "../e2e/stage.ts";
import type { Stage } from "../e2e/stage.ts";

const FOLDER = fileURLToPath(new URL("../docs/api/examples/", import.meta.url));
const PROGRAMS = { sh: "sh", ts: process.execPath, py: "python3" } as const;
const isThere = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
const runnable = { sh: isThere("curl"), ts: true, py: isThere("python3") };
const KINDS = ["sh", "ts", "py"] as const;

let stage: Stage;
let server: { id: number; name: string };

beforeAll(async () => {
  stage = await openStage({ agents: 1 });
  const [first] = await stage.admin.get<{ id: number; name: string }[]>("/server");
  if (first === undefined) throw new Error("the agent is no server");
  server = first;
}, 60_000);
afterAll(() => stage.close());

async function runExample(file: string, kind: keyof typeof PROGRAMS, args: readonly string[], token = stage.admin.token): Promise<string> {
  const env = { ...process.env, WINDFIRE_URL: stage.base, WINDFIRE_TOKEN: token };
  const { stdout } = await promisify(execFile)(PROGRAMS[kind], [FOLDER + file, ...args], { env });
  return stdout;
}

test("each example is there in each language", () => {
  const files = KINDS.flatMap((kind) => [`cpu-history.${kind}`, `list-servers.${kind}`]);
  expect(readdirSync(FOLDER).toSorted()).toEqual(files.toSorted());
});

describe.each(KINDS)("the examples in .%s", (kind) => {
  test.runIf(runnable[kind])("list the servers with a token", async () => {
    expect(await runExample(`list-servers.${kind}`, kind, [])).toContain(server.name);
  });

  test.runIf(runnable[kind])("fail with a token that is none", async () => {
    await expect(runExample(`list-servers.${kind}`, kind, [], "nobody")).rejects.toThrow("Command failed");
  });

  test.runIf(runnable[kind])(
    "show the history to guests",
    async () => {
      const point = kind === "sh" ? /"ts":\d{13},"value":[\d.]+/ : /^\d{4}-\d\d-\d\dT\S+ [\d.]+$/m;
      await expect
        .poll(() => runExample(`cpu-history.${kind}`, kind, [String(server.id)]), { timeout: 60_000, interval: 1_000 })
        .toMatch(point);
    },
    70_000,
  );

  test.runIf(runnable[kind])("fail for a server that is not there", async () => {
    await expect(runExample(`cpu-history.${kind}`, kind, ["4711"])).rejects.toThrow("Command failed");
  });
});
