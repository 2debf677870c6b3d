import type { Pagination } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";

/** Previous and next of a list that the dashboard gives out in pages. */
export function Pager({
  pagination,
  offset,
  onChange,
}: {
  readonly pagination: Pagination | undefined;
  readonly offset: number;
  readonly onChange: (offset: number) => void;
}) {
  const { t, number } = useFormats();
  const total = pagination?.total ?? 0;
  const limit = pagination?.limit ?? 1;
  if (total <= limit) return null;
  const last = Math.min(offset + limit, total);
  return (
    <div className="flex items-center justify-end gap-2 text-sm text-ink-2">
      <span className="tabular-nums">
        {t("table.range", { from: number.count(offset + 1), to: number.count(last), total: number.count(total) })}
      </span>
      <Button size="small" disabled={offset === 0} onClick={() => onChange(Math.max(0, offset - limit))}>
        {t("table.previous")}
      </Button>
      <Button size="small" disabled={last >= total} onClick={() => onChange(offset + limit)}>
        {t("table.next")}
      </Button>
    </div>
  );
}
