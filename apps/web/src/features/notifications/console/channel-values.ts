import type { Notification, NotificationFormInput } from "@windfire/api";

/** Numbers of `request_method` and `request_type` (spec 11 section 6.1). */
export const METHODS = ["GET", "POST"] as const;
export const TYPES = ["json", "form"] as const;

export interface ChannelValues {
  readonly name: string;
  readonly url: string;
  readonly method: (typeof METHODS)[number];
  readonly type: (typeof TYPES)[number];
  readonly header: string;
  readonly body: string;
  readonly verify: boolean;
  readonly units: boolean;
  readonly test: boolean;
}

/** A body that says something: without one a message arrives empty. */
export const PLAIN_BODY = '{"text":"#NEZHA#"}';

/** Address, headers and body never come back from the dashboard: an empty field keeps what is stored (spec 11 section 6.3). */
export function readChannel(channel: Notification | undefined): ChannelValues {
  return {
    name: channel?.name ?? "",
    url: "",
    method: METHODS[(channel?.request_method ?? 2) - 1] ?? "POST",
    type: TYPES[(channel?.request_type ?? 1) - 1] ?? "json",
    header: "",
    body: channel === undefined ? PLAIN_BODY : "",
    verify: channel === undefined ? true : channel.verify_tls === true,
    units: channel === undefined ? true : channel.format_metric_units === true,
    test: channel === undefined,
  };
}

export function writeChannel(values: ChannelValues): NotificationFormInput {
  return {
    name: values.name.trim(),
    url: values.url.trim(),
    request_method: METHODS.indexOf(values.method) + 1,
    request_type: TYPES.indexOf(values.type) + 1,
    request_header: values.header.trim(),
    request_body: values.body,
    verify_tls: values.verify,
    format_metric_units: values.units,
    skip_check: !values.test,
  };
}

export function checkChannel(values: ChannelValues): Partial<Record<keyof ChannelValues, string>> {
  const wrong: Partial<Record<keyof ChannelValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (!/^https?:\/\/[^\s/]+/i.test(values.url.trim())) wrong.url = "form.url";
  if (values.header.trim() !== "" && !isJsonObject(values.header)) wrong.header = "channels.object";
  if (values.method === "POST" && values.type === "form" && values.body.trim() !== "" && !isJsonObject(values.body))
    wrong.body = "channels.object";
  return wrong;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What the dashboard fills in (spec 30 section 3.3). */
export const PLACEHOLDERS = ["#NEZHA#", "#DATETIME#"] as const;
export const SERVER_PLACEHOLDERS = [
  "#SERVER.NAME#",
  "#SERVER.ID#",
  "#SERVER.IP#",
  "#SERVER.IPV4#",
  "#SERVER.IPV6#",
  "#SERVER.CPU#",
  "#SERVER.MEM#",
  "#SERVER.SWAP#",
  "#SERVER.DISK#",
  "#SERVER.SPEEDIN#",
  "#SERVER.SPEEDOUT#",
  "#SERVER.TRANSFERIN#",
  "#SERVER.TRANSFEROUT#",
  "#SERVER.LOAD1#",
  "#SERVER.LOAD5#",
  "#SERVER.LOAD15#",
  "#SERVER.TCPCONNCOUNT#",
  "#SERVER.UDPCONNCOUNT#",
] as const;
