import { useEffect, useMemo, useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import type { Named } from "./resource-columns.tsx";

/** The row of an editor. One that somebody else has deleted stays, so that its draft does not go without a word: saving says what is. */
export function useEdited<T extends Named>(rows: readonly T[], id: string | undefined): T | undefined {
  const isEdited = (row: T | undefined) => row !== undefined && String(row.id) === id;
  const found = rows.find(isEdited);
  const last = useRef(found);
  useEffect(() => {
    if (found !== undefined) last.current = found;
  });
  return found ?? (isEdited(last.current) ? last.current : undefined);
}

/** The search parameter that says what a new row begins as: the id of another. */
export const LIKE = "like";

/** The row that is copied, with the name of a copy. */
export function useCopied<T extends Named>(rows: readonly T[], id: string | undefined): T | undefined {
  const { t } = useFormats();
  const found = rows.find((row) => String(row.id) === id);
  return useMemo(() => (found === undefined ? undefined : { ...found, name: t("table.copyOf", { name: found.name }) }), [found, t]);
}
