import type { NotificationChannel, NotificationKind } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useList } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/field.tsx";
import { ChannelEditor } from "./channel-editor.tsx";
import { TypedEditor } from "./typed-editor.tsx";

/** A channel without a kind: a request as other programs know it. */
const PLAIN = "";

/** The editor of a channel: that of its kind, or that of a plain request. */
export function ChannelPlace({ row, like, onClose }: EditorPlace<NotificationChannel>) {
  const kinds = useList("/notification-kind").rows;
  const plain = useList("/notification");
  const [chosen, setChosen] = useState<string>();
  const kind = kinds.find((entry) => entry.kind === (chosen ?? (row ?? like)?.kind ?? PLAIN));
  const plainOf = (channel: NotificationChannel | undefined) => plain.rows.find(({ id }) => id === channel?.id);
  const stored = plainOf(row);
  const copied = plainOf(like);
  // The form of a stored channel begins with what is stored, so that has to be there first.
  if (kinds.length === 0 || plain.loading || (row !== undefined && stored === undefined)) return null;
  const choice =
    row === undefined ? (
      <KindChoice kinds={kinds} value={kind?.kind ?? PLAIN} onChange={setChosen} />
    ) : row.edited_elsewhere === undefined || kind !== undefined ? null : (
      <EditedElsewhere kinds={kinds} was={row.edited_elsewhere} onBring={setChosen} />
    );
  if (kind === undefined)
    return (
      <ChannelEditor key={PLAIN} row={stored} like={copied && { ...copied, name: like?.name ?? "" }} choice={choice} onClose={onClose} />
    );
  return <TypedEditor key={kind.kind} kind={kind} row={row} like={like} choice={choice} onClose={onClose} />;
}

function KindChoice(props: {
  readonly kinds: readonly NotificationKind[];
  readonly value: string;
  readonly onChange: (kind: string) => void;
}) {
  const { t } = useFormats();
  return (
    <SelectField label={t("channels.kind")} value={props.value} onChange={(event) => props.onChange(event.target.value)}>
      <option value={PLAIN}>{t("channels.plain")}</option>
      {props.kinds.map(({ kind, name }) => (
        <option key={kind} value={kind}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

/** Another program changed the row beneath: what was known of it can be brought back. */
function EditedElsewhere(props: {
  readonly kinds: readonly NotificationKind[];
  readonly was: string;
  readonly onBring: (kind: string) => void;
}) {
  const { t } = useFormats();
  const name = props.kinds.find(({ kind }) => kind === props.was)?.name ?? props.was;
  return (
    <Note
      state="warn"
      action={
        <Button size="small" onClick={() => props.onBring(props.was)}>
          {t("channels.bringBack", { name })}
        </Button>
      }
    >
      {t("channels.editedElsewhere", { name })}
    </Note>
  );
}
