import type { TFunction } from "i18next";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, usageOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { heatStep, RAMP } from "./heat-model.ts";
import type { HeatMetric } from "./heat-model.ts";

const SOFT = { warn: "bg-warn-soft", critical: "bg-crit-soft", offline: "bg-off-soft wf-hatch", waiting: "bg-off-soft" } as const;

/** What cells say, made ready once for all of them. */
export interface CellTexts {
  readonly words: Readonly<Record<Health, string>>;
  /** What a cell says of a server. */
  readonly label: (name: string, state: string) => string;
}

/** Characters that are in no text, for what is put into it. */
const NAME = "\uE000";
const STATE = "\uE001";

/** A thousand cells write their texts anew with each frame: the language is asked once for all of them. */
export function cellTexts(t: TFunction): CellTexts {
  const pattern = t("list.cell", { name: NAME, state: STATE });
  const word = (health: Health) => healthWord(t, health);
  return {
    words: { up: word("up"), warn: word("warn"), critical: word("critical"), offline: word("offline"), waiting: word("waiting") },
    label: (name, state) => pattern.replace(STATE, () => state).replace(NAME, () => name),
  };
}

/** How a cell looks: `background` as CSS writes it, "" for the colour of its health. */
export interface CellLook {
  readonly health: Health;
  readonly label: string;
  readonly background: string;
}

/** Of a server as it is now; `undefined` for one that nothing is known of. */
export function cellLook(record: LiveRecord | undefined, metric: HeatMetric, texts: CellTexts): CellLook {
  const health = record === undefined ? "waiting" : healthOf(record);
  const percent = record === undefined ? undefined : usageOf(record)[metric];
  const word = texts.words[health];
  const label = texts.label(record?.name ?? "", percent === undefined ? word : `${Math.round(percent)}%, ${word}`);
  if (health !== "up") return { health, label, background: "" };
  return { health, label, background: percent === undefined ? "var(--meter-track)" : (RAMP[heatStep(Math.round(percent))] ?? "") };
}

/** Writes to a drawn cell what changed meanwhile. Its shape is none of this: that is drawn anew. */
export function paintCell(cell: Element, { label, background }: CellLook): void {
  if (!(cell instanceof HTMLElement)) return;
  cell.title = label;
  cell.ariaLabel = label;
  cell.style.background = background;
}

/** One server: a plain link, for which the grid does what links do. */
export function HeatCell({ id, look: { health, label, background } }: { readonly id: number; readonly look: CellLook }) {
  return (
    <a
      href={`/server/${id}`}
      title={label}
      aria-label={label}
      className={`forced-color-adjust-none m-px rounded-cell hover:outline-2 hover:outline-ink ${health === "up" ? "" : `grid place-items-center ${SOFT[health]}`}`}
      style={{ background }}
    >
      {health === "up" ? null : <StateIcon state={health} className="size-[72%]! max-w-6" />}
    </a>
  );
}
