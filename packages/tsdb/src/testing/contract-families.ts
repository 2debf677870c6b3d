import type { Family } from "../schema.ts";

/** Families that a store under test must be opened with. */
export const CONTRACT_FAMILIES: readonly Family[] = [
  {
    name: "host",
    columns: [
      { name: "load", fold: "mean", step: 0.01 },
      { name: "bytes", fold: "last", step: 1 },
    ],
  },
  {
    name: "probe",
    columns: [
      { name: "delay", fold: "mean", step: 0.01, percentiles: true },
      { name: "up", fold: "sum", step: 1 },
    ],
  },
];

/** Time at which the clock of a store under test begins. */
export const CONTRACT_START = Date.UTC(2026, 0, 10);
