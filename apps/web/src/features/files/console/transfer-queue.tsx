import { RotateCcw, X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { MeterBar } from "#ui/meter.tsx";
import type { FileTransfer, Transfers } from "./use-transfers.ts";

/** Files on their way, with what became of them. */
export function TransferQueue({ transfers }: { readonly transfers: Transfers }) {
  const { t } = useFormats();
  if (transfers.list.length === 0) return null;
  return (
    <section aria-label={t("files.queue")} className="wf-card">
      <div className="flex items-center justify-between border-b border-line px-4 py-2">
        <h2 className="text-sm font-strong text-ink-2">{t("files.queue")}</h2>
        <Button kind="quiet" size="small" onClick={() => transfers.clear()}>
          {t("files.clear")}
        </Button>
      </div>
      <ul>
        {transfers.list.map((transfer) => (
          <Item key={transfer.key} transfer={transfer} transfers={transfers} />
        ))}
      </ul>
    </section>
  );
}

function Item({ transfer, transfers }: { readonly transfer: FileTransfer; readonly transfers: Transfers }) {
  const { t } = useFormats();
  const { state } = transfer;
  const moving = state === "waiting" || state === "running";
  return (
    <li className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium" title={transfer.path}>
          {transfer.kind === "upload" ? "↑" : "↓"} {transfer.name}
        </p>
        <p className={`text-xs tabular-nums ${state === "failed" ? "text-crit-text" : "text-ink-3"}`}>
          <StateText transfer={transfer} />
        </p>
        {state === "running" ? <MeterBar value={shareOf(transfer)} /> : null}
      </div>
      {moving ? (
        <IconButton label={`${t("files.cancel")}: ${transfer.name}`} onClick={() => transfers.cancel(transfer)}>
          <X className="size-4" aria-hidden="true" />
        </IconButton>
      ) : null}
      {state === "failed" || state === "cancelled" ? (
        <IconButton label={`${t("files.retry")}: ${transfer.name}`} onClick={() => transfers.retry(transfer)}>
          <RotateCcw className="size-4" aria-hidden="true" />
        </IconButton>
      ) : null}
    </li>
  );
}

const shareOf = ({ done, size }: FileTransfer) => (size === undefined || size === 0 ? 0 : (done / size) * 100);

function StateText({ transfer }: { readonly transfer: FileTransfer }) {
  const { t, number } = useFormats();
  const seconds = Math.max(0.1, (Date.now() - transfer.startedAt) / 1000);
  return t(`files.states.${transfer.state}`, {
    percent: number.percent(shareOf(transfer)),
    rate: number.rate(transfer.done / seconds),
    reason: transfer.reason,
  });
}
