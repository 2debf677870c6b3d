import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
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

const SYSTEMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const FILES = ["agent.bundle", "SHA256SUMS", "SHA256SUMS.sig", ...SYSTEMS.flatMap((system) => [`node-${system}`, `terminal-${system}`])];
const sources = () => ({
  scripts: { "agent.sh": SCRIPT, "agent.ps1": SCRIPT.replace(/sh$/, "ps1") },
  files: Object.fromEntries(FILES.map((name) => [name, [join(folder, "nowhere", name), join(folder, name)]])),
  releaseKey: join(folder, "release-key.pem"),
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

/** Signs what the dashboard hands out, as a release does. */
async function signFiles(key: KeyObject, names: readonly string[]): Promise<void> {
  const lines = await Promise.all(
    names.map(
      async (name) =>
        `${createHash("sha256")
          .update(await readFile(join(folder, name)))
          .digest("hex")}  ${name}\n`,
    ),
  );
  await writeFile(join(folder, "SHA256SUMS"), lines.join(""));
  await writeFile(join(folder, "SHA256SUMS.sig"), sign(null, Buffer.from(lines.join("")), key));
}
const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" });
const line = (key: KeyObject): string => key.export({ type: "spki", format: "der" }).toString("base64");

/** Programs of the host: with openssl the signature is checked by that, else by the Node that was there. */
async function programs(names: readonly string[]): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  const all = ["curl", "sha256sum", "cut", "mktemp", "uname", "id", "rm", "mkdir", "rmdir", "mv", "chmod", "sed", "grep", ...names];
  for (const tool of all) await symlink(join("/usr/bin", tool), join(bin, tool));
  await symlink(process.execPath, join(bin, "node"));
  return bin;
}

test.each([[["openssl"]], [[]]])("a release is taken with its signature alone; checked with %j", async (names) => {
  const [release, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const PATH = await programs(names);
  await writeFile(join(folder, "release-key.pem"), pem(release.publicKey));
  await signFiles(release.privateKey, ["agent.bundle"]);
  expect(await run([], { PATH })).toMatchObject({ code: 0, text: expect.stringContaining("the release is signed by its key") as string });
  await run(["uninstall"], { PATH });
  expect(await run([], { PATH, WF_KEY: line(other.publicKey) })).toEqual({
    code: 1,
    text: expect.stringContaining("not signed by this key") as string,
    left: [],
  });
  // The dashboard changed what it hands out, and its script with it.
  await writeFile(join(folder, "agent.bundle"), bundle({ "agent.cjs": `${AGENT}//` }));
  await rm(join(folder, "agent.sh"));
  const changed = { code: 1, text: expect.stringContaining("agent.bundle is not in the signed release") as string, left: [] };
  expect(await run([], { PATH })).toEqual(changed);
  await signFiles(other.privateKey, ["agent.bundle"]);
  await rm(join(folder, "agent.sh"));
  expect(await run([], { PATH })).toMatchObject({ code: 1, text: expect.stringContaining("not signed by this key") as string, left: [] });
});

test("who asks for a signature gets nothing from a dashboard that has none", async () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const refused = { code: 1, text: expect.stringContaining("has no signed release") as string, left: [] };
  expect(await run([], { WF_KEY: line(publicKey) })).toEqual(refused);
});

test("an official agent is taken over with its file, and a refused code leaves it alone", async () => {
  const theirs = join(folder, "official.yml");
  await writeFile(theirs, "uuid: the-same\ndisable_nat: true\n");
  const asked = { WF_TAKE_OVER: theirs };
  expect(await run([], { ...asked, WF_CODE: "bad" })).toMatchObject({ code: 1, left: [] });
  expect(await run([], { ...asked, WF_CODE: "" })).toMatchObject({ code: 0 });
  const config = join(folder, "host/etc/windfire-agent/config.yml");
  expect([await readFile(config, "utf8"), (await stat(config)).mode & 0o777]).toEqual([await readFile(theirs, "utf8"), 0o600]);
  await run(["uninstall"]);
  expect(await run([], { WF_TAKE_OVER: "true" })).toMatchObject({ code: 1, text: expect.stringContaining("no official agent") as string });
});

test("on macOS the configuration lies where the agent looks for it there", async () => {
  const PATH = await programs([]);
  await rm(join(PATH, "uname"));
  await writeFile(join(PATH, "uname"), "#!/bin/sh\necho Darwin\n", { mode: 0o755 });
  expect(await run([], { PATH })).toMatchObject({
    code: 0,
    left: ["host/opt/windfire-agent/agent.cjs", "host/usr/local/etc/windfire-agent/config.yml"],
  });
  expect(await run(["uninstall"], { PATH })).toMatchObject({ code: 0, left: [] });
});

test("what terminals need lies beside the agent before it lays itself out, and only what the script belongs to", async () => {
  const packed = (text: string) => bundle({ "node_modules/@lydell/node-pty/index.js": text });
  for (const arch of ["x64", "arm64"]) await writeFile(join(folder, `terminal-linux-${arch}`), packed("1"));
  const agent = `${AGENT}
if (command === "unpack") fs.cpSync(require("node:path").dirname(self) + "/node_modules", rest[0] + "/node_modules", { recursive: true });`;
  await writeFile(join(folder, "agent.bundle"), bundle({ "agent.cjs": agent }));
  expect(await run([])).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, "host/opt/windfire-agent/node_modules/@lydell/node-pty/index.js"), "utf8")).toBe("1");
  await run(["uninstall"]);
  for (const arch of ["x64", "arm64"]) await writeFile(join(folder, `terminal-linux-${arch}`), packed("2"));
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
  for (const name of ["node-linux-x64", "node-linux-arm64"])
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
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
  await writeFile(join(folder, "node-linux-x64"), Buffer.alloc(32 * 2 ** 20));
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
