import type { Delivery } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { Chip } from "#ui/chip.tsx";
import type { ChipTone } from "#ui/chip.tsx";

const TONES: Readonly<Record<Delivery["state"], ChipTone>> = {
  waiting: "plain",
  sending: "plain",
  sent: "ok",
  cancelled: "line",
  dead: "crit",
};

/** What became of a message; one that waits after a failure is worth a look. */
export function DeliveryState({ row }: { readonly row: Delivery }) {
  const { t } = useFormats();
  const failed = row.state === "waiting" && row.attempts > 0;
  return (
    <Chip tone={failed ? "warn" : TONES[row.state]} {...(row.error === undefined ? {} : { title: row.error })}>
      {failed ? t("deliveries.retrying") : t(`deliveries.states.${row.state}`)}
    </Chip>
  );
}
