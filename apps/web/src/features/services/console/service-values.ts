import type { ReachedThrough, Service, ServiceFormInput } from "@windfire/api";
import { coversNothing, EVERYWHERE, readFlagCoverage, writeFlagCoverage } from "#shell/console/fields/coverage.ts";
import type { Coverage } from "#shell/console/fields/coverage.ts";
import type { Together } from "#shell/console/form-errors.ts";

/** Kinds of probes, in the order of the numbers of `type` (spec 11 section 4.1). */
export const KINDS = ["http", "icmp", "tcp"] as const;
export type Kind = (typeof KINDS)[number];

const DEFAULT_SECONDS = 30;

export interface ServiceValues {
  readonly name: string;
  readonly kind: Kind;
  readonly target: string;
  readonly duration: string;
  readonly coverage: Coverage;
  readonly group: number;
  readonly notify: boolean;
  readonly latencyNotify: boolean;
  readonly min: string;
  readonly max: string;
  readonly trigger: boolean;
  readonly failTasks: readonly number[];
  readonly recoverTasks: readonly number[];
  readonly weight: string;
  readonly hide: boolean;
  /** Who has to agree that it is down. */
  readonly quorum: QuorumKind;
  /** Servers or percent, by the kind. */
  readonly quorumValue: string;
  readonly retries: string;
  readonly through: ReachedThrough | null;
}

/** The last 15 minutes of all, or so many servers that answered lately. */
export const QUORUM_KINDS = ["recent", "count", "percent"] as const;
export type QuorumKind = (typeof QUORUM_KINDS)[number];
const MOST_RETRIES = 10;
const QUORUM_MOST = { count: 10_000, percent: 100 } as const;
const FIRST_QUORUM = 2;

export const kindOf = (type: number): Kind => KINDS[type - 1] ?? "http";

export function readService(service: Service | undefined): ServiceValues {
  return {
    name: service?.name ?? "",
    kind: kindOf(service?.type ?? 1),
    target: service?.target ?? "",
    duration: String(service?.duration === undefined || service.duration === 0 ? DEFAULT_SECONDS : service.duration),
    coverage: service === undefined ? EVERYWHERE : readFlagCoverage(service.cover, service.skip_servers),
    group: service?.notification_group_id ?? 0,
    notify: service?.notify ?? false,
    latencyNotify: service?.latency_notify ?? false,
    min: String(service?.min_latency ?? 0),
    max: String(service?.max_latency ?? 0),
    trigger: service?.enable_trigger_task ?? false,
    failTasks: service?.fail_trigger_tasks ?? [],
    recoverTasks: service?.recover_trigger_tasks ?? [],
    weight: String(service?.display_index ?? 0),
    hide: service?.hide_for_guest ?? false,
    ...readQuorum(service?.quorum),
    retries: String(service?.retries ?? 0),
    through: service?.reached_through ?? null,
  };
}

function readQuorum(quorum: Service["quorum"]): Pick<ServiceValues, "quorum" | "quorumValue"> {
  if (quorum === undefined || quorum === null) return { quorum: "recent", quorumValue: String(FIRST_QUORUM) };
  return "count" in quorum
    ? { quorum: "count", quorumValue: String(quorum.count) }
    : { quorum: "percent", quorumValue: String(quorum.percent) };
}

function writeQuorum({ quorum, quorumValue }: ServiceValues): NonNullable<ServiceFormInput["quorum"]> | null {
  switch (quorum) {
    case "recent":
      return null;
    case "count":
      return { count: Number(quorumValue) };
    case "percent":
      return { percent: Number(quorumValue) };
  }
}

/** The whole row: what is left out would become empty. */
export function writeService(values: ServiceValues): ServiceFormInput {
  const { cover, flags } = writeFlagCoverage(values.coverage);
  return {
    name: values.name.trim(),
    type: KINDS.indexOf(values.kind) + 1,
    target: values.target.trim(),
    duration: Number(values.duration),
    display_index: Number(values.weight),
    cover,
    skip_servers: flags,
    notify: values.notify,
    notification_group_id: values.group,
    latency_notify: values.latencyNotify,
    min_latency: Number(values.min),
    max_latency: Number(values.max),
    enable_trigger_task: values.trigger,
    fail_trigger_tasks: [...values.failTasks],
    recover_trigger_tasks: [...values.recoverTasks],
    hide_for_guest: values.hide,
    quorum: writeQuorum(values),
    retries: Number(values.retries),
    reached_through: values.through,
  };
}

const WHOLE = /^-?\d{1,15}$/;
const LONGEST_SECONDS = 86_400;
/** A name, an IPv4 address or a bracketed IPv6 address, and a port. */
const HOST_PORT = /^(?:\[[\da-f:.%]+\]|[^\s/:[\]]+):(\d{1,5})$/i;
const HOST = /^[^\s/]+$/;
const HIGHEST_PORT = 65_535;

/** Keys of what is wrong with the fields. */
export function checkService(values: ServiceValues): Partial<Record<keyof ServiceValues, string>> {
  const wrong: Partial<Record<keyof ServiceValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  const target = targetError(values.kind, values.target.trim());
  if (target !== undefined) wrong.target = target;
  const seconds = Number(values.duration);
  if (!/^\d+$/.test(values.duration.trim()) || seconds < 1 || seconds > LONGEST_SECONDS) wrong.duration = "services.everyError";
  if (!isLatency(values.min)) wrong.min = "form.positive";
  if (!isLatency(values.max)) wrong.max = "form.positive";
  else if (Number(values.max) > 0 && Number(values.max) < Number(values.min)) wrong.max = "services.minMax";
  if (!WHOLE.test(values.weight.trim())) wrong.weight = "form.whole";
  if (values.quorum !== "recent" && !isWhole(values.quorumValue, 1, QUORUM_MOST[values.quorum])) wrong.quorumValue = "services.quorumWrong";
  if (!isWhole(values.retries, 0, MOST_RETRIES)) wrong.retries = "services.retriesWrong";
  if (coversNothing(values.coverage)) wrong.coverage = "cover.needed";
  if ((values.notify || values.latencyNotify) && values.group === 0) wrong.group = "notify.needed";
  if (values.latencyNotify && Number(values.min) === 0 && Number(values.max) === 0) wrong.max = "services.latencyNeeded";
  if (values.trigger && values.failTasks.length + values.recoverTasks.length === 0) wrong.failTasks = "tasks.needed";
  return wrong;
}

export const TOGETHER: Together<ServiceValues> = [
  ["group", "notify", "latencyNotify"],
  ["latencyNotify", "min", "max"],
  ["trigger", "failTasks", "recoverTasks"],
  ["kind", "target"],
];

const isWhole = (text: string, least: number, most: number) =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
const isLatency = (text: string) => /^\d{1,9}(?:\.\d{1,6})?$/.test(text.trim());

function targetError(kind: Kind, target: string): string | undefined {
  if (target === "") return "form.required";
  switch (kind) {
    case "http":
      return /^https?:\/\/[^\s/]+/i.test(target) && URL.canParse(target) ? undefined : "form.url";
    case "icmp":
      return HOST.test(target) ? undefined : "services.targetHost";
    case "tcp": {
      const port = Number(HOST_PORT.exec(target)?.[1]);
      return port >= 1 && port <= HIGHEST_PORT ? undefined : "services.targetPort";
    }
  }
}
