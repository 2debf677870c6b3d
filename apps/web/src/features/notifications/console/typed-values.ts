import type { ChannelForm, ChannelPreviewForm, NotificationChannel, NotificationKind } from "@windfire/api";
import { checkSettings, fieldsOf, readSettings, writeSettings } from "./kind-fields.ts";
import type { Settings } from "./kind-fields.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A channel of a kind while it is edited; figures as they are written. */
export interface TypedValues {
  readonly name: string;
  readonly settings: Settings;
  readonly least: Severity;
  readonly group: string;
  readonly perMinute: string;
  readonly title: string;
  readonly body: string;
  readonly units: boolean;
  readonly test: boolean;
}

export function readTyped(kind: NotificationKind, channel: NotificationChannel | undefined): TypedValues {
  const options = channel?.options;
  return {
    name: channel?.name ?? "",
    settings: readSettings(fieldsOf(kind), channel?.settings),
    least: options?.least_severity ?? "info",
    group: String(options?.group_seconds ?? 0),
    perMinute: String(options?.per_minute ?? 0),
    title: options?.title ?? "",
    body: options?.body ?? "",
    units: channel?.format_metric_units ?? true,
    test: channel === undefined,
  };
}

export function writeTyped(kind: NotificationKind, values: TypedValues): ChannelForm {
  return {
    name: values.name.trim(),
    kind: kind.kind,
    settings: writeSettings(fieldsOf(kind), values.settings),
    options: {
      least_severity: values.least,
      group_seconds: Number(values.group),
      per_minute: Number(values.perMinute),
      title: values.title,
      body: values.body,
    },
    format_metric_units: values.units,
    skip_check: !values.test,
  };
}

export const previewOf = (kind: NotificationKind, { title, body }: TypedValues): ChannelPreviewForm => ({
  kind: kind.kind,
  title,
  body,
  count: 1,
});

/** Limits of the interface (`ChannelForm`). */
const MOST_GROUP_SECONDS = 600;
const MOST_PER_MINUTE = 600;

/** Keys of what is wrong; of the settings `settings`, and by field what `checkSettings` says. */
export function checkTyped(
  kind: NotificationKind,
  values: TypedValues,
  kept: readonly string[],
): Partial<Record<keyof TypedValues, string>> {
  const wrong: Partial<Record<keyof TypedValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (Object.keys(checkSettings(fieldsOf(kind), values.settings, kept)).length > 0) wrong.settings = "form.required";
  const group = checkFigure(values.group, MOST_GROUP_SECONDS);
  const perMinute = checkFigure(values.perMinute, MOST_PER_MINUTE);
  if (group !== undefined) wrong.group = group;
  if (perMinute !== undefined) wrong.perMinute = perMinute;
  return wrong;
}

function checkFigure(text: string, most: number): string | undefined {
  if (!/^\d+$/.test(text.trim())) return "form.whole";
  return Number(text) > most ? "channels.outOfRange" : undefined;
}
