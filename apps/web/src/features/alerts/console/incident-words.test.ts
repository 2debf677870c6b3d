import type { Incident } from "@windfire/api";
import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { byUrgency, heldText, incidentShape } from "./incident-words.tsx";

const t = ((key: string, values?: { name?: string }) => [key, values?.name].filter(Boolean).join(" ")) as unknown as TFunction;
const OPEN: Incident = {
  id: 1,
  source: "alert",
  source_id: 1,
  server_id: 1,
  title: "CPU",
  server_name: "a",
  severity: "warning",
  opened_at: "2026-01-01T00:00:00Z",
};

test.each([
  [{}, "warn"],
  [{ severity: "critical" }, "critical"],
  [{ severity: "info" }, "warn"],
  [{ severity: "critical", held: "snoozed" }, "maintenance"],
  [{ held: "snoozed", ended_at: "2026-01-01T01:00:00Z" }, "up"],
] as const)("%j is drawn as %s", (change, shape) => {
  expect(incidentShape({ ...OPEN, ...change })).toBe(shape);
});

test("why nobody was told is said in words", () => {
  expect(heldText(t, "snoozed")).toBe("incident.heldSnoozed");
  expect(heldText(t, "maintenance: Sunday: all")).toBe("incident.heldMaintenance Sunday: all");
  expect(heldText(t, "behind: router")).toBe("incident.heldBehind router");
  expect(heldText(t, "waiting for: router")).toBe("incident.heldWaiting router");
});

test("critical ones come first, then those that nobody has seen, then the newest", () => {
  const incidents: Incident[] = [
    { ...OPEN, id: 5, acknowledged_at: "2026-01-01T00:01:00Z" },
    { ...OPEN, id: 4 },
    { ...OPEN, id: 6 },
    { ...OPEN, id: 1, severity: "critical", acknowledged_at: "2026-01-01T00:01:00Z" },
    { ...OPEN, id: 2, severity: "info" },
  ];
  expect(incidents.toSorted(byUrgency).map(({ id }) => id)).toEqual([1, 6, 4, 5, 2]);
});
