import type { ServerBatchInput, ServerBatchResult } from "@windfire/api";
import { useCallback } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { ServerRow } from "./server-rows.ts";

/** Hides servers from guests or shows them, at once and in one request; the toast takes it back. A refusal is shown there too, with the dashboard's words. */
export function useVisibility(): (rows: readonly ServerRow[], hide: boolean) => Promise<void> {
  const { t } = useFormats();
  const { toasts } = useApp();
  const save = useWrite((api, body: ServerBatchInput) => api.post<ServerBatchResult>("/batch-update/server", body), ["/server"]);
  const { mutateAsync } = save;
  return useCallback(
    async (rows, hide) => {
      try {
        const { changed } = await mutateAsync({ ids: rows.map(({ server }) => server.id), hide_for_guest: hide });
        toasts.show({
          text: t(hide ? "servers.hideDone" : "servers.showDone", { count: changed.length }),
          undo: () => void mutateAsync({ ids: [...changed], hide_for_guest: !hide }),
        });
      } catch (failure) {
        toasts.show({ text: failure instanceof Error ? failure.message : String(failure) });
      }
    },
    [t, toasts, mutateAsync],
  );
}
