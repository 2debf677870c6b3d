import type { StatusPage } from "@windfire/api";
import { useParams } from "@tanstack/react-router";
import { useList } from "#shell/console/queries.ts";

/** The page that the address names, and whether it is still to come. */
export function useStatusPage(): { readonly page: StatusPage | undefined; readonly loading: boolean; readonly error: Error | null } {
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const { rows, loading, error } = useList("/status-page");
  return { page: rows.find((row) => String(row.id) === id), loading, error };
}
