import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../config/index.ts";
import { createLog } from "../log.ts";
import { download } from "../system/download.ts";
import { packFiles, unpackFiles } from "./bundle.ts";
import { publicKeyOf, readManifest, signRelease } from "./manifest.ts";
import type { Release } from "./manifest.ts";
import { beginTrial, noteReport, readState, storeVersion, takeBack, writeState } from "./program-folder.ts";
import { createProgramUpdates } from "./program-updates.ts";
import { readUpdateSource } from "./source.ts";
import { update } from "./updater.ts";
import { isNewer } from "./versions.ts";

const pem = (): string => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
const KEY = pem();
const PUBLIC = publicKeyOf(KEY);
const LAUNCHER = fileURLToPath(new URL("../launcher.ts", import.meta.url));

let root: string;
let server: Server | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agent-update-"));
  storeVersion(root, "1.0.0", program("process.exit(0)"));
  writeState(root, { current: "1.0.0" });
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(root, { recursive: true });
});

function program(code: string): Map<string, Uint8Array> {
  return new Map([["agent.cjs", Buffer.from(code)]]);
}

test.each<[string, string, boolean]>([
  ["1.0.1", "1.0.0", true],
  ["1.10.0", "1.9.9", true],
  ["2.0.0", "1.99.99", true],
  ["1.0.0", "1.0.0", false],
  ["1.0.0", "1.0.1", false],
  ["1.0.0-rc", "0.1.0", false],
  ["", "0.1.0", false],
])("%s is newer than %s: %s", (one, other, newer) => {
  expect(isNewer(one, other)).toBe(newer);
});

describe("the manifest", () => {
  const release: Release = { version: "1.2.3", file: "a.bundle", sha256: "0".repeat(64), size: 5 };

  test("is read when it is signed by the key", () => {
    expect(readManifest(signRelease(release, KEY), PUBLIC)).toEqual({ ok: true, value: release });
  });

  test("is refused with another key, or when anything in it was changed", () => {
    expect(readManifest(signRelease(release, pem()), PUBLIC)).toEqual({ ok: false, error: "the manifest is not signed by the update key" });
    const { signed, signature } = JSON.parse(signRelease(release, KEY)) as { signed: string; signature: string };
    fc.assert(
      fc.property(fc.nat({ max: Buffer.from(signed, "base64").length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(signed, "base64");
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expect(readManifest(JSON.stringify({ signed: bytes.toString("base64"), signature }), PUBLIC).ok).toBe(false);
      }),
    );
  });

  test.each<[Partial<Release>, string]>([
    [{ version: "1.2" }, "no version"],
    [{ version: "../../etc" }, "no version"],
    [{ file: "../x" }, "no file"],
    [{ file: "https://evil.example/x" }, "no file"],
    [{ sha256: "00" }, "no hash"],
    [{ size: 0 }, "no size"],
    [{ size: 2 ** 30 }, "no size"],
  ])("with %j is refused although it is signed", (wrong, text) => {
    expect(readManifest(signRelease({ ...release, ...wrong }, KEY), PUBLIC)).toMatchObject({
      ok: false,
      error: `the manifest names ${text}`,
    });
  });

  test.each(["", "null", "[]", "{}", '{"signed":1,"signature":2}', '{"signed":"","signature":""}'])("%j is none", (text) => {
    expect(readManifest(text, PUBLIC).ok).toBe(false);
    expect(readManifest(text, "x").ok).toBe(false);
  });
});

test.each<[unknown, unknown]>([
  [{ update: { manifest: "https://a.example/m.json", key: PUBLIC } }, { ok: true }],
  [{ update: { manifest: "http://127.0.0.1:1/m.json", key: PUBLIC } }, { ok: true }],
  [{}, { ok: true, value: undefined }],
  [null, { ok: true, value: undefined }],
  [{ update: { manifest: "http://a.example/m.json", key: PUBLIC } }, { ok: false }],
  [{ update: { manifest: "https://a.example/m.json" } }, { ok: false }],
  [{ update: { manifest: "https://a.example/m.json", key: "short" } }, { ok: false }],
  [{ update: "https://a.example/m.json" }, { ok: false }],
])("source %j", (values, outcome) => {
  expect(readUpdateSource(values)).toMatchObject(outcome as object);
});

test("a bundle holds files of a program and nothing else", () => {
  const files = new Map([
    ["agent.cjs", Buffer.from("a")],
    ["nat.cjs", Buffer.from([0, 255])],
  ]);
  expect([...unpackFiles(packFiles(files))]).toEqual([...files]);
  for (const name of ["../agent.cjs", "/agent.cjs", ".cjs", "agent.sh"]) {
    expect(() => unpackFiles(packFiles(new Map([...files, [name, Buffer.from("x")]])))).toThrow("wrong name");
  }
  expect(() => unpackFiles(packFiles(new Map([["nat.cjs", Buffer.from("x")]])))).toThrow("no agent.cjs");
  expect(() => unpackFiles(Buffer.from("nothing"))).toThrow("incorrect header check");
});

describe("an update", () => {
  /** Serves a release; `spoil` changes what is served for the bundle. */
  async function publish(version: string, spoil: (bundle: Buffer) => Buffer = (bundle) => bundle, key = KEY): Promise<string> {
    const bundle = packFiles(program(`// ${version}`));
    const release = { version, file: "a.bundle", sha256: createHash("sha256").update(bundle).digest("hex"), size: bundle.length };
    const started = createServer((request, response) => {
      if (request.url === "/m.json") response.end(signRelease(release, key));
      else if (request.url === "/a.bundle") response.end(spoil(bundle));
      else response.writeHead(404).end();
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    const address = started.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/m.json`;
  }
  const run = (manifest: string, force = false) => update({ root, source: { manifest, key: PUBLIC }, download, force });
  const versions = (): string[] => readdirSync(join(root, "versions")).toSorted();

  test("is stored and put on trial, with the version before kept", async () => {
    storeVersion(root, "0.9.0", program("old"));
    expect(await run(await publish("1.1.0"))).toEqual({ ok: true, value: "1.1.0" });
    expect(readState(root)).toEqual({ current: "1.1.0", previous: "1.0.0", trial: { patienceMs: 120_000 }, refused: [] });
    expect(versions()).toEqual(["1.0.0", "1.1.0"]);
    expect(readFileSync(join(root, "versions/1.1.0/agent.cjs"), "utf8")).toBe("// 1.1.0");
  });

  test.each<[string, string, (bundle: Buffer) => Buffer]>([
    ["other bytes", "the bundle has not the hash that was signed", (bundle) => Buffer.from(bundle).fill(1, 20, 21)],
    ["fewer bytes", "the bundle has not the size that was signed", (bundle) => bundle.subarray(1)],
  ])("with %s changes nothing", async (_, error, spoil) => {
    expect(await run(await publish("1.1.0", spoil))).toEqual({ ok: false, error });
    expect(readState(root)).toEqual({ current: "1.0.0" });
    expect(versions()).toEqual(["1.0.0"]);
  });

  test("signed by somebody else changes nothing, forced neither", async () => {
    const manifest = await publish("1.1.0", undefined, pem());
    for (const force of [false, true]) expect((await run(manifest, force)).ok).toBe(false);
    expect(readState(root)).toEqual({ current: "1.0.0" });
  });

  test("to an older version is none, unless the host forces it", async () => {
    const manifest = await publish("0.9.9");
    expect(await run(manifest)).toEqual({ ok: true, value: undefined });
    expect(await run(manifest, true)).toEqual({ ok: true, value: "0.9.9" });
  });

  test("to the version that runs is none, forced neither: it would have no version to go back to", async () => {
    const before = readFileSync(join(root, "versions/1.0.0/agent.cjs"), "utf8");
    const manifest = await publish("1.0.0");
    expect(await run(manifest)).toEqual({ ok: true, value: undefined });
    expect(await run(manifest, true)).toEqual({ ok: false, error: "version 1.0.0 is the one that runs" });
    expect(readState(root)).toEqual({ current: "1.0.0" });
    expect(readFileSync(join(root, "versions/1.0.0/agent.cjs"), "utf8")).toBe(before);
  });

  test("that may have failed for an outage is taken again at the next look", async () => {
    writeState(root, { current: "1.0.0", failed: ["1.1.0"], refused: [] });
    expect(await run(await publish("1.1.0"))).toEqual({ ok: true, value: "1.1.0" });
    expect(readState(root).failed).toEqual(["1.1.0"]);
  });

  test("that is refused is not taken again, unless the host forces it", async () => {
    writeState(root, { current: "1.0.0", refused: ["1.1.0"] });
    const manifest = await publish("1.1.0");
    expect(await run(manifest)).toEqual({ ok: true, value: undefined });
    expect(await run(manifest, true)).toEqual({ ok: true, value: "1.1.0" });
    expect(readState(root).refused).toEqual([]);
  });

  test("from an address that does not answer says so", async () => {
    expect(await run("http://127.0.0.1:1/m.json")).toMatchObject({ ok: false, error: expect.stringContaining("ECONNREFUSED") as string });
  });
});

describe("a trial", () => {
  /** Starts what is installed as a service would, and gives what it printed when it ends. */
  function start(): Promise<string> {
    const entry = join(root, "agent.mjs");
    writeFileSync(entry, `import ${JSON.stringify(LAUNCHER)};\n`);
    const child = spawn(process.execPath, [entry, "-c", "x.yml"], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    return new Promise((resolve) => child.once("exit", () => resolve(output)));
  }
  const WORKS = `const fs = require("node:fs"), file = process.env.WINDFIRE_AGENT_ROOT + "/state.json";
    const { trial, ...state } = JSON.parse(fs.readFileSync(file, "utf8"));
    console.log("new", trial === undefined ? "for good" : "on trial", process.argv.slice(2).join(" "));
    if (trial === undefined) process.exit(0);
    fs.writeFileSync(file, JSON.stringify(state)); setInterval(() => undefined, 1000);`;
  const HANGS = 'console.log("new"); for (;;);';
  const CRASHES = 'console.log("new"); throw new Error("broken");';
  const WRONG = "this is no program";

  test("that succeeds makes the version the one that runs", async () => {
    storeVersion(root, "1.1.0", program(WORKS));
    beginTrial(root, "1.1.0");
    expect(await start()).toBe("new on trial -c x.yml\nthe new version reports\nnew for good -c x.yml\n");
    expect(readState(root)).toEqual({ current: "1.1.0", previous: "1.0.0", refused: [] });
  });

  const OLD = 'console.log("old"); process.exit(0);';

  test.each([
    ["crashes", CRASHES],
    ["is none", WRONG],
  ])("of one that %s takes the version before back, at once, and for good", async (_, code) => {
    storeVersion(root, "1.0.0", program(OLD));
    storeVersion(root, "1.1.0", program(code));
    beginTrial(root, "1.1.0", 30_000);
    const output = await start();
    expect(output).toContain("the new version ended by itself; the one before is taken back\nold\n");
    expect(readState(root)).toEqual({ current: "1.0.0", refused: ["1.1.0"] });
    expect(await start()).toBe("old\n");
  });

  test("of one that hangs takes the version before back, and does not know yet who is at fault", async () => {
    storeVersion(root, "1.0.0", program(OLD));
    storeVersion(root, "1.1.0", program(HANGS));
    beginTrial(root, "1.1.0", 600);
    expect(await start()).toContain("the new version does not report; the one before is taken back\nold\n");
    expect(readState(root)).toEqual({ current: "1.0.0", suspect: "1.1.0", refused: [] });
    expect(await start()).toBe("old\n");
  });

  test("during an outage of the dashboard condemns no version, however often", () => {
    for (let outage = 0; outage < 3; outage++) {
      storeVersion(root, "1.1.0", program(WORKS));
      beginTrial(root, "1.1.0");
      takeBack(root, "silent");
      noteReport(root, 5 * 60_000);
      expect(readState(root)).toEqual({ current: "1.0.0", refused: [] });
    }
  });

  test("without a report while the version before can report at once counts; the second time it is for good", () => {
    storeVersion(root, "1.1.0", program(HANGS));
    const fail = (): void => {
      beginTrial(root, "1.1.0");
      takeBack(root, "silent");
      noteReport(root, 1_000);
    };
    fail();
    expect(readState(root)).toEqual({ current: "1.0.0", failed: ["1.1.0"], refused: [] });
    fail();
    expect(readState(root)).toEqual({ current: "1.0.0", failed: [], refused: ["1.1.0"] });
  });

  test("with nothing to go back to is an error and no loop", () => {
    expect(() => takeBack(root, "silent")).toThrow("no version before");
  });

  test("ends once, however late; ending it again changes nothing", () => {
    storeVersion(root, "1.1.0", program(WORKS));
    beginTrial(root, "1.1.0");
    noteReport(root, 110_000);
    noteReport(root, 1_000);
    expect(readState(root)).toEqual({ current: "1.1.0", previous: "1.0.0", refused: [] });
  });

  test("a crash at any step leaves a version that runs", () => {
    // Killed while the new version was written: the state names the old one.
    mkdirSync(join(root, "versions/new-abc"));
    writeFileSync(join(root, "state.json.123"), "{");
    expect(existsSync(join(root, "versions", readState(root).current, "agent.cjs"))).toBe(true);
    storeVersion(root, "1.1.0", program(WORKS));
    expect(readState(root).current).toBe("1.0.0");
    beginTrial(root, "1.1.0");
    expect(readdirSync(join(root, "versions")).toSorted()).toEqual(["1.0.0", "1.1.0"]);
  });
});

describe("when it is looked for", () => {
  function updates(
    options: { isPermitted?: boolean; hasSource?: boolean; period?: number; isOff?: boolean; found?: string | undefined } = {},
  ) {
    const clock = createFakeClock();
    const events: string[] = [];
    const lines: string[] = [];
    const made = createProgramUpdates({
      clock,
      config: () => ({ ...DEFAULT_CONFIG, self_update_period: options.period ?? 0, disable_auto_update: options.isOff ?? false }),
      isPermitted: () => options.isPermitted ?? true,
      source: () => Promise.resolve({ ok: true, value: options.hasSource === false ? undefined : { manifest: "m", key: "k" } }),
      update: () => {
        events.push("update");
        return Promise.resolve({ ok: true, value: options.found });
      },
      noteReport: (afterMs) => events.push(`reported after ${Math.round(afterMs)} ms`),
      restart: () => events.push("restart"),
      log: createLog({ write: (line) => lines.push(line), now: clock.now, isDebug: () => true }),
      random: () => 0.999_999,
    });
    return { made, clock, events, lines };
  }

  test("at its period, or at a time of one to two days that chance says", async () => {
    const { made, clock, events } = updates({ period: 5 });
    made.start();
    await clock.advanceAsync(4 * 60_000);
    expect(events).toEqual([]);
    await clock.advanceAsync(60_000);
    await clock.advanceAsync(5 * 60_000);
    expect(events).toEqual(["update", "update"]);
    const { made: other, clock: time, events: later } = updates();
    other.start();
    await time.advanceAsync(2_878 * 60_000);
    expect(later).toEqual([]);
    await time.advanceAsync(60_000);
    expect(later).toEqual(["update"]);
  });

  test.each([{ isPermitted: false }, { hasSource: false }, { isOff: true }])("never by itself with %j", async (options) => {
    const { made, clock, events, lines } = updates({ period: 1, ...options });
    made.start();
    await clock.advanceAsync(10 * 60_000);
    expect([events, lines]).toEqual([[], []]);
  });

  test("at once when somebody says so; what is new restarts the program, what is not does not", async () => {
    const { made, events } = updates({ found: "1.1.0" });
    await made.now();
    expect(events).toEqual(["update", "restart"]);
    const { made: other, events: none } = updates();
    await Promise.all([other.now(), other.now()]);
    expect(none).toEqual(["update"]);
  });

  test("the first report proves the version, once", () => {
    const { made, events, clock } = updates();
    clock.advance(1_500);
    made.reported();
    made.reported();
    expect(events).toEqual(["reported after 1500 ms"]);
  });
});
