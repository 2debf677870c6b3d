import type { Service } from "./model.ts";

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

interface Sample {
  readonly delay: number;
  readonly successful: boolean;
}

/** What the engine knows of a service between two results. */
export interface ProbeState {
  /** The last samples, at most {@link WINDOW}. */
  readonly window: readonly Sample[];
  readonly nextSampleAt: number;
  /** Samples since the last summary was stored. */
  readonly unsummarised: number;
  readonly health: Health;
  /** Issuer and expiry last seen; "" before the first. */
  readonly certificate: string;
}

export const FIRST_STATE: ProbeState = { window: [], nextSampleAt: 0, unsummarised: 0, health: HEALTH.unset, certificate: "" };

/** A message of the catalogue, to be sent to the service's group. `mute` throttles repetitions; without it every one is sent. */
export interface ProbeNotice {
  readonly kind: "notice";
  readonly messageId: string;
  readonly args: readonly (string | number)[];
  readonly mute?: string;
}

export type ProbeEffect =
  | ProbeNotice
  | { readonly kind: "unmute"; readonly label: string }
  | { readonly kind: "health"; readonly health: Health; readonly data: string }
  | { readonly kind: "tasks"; readonly list: "fail" | "recover" }
  /** The window as a whole: shown, and stored after every full one. */
  | { readonly kind: "window"; readonly up: number; readonly down: number }
  | { readonly kind: "summary"; readonly up: number; readonly down: number; readonly delay: number; readonly data: string };

/** Samples a verdict is made of. */
const WINDOW = 30;
/** At most one sample in so many milliseconds, whatever the number of servers that probe. */
const SAMPLE_MS = 30_000;
const WEEK_MS = 7 * 86_400_000;

/** One result: what the service's state is now, and what follows from it (spec 30 sections 1.6 and 1.7). */
export function step(state: ProbeState, service: Service, reporter: string, probe: Probe): { next: ProbeState; effects: ProbeEffect[] } {
  const sampled = probe.at >= state.nextSampleAt;
  const window = sampled ? [...state.window, { delay: probe.delay, successful: probe.successful }].slice(-WINDOW) : state.window;
  const { up, down, delay } = sums(window);
  const effects: ProbeEffect[] = [];
  if (sampled) effects.push({ kind: "window", up, down });
  const unsummarised = state.unsummarised + (sampled ? 1 : 0);
  const full = unsummarised >= WINDOW;
  if (full) effects.push({ kind: "summary", up, down, delay, data: probe.data });
  effects.push(...latencyEffects(service, reporter, probe));
  const health = judge(up, down);
  effects.push(...healthEffects(service, state.health, health, probe));
  const certificate = service.type === 1 ? certificateEffects(service, state.certificate, probe, effects) : state.certificate;
  return {
    next: {
      window,
      nextSampleAt: sampled ? probe.at + SAMPLE_MS : state.nextSampleAt,
      unsummarised: full ? 0 : unsummarised,
      health,
      certificate,
    },
    effects,
  };
}

function sums(window: readonly Sample[]): { up: number; down: number; delay: number } {
  const good = window.filter((sample) => sample.successful);
  const delay = good.length === 0 ? 0 : good.reduce((sum, sample) => sum + sample.delay, 0) / good.length;
  return { up: good.length, down: window.length - good.length, delay };
}

function judge(up: number, down: number): Health {
  if (up + down === 0) return HEALTH.noData;
  const percent = Math.floor((100 * up) / (up + down));
  if (percent > 95) return HEALTH.good;
  return percent > 80 ? HEALTH.low : HEALTH.down;
}

/** A bound of 0 is none. */
function latencyEffects(service: Service, reporter: string, { delay }: Probe): ProbeEffect[] {
  if (!service.latencyNotify || delay <= 0) return [];
  const { id, maxLatency, minLatency, name } = service;
  if (maxLatency > 0 && delay > maxLatency)
    return [
      {
        kind: "notice",
        messageId: "[Latency] %s %2f > %2f, Reporter: %s",
        args: [name, delay, maxLatency, reporter],
        mute: `bf::sln-${id}`,
      },
    ];
  if (minLatency > 0 && delay < minLatency)
    return [
      {
        kind: "notice",
        messageId: "[Latency] %s %2f < %2f, Reporter: %s",
        args: [name, delay, minLatency, reporter],
        mute: `bf::slm-${id}`,
      },
    ];
  return [
    { kind: "unmute", label: `bf::sln-${id}` },
    { kind: "unmute", label: `bf::slm-${id}` },
  ];
}

/** Down is told again and again, throttled; anything else once. Becoming good for the first time is no news. */
function healthEffects(service: Service, before: Health, health: Health, { data }: Probe): ProbeEffect[] {
  const changed = health !== before;
  const fresh = before === HEALTH.unset || before === HEALTH.noData;
  if (!changed && health !== HEALTH.down) return [];
  const effects: ProbeEffect[] = [];
  const silent = fresh && health !== HEALTH.down;
  if (service.notify && !silent) {
    if (changed) effects.push({ kind: "unmute", label: `bf::ssc-${service.id}` });
    effects.push({ kind: "health", health, data });
  }
  if (!service.enableTriggerTask || !changed || fresh) return effects;
  if (health === HEALTH.good) effects.push({ kind: "tasks", list: "recover" });
  else if (before === HEALTH.good) effects.push({ kind: "tasks", list: "fail" });
  return effects;
}

/** Prefix of certificate errors of very old agents (spec 20 section 6.4). */
const CERTIFICATE_ERROR = "SSL证书错误：";

/** Adds what the certificate's news are; returns what is remembered of it. */
function certificateEffects(service: Service, before: string, { at, data }: Probe, effects: ProbeEffect[]): string {
  const { id, name, notify } = service;
  const network = `bf::stls-${id}-network`;
  if (data.startsWith(CERTIFICATE_ERROR)) {
    const passing = /(timeout|EOF|timed out)$/.test(data);
    if (notify && !passing)
      effects.push({
        kind: "notice",
        messageId: "[TLS] Fetch cert info failed, Reporter: %s, Error: %s",
        args: [name, data],
        mute: network,
      });
    return before;
  }
  effects.push({ kind: "unmute", label: network });
  const [issuer, expiry] = data.split("|");
  const expires = readExpiry(expiry);
  if (issuer === undefined || expires === undefined) return before;
  const [oldIssuer = "", oldExpiry = ""] = before.split("|");
  if (notify && expires < at + WEEK_MS) {
    const shown = shortTime(expires);
    effects.push({
      kind: "notice",
      messageId: "The TLS certificate will expire within seven days. Expiration time: %s",
      args: [shown],
      mute: `bf::stls-${id}-expire_${shown}`,
    });
  }
  if (notify && before !== "" && issuer !== oldIssuer && expiry !== oldExpiry) {
    const was = readExpiry(oldExpiry);
    effects.push({
      kind: "notice",
      messageId: "TLS certificate changed, old: issuer %s, expires at %s; new: issuer %s, expires at %s",
      args: [oldIssuer, was === undefined ? oldExpiry : shortTime(was), issuer, shortTime(expires)],
    });
  }
  return `${issuer}|${expiry ?? ""}`;
}

/** `2026-03-01 12:00:00 +0000 UTC` in Unix milliseconds. */
function readExpiry(text: string | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)/.exec(text ?? "");
  const ms = match ? Date.parse(`${match[1]}T${match[2]}${match[3]}:${match[4]}`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function shortTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
