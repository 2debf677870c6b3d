import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFileGuard, GuardFault } from "./file-guard.ts";
import type { FileGuard, Purpose } from "./file-guard.ts";

let base: string;
let own: string;
let guard: FileGuard;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "agent-guard-")));
  mkdirSync(join(base, "real/etc"), { recursive: true });
  mkdirSync(join(base, "srv/deep"), { recursive: true });
  symlinkSync(join(base, "real/etc"), join(base, "etc"));
  own = join(base, "etc/config.yml");
  writeFileSync(own, "server: x");
  writeFileSync(join(base, "srv/file"), "");
  guard = createFileGuard(own, undefined);
});
afterEach(() => rmSync(base, { recursive: true }));

const PURPOSES: readonly Purpose[] = ["list", "read", "write", "delete", "tree"];
const isRefused = (path: string, purpose: Purpose, follow: boolean, by = guard): Promise<boolean> =>
  by.admit(path, purpose, { follow }).then(
    () => false,
    (error: unknown) => {
      if (error instanceof GuardFault) return true;
      throw error;
    },
  );

describe("the agent's own file", () => {
  /** Names of one file. Those that are links themselves are only it when they are followed. */
  const names: [string, () => string, "always" | "followed"][] = [
    ["its path", () => own, "always"],
    ["its path without links", () => join(base, "real/etc/config.yml"), "always"],
    ["a path with dots and strokes", () => `${base}/srv//./deep/../../etc/config.yml`, "always"],
    ["a relative path", () => relative(process.cwd(), own), "always"],
    [
      "a path through a link and back",
      () => {
        symlinkSync(join(base, "real/etc"), join(base, "srv/link"));
        return `${base}/srv/link/../etc/config.yml`;
      },
      "always",
    ],
    [
      "a hard link",
      () => {
        linkSync(own, join(base, "srv/hard"));
        return join(base, "srv/hard");
      },
      "always",
    ],
    [
      "a symbolic link",
      () => {
        symlinkSync(own, join(base, "srv/soft"));
        return join(base, "srv/soft");
      },
      "followed",
    ],
    [
      "a link to a link",
      () => {
        symlinkSync(own, join(base, "srv/soft"));
        symlinkSync("soft", join(base, "srv/softer"));
        return join(base, "srv/softer");
      },
      "followed",
    ],
  ];
  test.each(names)("is known by %s", async (_, make, when) => {
    const path = make();
    for (const purpose of PURPOSES) {
      expect([purpose, await isRefused(path, purpose, true)]).toEqual([purpose, true]);
      expect([purpose, await isRefused(path, purpose, false)]).toEqual([purpose, when === "always"]);
    }
  });

  test.runIf(process.platform === "linux")("is known through /proc", async () => {
    expect(await isRefused(`/proc/self/root${own}`, "write", false)).toBe(true);
    expect(await isRefused(`/proc/self/cwd/${relative(process.cwd(), own)}`, "write", false)).toBe(true);
  });

  test.each(["etc", "real", "real/etc", "."])("nothing may take the place of %s, on the way to it", async (name) => {
    for (const purpose of ["write", "delete", "tree"] as const) expect(await isRefused(join(base, name), purpose, false)).toBe(true);
    expect(await isRefused(join(base, name), "list", true)).toBe(false);
  });

  test("what merely begins like it is free", async () => {
    expect(await isRefused(`${own}.old`, "write", true)).toBe(false);
    expect(await isRefused(join(base, "et"), "tree", false)).toBe(false);
  });

  test("nor may anybody have what takes its place in a moment", async () => {
    for (const path of [`${own}.0123456789abcdef.new`, join(base, "real/etc/config.yml.0123456789abcdef.new")]) {
      writeFileSync(path, "");
      for (const purpose of PURPOSES) expect([purpose, await isRefused(path, purpose, true)]).toEqual([purpose, true]);
    }
  });

  test("while it is gone nobody may make it", async () => {
    rmSync(own);
    for (const path of [own, join(base, "real/etc/config.yml"), `${base}/srv/../etc/config.yml`]) {
      expect(await isRefused(path, "write", true)).toBe(true);
    }
  });

  test("is known when it was opened", async () => {
    await expect(guard.refuseOwn(statSync(own))).rejects.toThrow(GuardFault);
    expect(await guard.refuseOwn(statSync(join(base, "srv/file")))).toBeUndefined();
  });
});

describe("folders", () => {
  const limited = (): FileGuard => createFileGuard(own, [join(base, "srv"), join(base, "missing")]);

  test.each<[string, boolean]>([
    ["srv", true],
    ["srv/file", true],
    ["srv/deep/new", true],
    ["srv/new/deeper/still", true],
    ["srv/../etc/other", false],
    ["srvx", false],
    ["missing/file", false],
    [".", false],
  ])("%s is inside: %s", async (name, inside) => {
    expect(await isRefused(`${base}/${name}`, "write", true, limited())).toBe(!inside);
  });

  test("a link out of it leads nowhere, whether its end is there or not", async () => {
    symlinkSync(join(base, "real"), join(base, "srv/out"));
    symlinkSync(join(base, "real/nothing"), join(base, "srv/dangling"));
    expect(await isRefused(`${base}/srv/out/x`, "write", true, limited())).toBe(true);
    expect(await isRefused(`${base}/srv/out/../etc/x`, "write", true, limited())).toBe(true);
    // The link itself is inside; whoever opens it follows no link.
    expect(await limited().admit(`${base}/srv/dangling`, "write", { follow: true })).toBe(join(base, "srv/dangling"));
    expect(await isRefused(`${base}/srv/dangling/x`, "write", true, limited())).toBe(true);
  });

  test("dots through what is not there are no path", async () => {
    expect(await isRefused(`${base}/srv/new/../../etc/x`, "write", true, limited())).toBe(true);
    expect(await isRefused(`${base}/srv/new/..`, "write", true, limited())).toBe(true);
  });
});
