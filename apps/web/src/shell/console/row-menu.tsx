import { Copy, Pause, Play, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import type { ApiClient } from "#wire/api-client.ts";
import { useApp } from "../app-context.tsx";
import { BatchAction } from "./batch-bar.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { useWrite } from "./queries.ts";

/** How rows of a kind are switched off and on again without losing anything. */
export interface Pausing<T> {
  readonly isOn: (row: T) => boolean;
  readonly set: (api: ApiClient, row: T, on: boolean) => Promise<unknown>;
  /** What is read anew afterwards. */
  readonly stale: readonly string[];
}

/** Switches rows, at once; the toast takes it back. A refusal is shown there too, with the dashboard's words. */
export function usePausing<T extends { readonly name: string }>(
  pausing: Pausing<T> | undefined,
): (rows: readonly T[], on: boolean) => Promise<void> {
  const { t, list } = useFormats();
  const { toasts } = useApp();
  const write = useWrite(async (api, { rows, on }: { rows: readonly T[]; on: boolean }) => {
    for (const row of rows) await pausing?.set(api, row, on);
  }, pausing?.stale ?? []);
  return async (rows, on) => {
    const changing = rows.filter((row) => pausing?.isOn(row) === !on);
    try {
      await write.mutateAsync({ rows: changing, on });
      toasts.show({
        text: t(on ? "table.resumed" : "table.paused", { names: list(changing.map(({ name }) => name)) }),
        undo: () => void write.mutateAsync({ rows: changing, on: !on }),
      });
    } catch (failure) {
      toasts.show({ text: failure instanceof Error ? failure.message : String(failure) });
    }
  };
}

interface RowMenuProps {
  readonly name: string;
  /** Whether the row works now; left out where it cannot be switched. */
  readonly on?: boolean | undefined;
  readonly onPause: (on: boolean) => void;
  readonly onDuplicate: () => void;
  /** Given where a phone has no room for a button of its own. */
  readonly onDelete?: (() => void) | undefined;
}

/** What is done with a row more rarely than editing it. */
export function RowMenu({ name, on, onPause, onDuplicate, onDelete }: RowMenuProps): ReactNode {
  const { t } = useFormats();
  return (
    <MoreMenu name={name}>
      {on === undefined ? null : (
        <button type="button" onClick={() => onPause(!on)}>
          {on ? <Pause className="size-4" aria-hidden="true" /> : <Play className="size-4" aria-hidden="true" />}
          {t(on ? "action.pause" : "action.resume")}
        </button>
      )}
      <button type="button" onClick={onDuplicate}>
        <Copy className="size-4" aria-hidden="true" />
        {t("action.duplicate")}
      </button>
      {onDelete === undefined ? null : (
        <button type="button" data-tone="danger" className="sm:hidden" onClick={onDelete}>
          <Trash2 className="size-4" aria-hidden="true" />
          {t("table.delete", { name })}
        </button>
      )}
    </MoreMenu>
  );
}

/** Switches all chosen rows: off while one of them is on. */
export function PauseAction<T>({
  rows,
  pausing,
  onPause,
}: {
  readonly rows: readonly T[];
  readonly pausing: Pausing<T> | undefined;
  readonly onPause: (rows: readonly T[], on: boolean) => Promise<void>;
}): ReactNode {
  const { t } = useFormats();
  if (pausing === undefined) return null;
  const anyOn = rows.some(pausing.isOn);
  return (
    <BatchAction
      icon={anyOn ? Pause : Play}
      label={t(anyOn ? "action.pause" : "action.resume")}
      onClick={() => void onPause(rows, !anyOn)}
    />
  );
}
