import { expect, test } from "vitest";
import { addressNotice, maskAddresses } from "./address-notice.ts";

const settings = {
  enableIpChangeNotification: true,
  ipChangeNotificationGroupId: 1,
  cover: 1,
  ignoredIpNotificationServerIds: new Set([9]),
  enablePlainIpInNotification: false,
};
const change = { serverId: 7, serverName: "tokyo", previous: "1.2.3.4", current: "5.6.7.8" };
const text = (over: Partial<typeof settings> = {}, moved: Partial<typeof change> = {}) =>
  addressNotice({ ...settings, ...over }, { ...change, ...moved }, (id) => id);

test("a change is told with both addresses masked, or in full when the settings say so", () => {
  expect(text()).toBe("[IP Changed] tokyo, 1.****.4 => 5.****.8");
  expect(text({ enablePlainIpInNotification: true })).toBe("[IP Changed] tokyo, 1.2.3.4 => 5.6.7.8");
});

test.each([
  ["switched off", { enableIpChangeNotification: false }, {}],
  ["the first address", {}, { previous: "" }],
  ["no address", {}, { current: "" }],
  ["the same address", {}, { current: "1.2.3.4" }],
  ["a server left out", {}, { serverId: 9 }],
  ["a server not listed", { cover: 2 }, {}],
  ["an unknown cover", { cover: 0 }, {}],
])("nobody is told: %s", (_why, over, moved) => {
  expect(text(over, moved)).toBeUndefined();
});

test("with cover 2 the listed ones are told", () => {
  expect(text({ cover: 2 }, { serverId: 9 })).toBeDefined();
});

test.each([
  ["1.2.3.4/2001:db8:0:0:0:0:0:1", "1.****.4/2001:db8:****:0:1"],
  ["2001:db8::1", "2001:db8:****:0:1"],
  ["fe80::1", "fe80:0:****:0:1"],
  ["not an address", "not an address"],
])("%s is shown as %s", (address, masked) => {
  expect(maskAddresses(address)).toBe(masked);
});
