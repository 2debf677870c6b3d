import { judgeCertificate } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";
import type { Service } from "./model.ts";
import type { LatencySide, ProbeNotice, ProbeUnmute } from "./notice.ts";
import type { WindowCounts } from "./window.ts";

/** States of a service (spec 30 section 1.6 D); 0 is "never judged". */
export const HEALTH = { unset: 0, noData: 1, good: 2, low: 3, down: 4 } as const;
export type Health = (typeof HEALTH)[keyof typeof HEALTH];

/** One accepted result; `delay` in milliseconds. */
export interface Probe {
  readonly at: number;
  readonly delay: number;
  readonly successful: boolean;
  /** What the agent said: an error, or issuer and expiry of a certificate. */
  readonly data: string;
}

/** Results since the last summary was stored. */
export interface SummaryPeriod {
  /** Time of the first of them. */
  readonly begin: number;
  readonly up: number;
  readonly down: number;
  readonly delaySum: number;
  /** What the last one said. */
  readonly data: string;
}

/** What the engine knows of a service between two results. */
export interface ProbeState {
  readonly health: Health;
  /** Changes of the health so far. */
  readonly epoch: number;
  readonly period: SummaryPeriod | undefined;
  readonly certificate: Certificate | undefined;
}

export const FIRST_STATE: ProbeState = { health: HEALTH.unset, epoch: 0, period: undefined, certificate: undefined };

export type ProbeEffect =
  | ProbeNotice
  | ProbeUnmute
  | { readonly kind: "health"; readonly health: Health; readonly data: string; readonly mute: string }
  | { readonly kind: "tasks"; readonly list: "fail" | "recover" }
  /** All results of a quarter of an hour, to be stored. */
  | {
      readonly kind: "summary";
      readonly at: number;
      readonly up: number;
      readonly down: number;
      readonly delay: number;
      readonly data: string;
    };

const PERIOD_MS = 15 * 60_000;

/** One result, and what the service is judged to be with it: what the service's state is now, and what follows from it (spec 30 sections 1.6 and 1.7, after 2.3.7). */
export function step(
  state: ProbeState,
  service: Service,
  reporter: string,
  probe: Probe,
  health: Health,
): { next: ProbeState; effects: ProbeEffect[] } {
  const { period, effects } = addToPeriod(state.period, probe);
  effects.push(...latencyEffects(service, reporter, probe));
  const epoch = state.epoch + (health === state.health ? 0 : 1);
  effects.push(...healthEffects(service, { before: state.health, health, epoch }, probe));
  const judged = judgeCertificate(service, state.certificate, probe);
  effects.push(...judged.effects);
  return { next: { health, epoch, period, certificate: judged.certificate }, effects };
}

/** A period ends with the first result that comes a quarter of an hour after its own first one, or before it (the clock was set back). */
function addToPeriod(before: SummaryPeriod | undefined, probe: Probe): { period: SummaryPeriod; effects: ProbeEffect[] } {
  const ended = before !== undefined && (probe.at >= before.begin + PERIOD_MS || probe.at < before.begin) ? before : undefined;
  const running = ended ? undefined : before;
  const { begin, up, down, delaySum } = running ?? { begin: probe.at, up: 0, down: 0, delaySum: 0 };
  const period = probe.successful
    ? { begin, up: up + 1, down, delaySum: delaySum + probe.delay, data: probe.data }
    : { begin, up, down: down + 1, delaySum, data: probe.data };
  return { period, effects: ended ? [summaryOf(ended)] : [] };
}

function summaryOf({ begin, up, down, delaySum, data }: SummaryPeriod): ProbeEffect {
  return { kind: "summary", at: begin, up, down, delay: up === 0 ? 0 : delaySum / up, data };
}

/** By the results of the last quarter of an hour (spec 30 section 1.6 D). */
export function judgeWindow({ up, down }: Pick<WindowCounts, "up" | "down">): Health {
  if (up + down === 0) return HEALTH.noData;
  const percent = Math.floor((100 * up) / (up + down));
  if (percent > 95) return HEALTH.good;
  return percent > 80 ? HEALTH.low : HEALTH.down;
}

/** Which limit a delay in milliseconds is outside of; a bound of 0 is none. */
export function latencySide(
  { maxLatency, minLatency }: Pick<Service, "maxLatency" | "minLatency">,
  delay: number,
): LatencySide | undefined {
  if (maxLatency > 0 && delay > maxLatency) return "above";
  return minLatency > 0 && delay < minLatency ? "below" : undefined;
}

function latencyEffects(service: Service, reporter: string, { delay }: Probe): ProbeEffect[] {
  if (!service.latencyNotify || delay <= 0) return [];
  const { id, maxLatency, minLatency, name } = service;
  const labels = { above: `bf::sln-${id}`, below: `bf::slm-${id}` } as const;
  const side = latencySide(service, delay);
  if (side === undefined)
    return [
      { kind: "unmute", label: labels.above, side: "above" },
      { kind: "unmute", label: labels.below, side: "below" },
    ];
  const [messageId, limit] =
    side === "above"
      ? (["[Latency] %s %2f > %2f, Reporter: %s", maxLatency] as const)
      : (["[Latency] %s %2f < %2f, Reporter: %s", minLatency] as const);
  return [{ kind: "notice", messageId, args: [name, delay, limit, reporter], mute: labels[side] }];
}

/** Label of a state and its repetitions (spec 30 section 1.6 G). */
export function muteOf(serviceId: number, health: Health, epoch: number): string {
  return `bf::ssc-${serviceId}:${health}:${epoch}`;
}

/** Down is told again and again, throttled; anything else once. Becoming good for the first time is no news. */
function healthEffects(
  service: Service,
  { before, health, epoch }: { readonly before: Health; readonly health: Health; readonly epoch: number },
  { data }: Probe,
): ProbeEffect[] {
  const changed = health !== before;
  const fresh = before === HEALTH.unset || before === HEALTH.noData;
  if (!changed && health !== HEALTH.down) return [];
  const effects: ProbeEffect[] = [];
  const silent = before === HEALTH.unset ? health !== HEALTH.down : fresh && health === HEALTH.good;
  if (service.notify && !silent) effects.push({ kind: "health", health, data, mute: muteOf(service.id, health, epoch) });
  if (!service.enableTriggerTask || !changed || fresh) return effects;
  if (health === HEALTH.good) effects.push({ kind: "tasks", list: "recover" });
  else if (before === HEALTH.good) effects.push({ kind: "tasks", list: "fail" });
  return effects;
}
