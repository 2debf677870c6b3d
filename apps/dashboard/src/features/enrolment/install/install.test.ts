import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installPages } from "./install-pages.ts";

const SCRIPT = resolve("apps/agent/install/agent.sh");
const SHELLS = [["/bin/sh"], ["/bin/dash"], ["/bin/bash", "--posix"], ["/usr/bin/busybox", "sh"]].filter(([file = ""]) => existsSync(file));
/** Stands for the agent: lays itself out, writes a configuration, and enrols by one code. */
const AGENT = `
const fs = require("node:fs"), [, self, command, ...rest] = process.argv;
if (command === "unpack") { fs.mkdirSync(rest[0], { recursive: true }); fs.copyFileSync(self, rest[0] + "/agent.cjs"); }
if (command === "enrol" && process.env.WF_CODE !== "good") { console.error("refused"); process.exit(1); }
if (command === "enrol") { fs.mkdirSync(require("node:path").dirname(rest[1]), { recursive: true }); fs.writeFileSync(rest[1], rest[2] + " " + process.env.NZ_UUID); }
`;

let folder: string;
let app: FastifyInstance;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-install-"));
  await mkdir(join(folder, "temporary"));
  await writeFile(join(folder, "agent.bundle"), bundle({ "agent.cjs": AGENT }));
  app = fastify({ forceCloseConnections: true });
  await app.register(installPages(sources()));
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const sources = () => ({
  script: SCRIPT,
  bundle: join(folder, "agent.bundle"),
  node: { x64: join(folder, "node-x64"), arm64: join(folder, "node-arm64") },
  terminal: { x64: join(folder, "terminal-x64"), arm64: join(folder, "terminal-arm64") },
  nodeMajor: 26,
});
const bundle = (files: Record<string, string>): Buffer =>
  gzipSync(JSON.stringify(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString("base64")]))));
const get = (name: string): Promise<Response> => fetch(`http://127.0.0.1:${port}/install/${name}`);

interface Ran {
  readonly code: number;
  readonly text: string;
  readonly left: readonly string[];
}

/** Runs the script as a host would, into a folder of the test's. */
async function run(args: readonly string[], variables: Record<string, string> = {}, shell: readonly string[] = ["/bin/sh"]): Promise<Ran> {
  const path = join(folder, "agent.sh");
  if (!existsSync(path)) await writeFile(path, await (await get("agent.sh")).text());
  const root = join(folder, "host");
  const environment = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    TMPDIR: join(folder, "temporary"),
    WF_ROOT: root,
    NZ_SERVER: `127.0.0.1:${port}`,
    NZ_UUID: "the-uuid",
    WF_CODE: "good",
    ...variables,
  };
  const [file = "", ...flags] = shell;
  const { code, text } = await new Promise<Pick<Ran, "code" | "text">>((done) => {
    execFile(file, [...flags, path, ...args], { env: environment }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === "number" ? error.code : 0, text: stdout + stderr }),
    );
  });
  const files = await readdir(folder, { recursive: true });
  return { code, text, left: files.filter((name) => /^(?:host|temporary)\/.*\.(?:cjs|yml|bundle)$/.test(name)).toSorted() };
}

test.each(SHELLS)("%s installs, enrols and takes all of it away again", async (...shell) => {
  const installed = await run([], {}, shell);
  expect(installed).toMatchObject({
    code: 0,
    left: ["host/etc/windfire-agent/config.yml", "host/opt/windfire-agent/agent.cjs"],
  });
  expect(await readFile(join(folder, "host/etc/windfire-agent/config.yml"), "utf8")).toBe(`http://127.0.0.1:${port} the-uuid`);
  expect(await readdir(join(folder, "temporary"))).toEqual([]);
  expect(await run([], {}, shell)).toMatchObject({
    code: 1,
    text: expect.stringContaining("is there already") as string,
    left: installed.left,
  });
  expect(await run(["uninstall"], {}, shell)).toMatchObject({ code: 0, left: [] });
  expect(await run(["uninstall"], {}, shell)).toMatchObject({ code: 1, text: expect.stringContaining("there is no agent") as string });
});

test.each<[string, Record<string, string>, string]>([
  ["a code that is refused", { WF_CODE: "bad" }, "was not enrolled"],
  ["neither code nor secret", { WF_CODE: "" }, "WF_CODE or NZ_CLIENT_SECRET is missing"],
  ["no dashboard", { NZ_SERVER: "" }, "NZ_SERVER is missing"],
  ["a dashboard that is not there", { NZ_SERVER: "127.0.0.1:1" }, "cannot fetch http://127.0.0.1:1/install/agent.bundle"],
])("%s: nothing is left", async (_name, variables, text) => {
  expect(await run([], variables)).toEqual({ code: 1, text: expect.stringContaining(text) as string, left: [] });
});

test("what the script does not belong to is not run, and nothing is left", async () => {
  await run(["help"]);
  await writeFile(join(folder, "agent.bundle"), bundle({ "agent.cjs": `${AGENT}//` }));
  expect(await run([])).toEqual({
    code: 1,
    text: expect.stringContaining("agent.bundle is not what this script belongs to") as string,
    left: [],
  });
});

test("what terminals need lies beside the agent before it lays itself out, and only what the script belongs to", async () => {
  const packed = (text: string) => bundle({ "node_modules/@lydell/node-pty/index.js": text });
  for (const arch of ["x64", "arm64"]) await writeFile(join(folder, `terminal-${arch}`), packed("1"));
  const agent = `${AGENT}
if (command === "unpack") fs.cpSync(require("node:path").dirname(self) + "/node_modules", rest[0] + "/node_modules", { recursive: true });`;
  await writeFile(join(folder, "agent.bundle"), bundle({ "agent.cjs": agent }));
  expect(await run([])).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, "host/opt/windfire-agent/node_modules/@lydell/node-pty/index.js"), "utf8")).toBe("1");
  await run(["uninstall"]);
  for (const arch of ["x64", "arm64"]) await writeFile(join(folder, `terminal-${arch}`), packed("2"));
  expect(await run([])).toEqual({
    code: 1,
    text: expect.stringMatching(/terminal-linux-\w+ is not what this script belongs to/) as string,
    left: [],
  });
});

test.each(["../agent.cjs", "/tmp/agent.cjs", "agent.sh"])("a file named %s is not unpacked", async (name) => {
  await writeFile(join(folder, "agent.bundle"), bundle({ [name]: AGENT, "agent.cjs": AGENT }));
  expect(await run([])).toMatchObject({ code: 1, text: expect.stringContaining("wrong name") as string, left: [] });
});

test("a host without Node gets the dashboard's, or is told that there is none for it", async () => {
  const bin = join(folder, "bin");
  await mkdir(bin);
  const tools = ["curl", "sha256sum", "cut", "mktemp", "uname", "id", "rm", "mkdir", "rmdir", "mv", "chmod", "sed"];
  for (const tool of tools) await symlink(join("/usr/bin", tool), join(bin, tool));
  expect(await run([], { PATH: bin })).toMatchObject({
    code: 1,
    text: expect.stringContaining("the dashboard has none for") as string,
    left: [],
  });
  await rm(join(folder, "agent.sh"));
  for (const name of ["node-x64", "node-arm64"]) await writeFile(join(folder, name), `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
  expect(await run([], { PATH: bin })).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, "host/opt/windfire-agent/node"), "utf8")).toContain(process.execPath);
  expect(await run(["uninstall"], { PATH: bin })).toMatchObject({ code: 0, left: [] });
});

test("what the dashboard does not have is said, in the script too", async () => {
  await rm(join(folder, "agent.bundle"));
  expect((await get("agent.bundle")).status).toBe(404);
  expect((await get("node-linux-x64")).status).toBe(404);
  expect((await get("terminal-linux-x64")).status).toBe(404);
  expect(await run([])).toMatchObject({ code: 1, text: expect.stringContaining("this dashboard has no packed agent") as string });
});

test("sixteen downloads are under way at once; one that ends, however it does, makes room", async () => {
  // More than the buffers between hold: a host that does not read keeps its download open.
  await writeFile(join(folder, "node-x64"), Buffer.alloc(32 * 2 ** 20));
  const hosts: Socket[] = [];
  for (let count = 0; count < 16; count++) {
    const host = connect(port, "127.0.0.1");
    host.write("GET /install/node-linux-x64 HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(host, "readable");
    hosts.push(host);
  }
  const refused = await get("agent.bundle");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
  expect((await get("agent.sh")).status).toBe(200);
  hosts[0]?.destroy();
  await expect.poll(async () => (await get("agent.bundle")).status).toBe(200);
  for (const host of hosts) host.destroy();
});
