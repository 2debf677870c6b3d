import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createServerDirectory } from "./directory.ts";
import { createProfileCascade } from "./profile-references.ts";
import { createServerStore } from "./store.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => void (temporary = await openTemporaryDatabase()));
afterEach(() => temporary.remove());

test("servers forget deleted profiles and their own domains for them, in memory and in the file", async () => {
  const store = createServerStore(temporary.database);
  const settings = { name: "n", note: "", publicNote: "", displayIndex: 0, hideForGuest: false, enableDdns: true };
  const references = [
    { ddnsProfiles: [1, 2, 3], overrideDdnsDomains: { "2": ["a.test"], "3": ["b.test"] } },
    { ddnsProfiles: [], overrideDdnsDomains: { "2": ["a.test"] } },
    { ddnsProfiles: [3], overrideDdnsDomains: {} },
  ];
  for (const [index, profiles] of references.entries()) {
    const { id } = await store.insert({ uuid: `u${index}`, ownerId: 1, name: "n" }, 1);
    await store.update(id, { ...settings, ...profiles }, 1);
  }
  const servers = createServerDirectory(await store.all());
  const untouched = servers.get(3)?.settings;
  const cascade = createProfileCascade({ store, servers });
  await temporary.database.change(async (tx, changes) => {
    await cascade(tx, [2, 9], changes);
    expect(servers.get(1)?.settings.ddnsProfiles).toEqual([1, 2, 3]);
  });
  const expected = [
    { ddnsProfiles: [1, 3], overrideDdnsDomains: { "3": ["b.test"] } },
    { ddnsProfiles: [], overrideDdnsDomains: {} },
    { ddnsProfiles: [3], overrideDdnsDomains: {} },
  ];
  expect([1, 2, 3].map((id) => servers.get(id)?.settings)).toMatchObject(expected);
  expect(servers.get(3)?.settings).toBe(untouched);
  expect(await store.all()).toMatchObject(expected);
});
