import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { systemName } from "../shared/system-name.ts";
import { useRows } from "./server-rows.ts";
import type { ServerRow } from "./server-rows.ts";

/** After this long it is said what may be wrong. */
const SLOW_MS = 60_000;

/** Servers that came while the dialog is open; with `uuid` that server alone, when it comes back. */
export function Arrivals({ uuid }: { readonly uuid: string | undefined }) {
  const { t } = useFormats();
  const { rows, loading } = useRows();
  const [before, setBefore] = useState<ReadonlySet<number>>();
  if (before === undefined && !loading) {
    const known = rows.filter(({ server, live }) => uuid === undefined || server.uuid !== uuid || live?.online === true);
    setBefore(new Set(known.map(({ server }) => server.id)));
  }
  const arrived = rows.filter(({ server, live }) => before?.has(server.id) === false && (server.uuid !== uuid || live?.online === true));
  const slow = useAfter(SLOW_MS);
  if (arrived.length === 0) {
    return (
      <Note state="waiting" title={slow ? t("install.slow") : t("install.waiting")}>
        {slow ? t("install.slowHelp") : t("install.waitingHelp")}
      </Note>
    );
  }
  return arrived.map((row) => <Arrival key={row.server.id} row={row} />);
}

function Arrival({ row: { server, live } }: { readonly row: ServerRow }) {
  const { t } = useFormats();
  const open = (
    <Link to="/servers" search={{ s: String(server.id) }}>
      {t("servers.open")}
    </Link>
  );
  if (live?.online !== true) return <Note state="waiting" title={t("install.enrolled", { name: server.name })} action={open} />;
  return (
    <Note state="up" title={t("install.connected", { name: server.name })} action={open}>
      {systemName(live.host)}
    </Note>
  );
}

function useAfter(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}
