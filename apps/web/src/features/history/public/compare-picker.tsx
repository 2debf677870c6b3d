import { useFormats } from "#lib/formats.ts";
import { useServers } from "#shell/live-hooks.ts";
import { useSearchState } from "#shell/navigation.ts";
import { RemovableChip } from "#ui/chip.tsx";
import { MOST_COMPARED, readCompared } from "./use-compared.ts";

/** Which other servers the charts show beside this one. */
export function ComparePicker({ own }: { readonly own: number }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const servers = useServers();
  const chosen = readCompared(search["with"], own);
  const others = servers.filter(({ id }) => id !== own && !chosen.includes(id));
  const put = (ids: readonly number[]) => change({ with: ids.join() });
  const nameOf = (id: number) => servers.find((server) => server.id === id)?.name ?? `#${id}`;
  if (servers.length < 2) return null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      {chosen.map((id) => (
        <RemovableChip
          key={id}
          label={nameOf(id)}
          remove={t("compare.remove", { name: nameOf(id) })}
          onRemove={() => put(chosen.filter((other) => other !== id))}
        />
      ))}
      {chosen.length >= MOST_COMPARED || others.length === 0 ? null : (
        <select
          aria-label={t("compare.label")}
          className="wf-input w-auto! max-w-40 min-w-0 text-sm"
          value=""
          onChange={(event) => put([...chosen, Number(event.target.value)])}
        >
          <option value="">{t("compare.label")}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}
