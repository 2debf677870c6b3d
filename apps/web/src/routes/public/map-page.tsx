import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { groupNames, inGroup } from "#features/servers/public/list-model.ts";
import { GroupChoice } from "#features/servers/public/list-tools.tsx";
import { serversByCountry } from "#features/servers/public/map-model.ts";
import type { CountryServers } from "#features/servers/public/map-model.ts";
import { WorldMap } from "#features/servers/public/world-map.tsx";
import { healthWord } from "#features/servers/shared/health-words.ts";
import { StaleBanner } from "#shell/connection.tsx";
import { useServers } from "#shell/live-hooks.ts";
import { useSearchState } from "#shell/navigation.ts";
import { usePublicSite } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { Link } from "#shell/public-link.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";

/** Where the servers are: a map, and the same as a list; of one group, or those with problems, as the address says. */
export function MapPage() {
  const { t } = useFormats();
  const records = useServers();
  const groups = useResource(usePublicSite().groups).data ?? [];
  const [{ group = "" }, change] = useSearchState();
  const names = groupNames(groups);
  const countries = serversByCountry(records.filter((record) => inGroup(record, group, names)));
  const [marked, setMarked] = useState<string>();
  useTitle(t("nav.map"));
  const known = records.some(({ country }) => country !== "");
  return (
    <>
      <StaleBanner />
      <h1 className="pt-8 pb-5 text-2xl tracking-tight max-sm:pt-5">{t("nav.map")}</h1>
      {known ? (
        <div className="mb-4 empty:hidden">
          <GroupChoice group={group} groups={groups} records={records} onChange={(next) => change({ group: next })} />
        </div>
      ) : null}
      {known ? (
        <div className="grid grid-cols-[minmax(0,1fr)_17rem] items-start gap-4 max-lg:grid-cols-1">
          <WorldMap countries={countries} group={group} marked={marked} />
          <ul className="wf-card max-h-160 overflow-y-auto py-1" onPointerLeave={() => setMarked(undefined)}>
            {countries.map((country) => (
              <Row key={country.code} country={country} group={group} onMark={setMarked} />
            ))}
          </ul>
        </div>
      ) : (
        <EmptyState title={t("map.none")}>{t("map.noneHelp")}</EmptyState>
      )}
    </>
  );
}

interface RowProps {
  readonly country: CountryServers;
  readonly group: string;
  readonly onMark: (code: string) => void;
}

function Row({ country: { code, count, worst }, group, onMark }: RowProps) {
  const { t, number, country } = useFormats();
  const mark = () => onMark(code);
  const text = (
    <>
      <StateIcon state={worst} label={healthWord(t, worst)} />
      <Flag code={code} name="" />
      <span className="min-w-0 flex-1 truncate">{code === "" ? t("map.unknown") : country(code)}</span>
      <span className="text-ink-2 tabular-nums">{number.count(count)}</span>
    </>
  );
  const row = "flex min-h-9 items-center gap-2.5 px-4 text-sm text-ink";
  return (
    <li onPointerEnter={mark} onFocus={mark}>
      {code === "" ? (
        <span className={row}>{text}</span>
      ) : (
        <Link to="/" search={{ q: `country:${code}`, group }} className={`${row} hover:bg-hover hover:no-underline`}>
          {text}
        </Link>
      )}
    </li>
  );
}
