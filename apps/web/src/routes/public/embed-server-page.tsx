import { ServerFacts } from "#features/servers/public/server-card.tsx";
import { healthOf } from "#features/servers/shared/health.ts";
import { healthWord } from "#features/servers/shared/health-words.ts";
import { useFormats } from "#lib/formats.ts";
import { useConnection } from "#shell/connection.tsx";
import { EmbedFrame, EmbedLink, EmbedMissing } from "#shell/embed-frame.tsx";
import { useLiveStatus, useServerRecord } from "#shell/live-hooks.ts";
import { usePathId } from "#shell/public-router-context.ts";
import { useTitle } from "#shell/public-shell.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";

/** One server in a frame of another site. */
export function EmbedServerPage() {
  const { t, country } = useFormats();
  const id = Number(usePathId());
  const record = useServerRecord(id);
  const { frameNow } = useLiveStatus();
  const connection = useConnection();
  useTitle(record?.name ?? "");
  if (record === undefined) return <EmbedFrame>{frameNow === 0 ? t("live.connecting") : <EmbedMissing />}</EmbedFrame>;
  const health = healthOf(record);
  return (
    <EmbedFrame>
      <article className={`grid gap-2.5 ${connection === "stale" ? "wf-past" : ""}`}>
        <h1 className="flex items-center gap-2 text-[0.9375rem]">
          <StateIcon state={health} label={healthWord(t, health)} />
          <EmbedLink path={`/server/${id}`}>{record.name}</EmbedLink>
          <Flag code={record.country} name={country(record.country)} />
        </h1>
        <ServerFacts record={record} />
      </article>
    </EmbedFrame>
  );
}
