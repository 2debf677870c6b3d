import { expect, test } from "vitest";
import { requireCommonGround } from "./bus.ts";

const bus = { servers: ["nats://bus:4222"], tls: false };
const files = { configPath: "/data/config.yaml", databasePath: "/data/sqlite.db" };
const shared = { ...files, databaseAddress: "postgres://db/windfire" };

test("several dashboards need one database and one history; a dashboard that is alone needs neither", () => {
  const check = (asked: Parameters<typeof requireCommonGround>[0], installation: Parameters<typeof requireCommonGround>[1]) => () =>
    requireCommonGround(asked, installation, "config.yaml");
  expect(check({ bus, history: { kind: "off" } }, files)).toThrow("config.yaml: bus is for several dashboards, and they need one database");
  expect(check({ bus, history: { kind: "embedded" } }, shared)).toThrow("a history in a folder is one dashboard's");
  expect(check({ bus, history: { kind: "off" } }, shared)).not.toThrow();
  expect(check({ bus: undefined, history: { kind: "embedded" } }, files)).not.toThrow();
});
