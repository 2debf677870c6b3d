import { X } from "lucide-react";
import type { ReactNode } from "react";

export type ChipTone = "plain" | "ok" | "warn" | "crit" | "maint" | "line" | "select";

export function Chip({
  tone = "plain",
  title,
  children,
}: {
  readonly tone?: ChipTone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className="wf-chip" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

/** A chip that can be taken away: a part of a filter, a chosen entry. */
export function RemovableChip(props: {
  readonly label: string;
  readonly wrong?: boolean;
  readonly remove: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="wf-chip" data-tone="select">
      <span className={props.wrong === true ? "underline decoration-crit decoration-wavy underline-offset-2" : ""}>{props.label}</span>
      <button type="button" aria-label={props.remove} onClick={props.onRemove} className="-me-1 inline-grid size-6 place-items-center">
        <X className="size-3" aria-hidden="true" />
      </button>
    </span>
  );
}
