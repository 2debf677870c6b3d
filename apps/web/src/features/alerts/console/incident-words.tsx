import type { Incident } from "@windfire/api";
import type { TFunction } from "i18next";
import { useFormats } from "#lib/formats.ts";
import { Chip } from "#ui/chip.tsx";
import type { ChipTone } from "#ui/chip.tsx";
import type { StateShape } from "#ui/state-icon.tsx";

type Severity = Incident["severity"];

const TONES: Readonly<Record<Severity, ChipTone>> = { info: "line", warning: "warn", critical: "crit" };
const RANKS: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

export function SeverityChip({ severity }: { readonly severity: Severity }) {
  const { t } = useFormats();
  return <Chip tone={TONES[severity]}>{t(`channels.severity.${severity}`)}</Chip>;
}

/** The shape of an incident: over, kept quiet, or by how much it matters. */
export function incidentShape({ ended_at, held, severity }: Pick<Incident, "ended_at" | "held" | "severity">): StateShape {
  if (ended_at !== undefined) return "up";
  if (held !== undefined) return "maintenance";
  return severity === "critical" ? "critical" : "warn";
}

/** "CPU on tokyo-1"; a service has no server. */
export function incidentName(t: TFunction, { title, server_name }: Pick<Incident, "title" | "server_name">): string {
  return server_name === "" ? title : t("incident.on", { title, server: server_name });
}

/** How the dashboard begins a reason that names something, and its text here. */
const REASONS = { "maintenance: ": "heldMaintenance", "behind: ": "heldBehind", "waiting for: ": "heldWaiting" } as const;

/** Why nobody was told, in words: the dashboard says `snoozed`, or one of the beginnings above and a name. */
export function heldText(t: TFunction, held: string): string {
  for (const [beginning, key] of Object.entries(REASONS)) {
    if (held.startsWith(beginning)) return t(`incident.${key}`, { name: held.slice(beginning.length) });
  }
  return t("incident.heldSnoozed");
}

/** What matters most first; of the same, what nobody has seen yet; then the newest. */
export function byUrgency(a: Incident, b: Incident): number {
  const seen = Number(a.acknowledged_at !== undefined) - Number(b.acknowledged_at !== undefined);
  return RANKS[a.severity] - RANKS[b.severity] || seen || b.id - a.id;
}
