import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";

interface ListStatesProps {
  readonly loading: boolean;
  readonly error: Error | null;
  readonly empty: boolean;
  /** Shown when there is nothing. */
  readonly none: ReactNode;
  readonly children: ReactNode;
}

/** A list on its way, refused, empty, or there. A refusal keeps the rows that are known. */
export function ListStates({ loading, error, empty, none, children }: ListStatesProps) {
  const { t } = useFormats();
  if (loading) return <SkeletonRows label={t("table.loading")} />;
  return (
    <>
      {error === null ? null : (
        <Note state="critical" title={t("error.list")}>
          {error.message}
        </Note>
      )}
      {empty ? (error === null ? none : null) : children}
    </>
  );
}
