import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countryCode } from "./country.ts";
import { createGeoIp } from "./index.ts";

const packaged = createRequire(import.meta.url).resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
let directory = "";
let ownFile = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-geoip-"));
  ownFile = join(directory, "geoip.mmdb");
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function open(options: { defaultFile?: string } = {}) {
  const warnings: string[] = [];
  const clock = createFakeClock();
  const geoip = createGeoIp({ ownFile, clock, log: { warn: (text) => warnings.push(text) }, ...options });
  return { geoip, clock, warnings };
}

test.each([
  ["8.8.8.8", "us"],
  ["::ffff:8.8.8.8", "us"],
  ["2001:4860:4860::8888", "us"],
  ["192.168.1.1", ""],
  ["100.64.0.1", ""],
  ["127.0.0.1", ""],
  ["fe80::1", ""],
  ["2001:db8::1", ""],
  ["", ""],
  ["not an address", ""],
])("the country of %s is %j", async (ip, country) => {
  const { geoip } = open();
  await expect(geoip.countryOf(ip)).resolves.toBe(country);
});

test.each([
  [{ country_code: "DE" }, "de"],
  [{ country: "JP", country_name: "Japan", continent: "AS" }, "jp"],
  [{ country: "", continent: "EU" }, "eu"],
  [{ country: { iso_code: "FR" }, continent: { code: "EU" } }, "fr"],
  [{ continent: { code: "AN" } }, "an"],
  [{ country: 7 }, ""],
  [null, ""],
])("the record %j means %j", (record, country) => {
  expect(countryCode(record)).toBe(country);
});

test("a file of the operator's own goes first, is read again when it changes, and its absence is no error", async () => {
  const { geoip, clock, warnings } = open({ defaultFile: join(directory, "missing.mmdb") });
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("");
  await copyFile(packaged, ownFile);
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("");
  clock.advance(30_000);
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("us");
  await rm(ownFile);
  clock.advance(30_000);
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("");
  expect(warnings).toEqual([]);
});

test("a damaged file is reported and the default database answers", async () => {
  await writeFile(ownFile, "this is not a database");
  const { geoip, warnings } = open();
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("us");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(ownFile);
});

test("nothing is kept after ten minutes without a lookup, and the next one works", async () => {
  const { geoip, clock } = open();
  await geoip.countryOf("8.8.8.8");
  expect(clock.pending).toBe(1);
  clock.advance(10 * 60_000);
  expect(clock.pending).toBe(0);
  await expect(geoip.countryOf("8.8.8.8")).resolves.toBe("us");
  geoip.stop();
  expect(clock.pending).toBe(0);
});
