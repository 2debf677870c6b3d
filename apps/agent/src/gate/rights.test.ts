import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPermits, parsePermits, RIGHTS } from "./rights.ts";
import type { Permit, Right } from "./rights.ts";

const END = Date.parse("2026-11-30T12:00:00Z") / 1000;

test.each<[unknown, Partial<Record<Right, Permit>>]>([
  [null, {}],
  [[], {}],
  [["probes"], { probes: {} }],
  [["Probes ", "terminal"], { probes: {}, terminal: {} }],
  [{ probes: "true", terminal: "false", commands: "", nat: null }, { probes: {} }],
  [{ terminal: "until 2026-11-30T12:00:00Z" }, { terminal: { until: END } }],
  [{ files: "/srv, /var/log, until 2026-11-30T12:00:00Z" }, { files: { until: END, only: ["/srv", "/var/log"] } }],
  [{ files: ["/srv/a b", "C:\\data"] }, { files: { only: ["/srv/a b", "C:\\data"] } }],
  [
    { nat: "127.0.0.1:8080, [::1]:80, router.lan:*, 192.168.1.0/24:443" },
    { nat: { only: ["127.0.0.1:8080", "[::1]:80", "router.lan:*", "192.168.1.0/24:443"] } },
  ],
  [{ report: "false" }, {}],
])("%j", (raw, rights) => {
  const parsed = parsePermits(raw);
  expect(parsed.ok && Object.fromEntries(parsed.value)).toEqual({ report: {}, ...rights });
});

test.each<[unknown, string]>([
  [["everything"], 'permits: "everything" is no right'],
  ["probes,all", 'permits: "all" is no right'],
  [{ terminal: "/srv" }, 'permits: terminal takes no limits but a time, and not "/srv"'],
  [{ terminal: "until tomorrow" }, 'permits: terminal ends at "tomorrow"'],
  [{ files: "srv" }, 'permits: files: "srv" is no absolute path'],
  [{ nat: "somewhere" }, 'permits: nat: "somewhere" is no host:port'],
  [{ files: { roots: [] } }, "permits: files must be true, false or a list of limits"],
])("%j is refused", (raw, text) => {
  const parsed = parsePermits(raw);
  expect(!parsed.ok && parsed.error).toContain(text);
});

const until = fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined });
const folders = fc.option(fc.uniqueArray(fc.stringMatching(/^\/[a-z0-9/ ._-]{0,20}[a-z]$/), { minLength: 1, maxLength: 4 }), {
  nil: undefined,
});

test("what is written is read again", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...RIGHTS)), until, folders, (rights, end, only) => {
      const permits = new Map<Right, Permit>([["report", {}]]);
      for (const right of rights) {
        if (right === "report") continue;
        permits.set(right, {
          ...(end === undefined ? {} : { until: end }),
          ...(right === "files" && only !== undefined ? { only: only.map((path) => path.trim()) } : {}),
        });
      }
      const parsed = parsePermits(formatPermits(permits));
      expect(parsed.ok && parsed.value).toEqual(permits);
    }),
  );
});
