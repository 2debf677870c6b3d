import { X } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button, IconButton } from "#ui/button.tsx";

interface BatchBarProps {
  readonly count: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

/** What can be done with the chosen rows. Floats, with room left below the last row. */
export function BatchBar({ count, onClear, children }: BatchBarProps) {
  const { t, number } = useFormats();
  if (count === 0) return null;
  const label = t("table.selected", { count, value: number.count(count) });
  return (
    <>
      <span className="h-16" aria-hidden="true" />
      <div
        role="region"
        data-batch-bar=""
        aria-label={label}
        className="fixed inset-x-4 bottom-5 z-15 mx-auto flex w-fit max-w-[calc(100vw-2rem)] items-center gap-1 overflow-x-auto rounded-card bg-surface py-2 ps-4 pe-2 shadow-pop max-md:bottom-16 md:start-[calc(var(--side)+1.5rem)]"
      >
        <b className="me-2 whitespace-nowrap tabular-nums">{label}</b>
        {children}
        <IconButton label={t("table.clear")} onClick={onClear}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
    </>
  );
}

/** One action of the bar: on a phone its icon alone. */
export function BatchAction(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly tone?: "danger";
  readonly onClick: () => void;
}) {
  const Icon = props.icon;
  const tone = props.tone === undefined ? {} : { tone: props.tone };
  return (
    <Button kind="quiet" size="small" {...tone} aria-label={props.label} title={props.label} onClick={props.onClick}>
      <Icon className="size-4" aria-hidden="true" />
      <span className="max-lg:hidden">{props.label}</span>
    </Button>
  );
}
