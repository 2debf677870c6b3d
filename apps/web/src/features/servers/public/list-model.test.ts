import { expect, test } from "vitest";
import { createFilter } from "#lib/filter.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { defaultView, filterFields, groupNames, listServers, PROBLEMS, sumFleet } from "./list-model.ts";
import type { Sort } from "./list-model.ts";

const base: LiveRecord = {
  id: 0,
  name: "",
  country: "",
  order: 0,
  note: "",
  host: { platform: "debian", platform_version: "13", mem_total: 100 },
  state: { cpu: 10, mem_used: 50, net_in_speed: 5, net_out_speed: 7, net_in_transfer: 1, net_out_transfer: 2, uptime: 9 },
  online: true,
  lastSeen: 1,
  condition: undefined,
  over: {},
  cpuMean: 10,
};
const SERVERS: LiveRecord[] = [
  { ...base, id: 1, name: "tokyo-10", country: "jp" },
  { ...base, id: 2, name: "tokyo-9", country: "jp", online: false },
  { ...base, id: 3, name: "berlin", country: "de", state: { ...base.state, mem_used: 90, cpu: 60 } },
  { ...base, id: 4, name: "paris", country: "fr", host: { platform: "ubuntu" }, state: { cpu: 40, net_in_speed: 9 } },
];
const GROUPS = groupNames([
  { group: { id: 1, name: "Asia", created_at: "", updated_at: "" }, servers: [1, 2] },
  { group: { id: 2, name: "Web", created_at: "", updated_at: "" }, servers: [2, 3] },
  { group: { id: 3, name: "Empty", created_at: "", updated_at: "" }, servers: null },
]);
const FIELDS = filterFields(GROUPS, (code) => ({ jp: "Japan", de: "Germany" })[code] ?? code, 0);
const list = (query = "", sort: Sort = "order", group = "") =>
  listServers(SERVERS, { sort, group }, { filter: createFilter(query, FIELDS), fields: FIELDS, groups: GROUPS });

test.each([
  ["", [1, 2, 3, 4]],
  ["tokyo", [1, 2]],
  ["japan", [1, 2]],
  ["web", [2, 3]],
  ["os:debian", [1, 2, 3]],
  ["group:asia state:offline", [2]],
  ["state:problem", [2, 3]],
  ["cpu>35", [3, 4]],
  ["memory<60", [1]],
  ["country:de", [3]],
])("the filter %j shows %j", (query, ids) => {
  expect(list(query)).toEqual(ids);
});

test.each([
  ["order", [1, 2, 3, 4]],
  ["problems", [2, 3, 1, 4]],
  ["name", [3, 4, 2, 1]],
  ["cpu", [3, 4, 1, 2]],
  ["receiving", [4, 1, 3, 2]],
] as const)("sorted by %s it is %j", (sort, ids) => {
  expect(list("", sort)).toEqual(ids);
});

test.each([
  ["Asia", [1, 2]],
  ["Empty", []],
  [PROBLEMS, [2, 3]],
])("group %s has %j", (group, ids) => {
  expect(list("", "order", group)).toEqual(ids);
});

test("sums leave out the speed of servers that do not report", () => {
  expect(sumFleet(SERVERS)).toEqual({
    total: 4,
    byHealth: { up: 2, warn: 1, critical: 0, offline: 1, waiting: 0 },
    receiving: 19,
    sending: 14,
    transferred: 9,
  });
});

test.each([
  [1, "cards"],
  [24, "cards"],
  [25, "table"],
  [200, "table"],
  [201, "heat"],
] as const)("%d servers are shown as %s", (count, view) => {
  expect(defaultView(count)).toBe(view);
});
