import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { serversByCountry } from "#features/servers/public/map-model.ts";
import type { CountryServers } from "#features/servers/public/map-model.ts";
import { WorldMap } from "#features/servers/public/world-map.tsx";
import { healthWord } from "#features/servers/shared/health-words.ts";
import { StaleBanner } from "#shell/connection.tsx";
import { useServers } from "#shell/live-hooks.ts";
import { useTitle } from "#shell/public-shell.tsx";
import { Link } from "#shell/public-router.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Flag } from "#ui/flag.tsx";
import { StateIcon } from "#ui/state-icon.tsx";

/** Where the servers are: a map, and the same as a list. */
export function MapPage() {
  const { t } = useFormats();
  const countries = serversByCountry(useServers());
  const [marked, setMarked] = useState<string>();
  useTitle(t("nav.map"));
  const known = countries.some(({ code }) => code !== "");
  return (
    <>
      <StaleBanner />
      <h1 className="pt-8 pb-5 text-2xl tracking-tight max-sm:pt-5">{t("nav.map")}</h1>
      {known ? (
        <div className="grid grid-cols-[minmax(0,1fr)_17rem] items-start gap-4 max-lg:grid-cols-1">
          <WorldMap countries={countries} marked={marked} />
          <ul className="wf-card max-h-160 overflow-y-auto py-1" onPointerLeave={() => setMarked(undefined)}>
            {countries.map((country) => (
              <Row key={country.code} country={country} onMark={setMarked} />
            ))}
          </ul>
        </div>
      ) : (
        <EmptyState title={t("map.none")}>{t("map.noneHelp")}</EmptyState>
      )}
    </>
  );
}

function Row({ country: { code, count, worst }, onMark }: { readonly country: CountryServers; readonly onMark: (code: string) => void }) {
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
        <Link to="/" search={{ q: `country:${code}` }} className={`${row} hover:bg-hover hover:no-underline`}>
          {text}
        </Link>
      )}
    </li>
  );
}
