import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { serverBody } from "./server-body.ts";
import type { ServerRow } from "./server-rows.ts";

/** Hides servers from guests or shows them, at once; the toast takes it back. A refusal is shown there too, with the dashboard's words. */
export function useVisibility(): (rows: readonly ServerRow[], hide: boolean) => Promise<void> {
  const { t } = useFormats();
  const { toasts } = useApp();
  const save = useWrite(
    async (api, { rows, hide }: { rows: readonly ServerRow[]; hide: boolean }) => {
      for (const { server } of rows) await api.patch(`/server/${server.id}`, serverBody(server, { hide_for_guest: hide }));
    },
    ["/server"],
  );
  return async (rows, hide) => {
    const changing = rows.filter(({ server }) => (server.hide_for_guest === true) !== hide);
    try {
      await save.mutateAsync({ rows: changing, hide });
      toasts.show({
        text: t(hide ? "servers.hideDone" : "servers.showDone", { count: changing.length }),
        undo: () => void save.mutateAsync({ rows: changing, hide: !hide }),
      });
    } catch (failure) {
      toasts.show({ text: failure instanceof Error ? failure.message : String(failure) });
    }
  };
}
