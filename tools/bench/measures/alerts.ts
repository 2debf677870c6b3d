import { setTimeout as pause } from "node:timers/promises";
import type { Crowd } from "../crowd.ts";
import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureWindow, workFigures } from "../window.ts";

const FAST_INTERVAL_MS = 1_000;
/** Rules for every server. */
const RULES = [10, 50];
/** What rules look at, in turns; none of them fails. */
const CONDITIONS = [
  { type: "cpu", max: 101, duration: 20 },
  { type: "memory", max: 101, duration: 100 },
  { type: "disk", max: 101, duration: 20 },
  { type: "net_in_speed", max: 1e15, duration: 20 },
  { type: "load5", max: 1e6, duration: 300 },
];
/** Rules that are looked at by the clock, whether anybody reports or not. */
const OFFLINE = { type: "offline", duration: 20 };
const A_DAY_OFFLINE = { ...OFFLINE, duration: 28_800 };
const LOOK_EVERY_SECONDS = 3;

/** What alert rules add to a report, and what they cost when nobody reports. */
export async function measureAlerts(dashboard: BenchDashboard, crowd: Crowd, seconds: number): Promise<Figure[]> {
  const call = await caller(dashboard);
  const reports = async (): Promise<{ readonly us: number; readonly figures: (measure: string) => Figure[] }> => {
    const window = await measureWindow(dashboard, () => crowd.reportEvery(FAST_INTERVAL_MS, seconds * 1000));
    const count = window.result.length;
    return { us: (1e6 * window.cpuSeconds) / count, figures: (measure) => workFigures(measure, "report", count, window) };
  };
  // The first window warms up.
  await reports();
  const bare = await reports();
  const figures = bare.figures(`${crowd.size} agents, every 1 s, no rules`);
  for (const rules of RULES) {
    const ids = await addRules(call, rules, (index) => CONDITIONS[index % CONDITIONS.length] ?? OFFLINE);
    await reports();
    const measure = `${crowd.size} agents, every 1 s, ${rules} rules`;
    const { us, figures: of } = await reports();
    figures.push(...of(measure), { measure, name: "CPU that rules add", value: (100 * (us - bare.us)) / bare.us, unit: "% of a report" });
    await call("/batch-delete/alert-rule", ids);
  }
  return [...figures, ...(await measureRest(dashboard, crowd, seconds, call))];
}

/** Nobody reports; by none of the rules anybody is away yet. */
async function measureRest(dashboard: BenchDashboard, crowd: Crowd, seconds: number, call: Call): Promise<Figure[]> {
  const most = RULES.at(-1) ?? 1;
  const idle = () => measureWindow(dashboard, () => pause(seconds * 1000));
  const bare = await idle();
  const ids = await addRules(call, most, () => A_DAY_OFFLINE);
  await pause(SETTLE_MS);
  const { cpuSeconds } = await idle();
  await call("/batch-delete/alert-rule", ids);
  const measure = `${crowd.size} silent agents, ${most} rules by the clock`;
  const looks = seconds / LOOK_EVERY_SECONDS;
  return [{ measure, name: "CPU of one look, every 3 s", value: (1000 * (cpuSeconds - bare.cpuSeconds)) / looks, unit: "ms" }];
}

const SETTLE_MS = 10_000;

type Call = (path: string, body: unknown) => Promise<unknown>;

async function addRules(call: Call, count: number, conditionOf: (index: number) => object): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (let index = 0; index < count; index++) {
    const form = { name: `rule ${index}`, enable: true, trigger_mode: 1, rules: [{ cover: 0, ...conditionOf(index) }] };
    ids.push(await call("/alert-rule", form));
  }
  return ids;
}

async function caller(dashboard: BenchDashboard): Promise<Call> {
  const headers = { authorization: `Bearer ${await dashboard.signIn()}`, "content-type": "application/json" };
  return async (path, body) => {
    const response = await fetch(`http://${dashboard.target}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const { success, error, data } = (await response.json()) as { success?: boolean; error?: string; data?: unknown };
    if (success !== true) throw new Error(`${path} was refused: ${error}`);
    return data;
  };
}
