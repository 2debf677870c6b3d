import type { Delivery } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { Button } from "#ui/button.tsx";

/** Tries a message again that was given up. A refusal is said where the button is. */
export function SendAgain({ row }: { readonly row: Delivery }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const send = useWrite((api, id: number) => api.post(`/delivery/${id}/send-again`), ["/delivery"]);
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button
        size="small"
        disabled={send.isPending}
        onClick={() => send.mutate(row.id, { onSuccess: () => toasts.show({ text: t("deliveries.underWay") }) })}
      >
        {t("deliveries.again")}
      </Button>
      {send.error === null ? null : (
        <span role="alert" className="text-sm text-crit-text">
          {send.error.message}
        </span>
      )}
    </span>
  );
}
