import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { columnBytes } from "./column-bytes.ts";
import { CONTRACT_START } from "./testing/contract-families.ts";
import { makeTestbed, quickDisk } from "./testing/testbed.ts";
import { SLOT_MS } from "./store-types.ts";

const HOUR = 3_600_000;

test("each column of a family says what its values take in the files of days, and of how many points", async () => {
  const bed = await makeTestbed();
  for (let slot = 0; slot < 240; slot++) {
    bed.store.append("host", 1, CONTRACT_START + slot * SLOT_MS, [(slot * 7919) % 100, 5]);
    bed.store.append("probe", 1, CONTRACT_START + slot * SLOT_MS, [slot, 1]);
    await bed.advance(SLOT_MS);
  }
  expect(columnBytes(quickDisk, bed.folder, "host", SLOT_MS)).toEqual([]);
  for (let hour = 0; hour < 60; hour++) await bed.advance(HOUR);
  const [load, bytes, ...others] = columnBytes(quickDisk, bed.folder, "host", SLOT_MS);
  expect(others).toEqual([]);
  // A number that never changes is written once; one between 0 and 99 that jumps takes nearly a byte each time.
  expect(bytes).toEqual({ column: "bytes", bytes: 9, points: 240 });
  expect(load).toMatchObject({ column: "load", points: 240 });
  expect(load?.bytes).toBeGreaterThan(180);
  const raw = readdirSync(bed.folder).find((name) => name.startsWith("raw-")) ?? "";
  expect((load?.bytes ?? 0) + 9).toBeLessThan(statSync(join(bed.folder, raw)).size);
  writeFileSync(join(bed.folder, raw), "damaged");
  expect(columnBytes(quickDisk, bed.folder, "host", SLOT_MS)).toEqual([]);
  await bed.dispose();
});
