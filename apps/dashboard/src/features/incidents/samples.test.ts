import { expect, test } from "vitest";
import type { Service } from "#features/services";
import type { Incident } from "./model.ts";
import { createSamples } from "./samples.ts";

const MINUTE_MS = 60_000;
const OPENED = Date.UTC(2026, 2, 10, 10);

const incident: Incident = {
  id: 1,
  source: "service",
  sourceId: 4,
  serverId: 0,
  ownerId: 2,
  groupId: 0,
  reminds: false,
  severity: "critical",
  title: "shop",
  serverName: "",
  text: "[Down] shop",
  value: "",
  limit: "",
  openedAt: OPENED,
  endedAt: OPENED + MINUTE_MS,
  outcome: "recovered",
  held: "",
  acknowledgedAt: 0,
  acknowledgedBy: "",
  note: "",
};
const service: Service = {
  id: 4,
  ownerId: 2,
  name: "shop",
  type: 3,
  target: "h:1",
  duration: 30,
  displayIndex: 0,
  notify: true,
  notificationGroupId: 0,
  cover: 0,
  skipServers: null,
  enableTriggerTask: false,
  hideForGuest: false,
  failTriggerTasks: null,
  recoverTriggerTasks: null,
  minLatency: 0,
  maxLatency: 200,
  latencyNotify: true,
  options: {},
  createdAt: "",
  updatedAt: "",
};

function samplesOf(services: readonly Service[]) {
  const asked: unknown[] = [];
  const samples = createSamples({
    now: () => OPENED + 60 * MINUTE_MS,
    servers: { get: () => undefined },
    services: { get: (id) => services.find((one) => one.id === id) },
    serviceSeries: async (...question) => {
      asked.push(question);
      return {
        starts: Float64Array.of(OPENED, OPENED + 30_000),
        delays: Float64Array.of(150, Number.NaN),
        losses: Float64Array.of(0.25, 1),
      };
    },
    history: { serverSeries: () => expect.unreachable("no server is asked about") },
    availability: { server: () => expect.unreachable("no server is asked about") },
    figuresOf: () => [],
  });
  return { samples, asked };
}

test("around an incident of a service: delay with the bounds that people are told of, and loss; a failed probe has no delay", async () => {
  const { samples, asked } = samplesOf([service]);
  expect(await samples(incident)).toEqual({
    from: "2026-03-10T09:45:00Z",
    to: "2026-03-10T10:16:00Z",
    step_seconds: 30,
    series: [
      { metric: "service_delay", max: 200, points: [{ ts: OPENED, value: 150 }] },
      {
        metric: "service_loss",
        percent: true,
        points: [
          { ts: OPENED, value: 25 },
          { ts: OPENED + 30_000, value: 100 },
        ],
      },
    ],
    offline: [],
  });
  expect(asked).toEqual([[4, OPENED - 15 * MINUTE_MS, OPENED + 16 * MINUTE_MS]]);
  const quiet = samplesOf([{ ...service, latencyNotify: false }]);
  expect((await quiet.samples(incident)).series[0]).not.toHaveProperty("max");
});

test("of a service that is gone nothing is known", async () => {
  expect(await samplesOf([]).samples(incident)).toMatchObject({ series: [], offline: [] });
});
