import type { AuditLine } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { Drawer } from "#ui/dialog.tsx";
import { Fact } from "#ui/fact.tsx";
import { ActorName } from "./actor-name.tsx";
import { valueText } from "./audit-query.ts";

/** One line whole: who, from where, and what became what. */
export function AuditDrawer({ line, onClose }: { readonly line: AuditLine; readonly onClose: () => void }) {
  const { t, time } = useFormats();
  const at = parseTime(line.at) ?? 0;
  const name = t("audit.title", { action: line.action });
  return (
    <Drawer name={name} wide title={<h2 className="truncate text-lg">{name}</h2>} onClose={onClose}>
      <dl className="wf-facts">
        <Fact label={t("audit.who")}>
          <ActorName line={line} />
        </Fact>
        <Fact label={t("audit.when")}>
          <span title={time.full(at)}>{time.dateTime(at)}</span>
        </Fact>
        <Fact label={t("column.address")}>{line.address === "" ? "–" : <span className="font-mono text-xs">{line.address}</span>}</Fact>
        <Fact label={t("audit.kind")}>
          <Link to="/audit" search={{ kind: line.kind, key: line.key }}>
            {line.kind} {line.key}
          </Link>
        </Fact>
      </dl>
      {line.fields.length === 0 ? null : (
        <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <h3 className="text-sm font-strong text-ink-2">{t("audit.changes")}</h3>
          <ul className="wf-card text-sm">
            {line.fields.map(({ field, from, to }) => (
              <li key={field} className="grid gap-0.5 border-b border-line px-4 py-2.5 last:border-0">
                <b className="font-medium">{field}</b>
                {from === undefined ? null : (
                  <del className="font-mono text-xs wrap-anywhere whitespace-pre-wrap text-ink-3">{valueText(from)}</del>
                )}
                {to === undefined ? null : (
                  <ins className="font-mono text-xs wrap-anywhere whitespace-pre-wrap no-underline">{valueText(to)}</ins>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Drawer>
  );
}
