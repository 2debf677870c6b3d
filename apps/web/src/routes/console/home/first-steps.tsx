import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { useIsAdmin, useList, useSetting } from "#shell/console/queries.ts";
import { Card } from "#ui/card.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { ServerRow } from "#features/servers/console/server-rows.ts";

interface Step {
  readonly key: string;
  readonly title: string;
  readonly help: string;
  readonly done: boolean;
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
}

/** What to do after a fresh install, until the second server is live. */
export function FirstSteps({ rows }: { readonly rows: readonly ServerRow[] }) {
  const { t } = useFormats();
  const steps = useSteps(rows);
  return (
    <Card>
      <h2 className="border-b border-line px-4 py-3 text-lg">{t("guide.title")}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step.key} className="flex items-center gap-4 border-b border-line px-4 py-3 last:border-0">
            <StateIcon state={step.done ? "up" : "waiting"} className="size-4.5!" />
            <div className="min-w-0 flex-1">
              <p className="line-clamp-2 font-medium wrap-anywhere" title={step.title}>
                {step.title}
              </p>
              <p className="text-sm text-ink-2">{step.help}</p>
            </div>
            {step.done ? (
              <span className="text-sm text-ink-3">{t("guide.done")}</span>
            ) : (
              <Link to={step.to} search={step.search} className="wf-btn" data-size="small" aria-label={`${t("guide.open")}: ${step.title}`}>
                {t("guide.open")}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function useSteps(rows: readonly ServerRow[]): Step[] {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const siteName = useSetting()?.config.site_name ?? "";
  const rules = useList("/alert-rule").rows;
  const [first, second] = rows.filter((row) => row.live?.online === true);
  const add = { to: "/servers", search: { add: "1" } };
  const steps: Step[] = [
    {
      key: "first",
      title: first === undefined ? t("guide.first") : t("guide.firstDone", { name: first.server.name }),
      help: t("guide.firstHelp"),
      done: first !== undefined,
      ...add,
    },
    { key: "second", title: t("guide.second"), help: t("guide.secondHelp"), done: second !== undefined, ...add },
    {
      key: "tell",
      title: t("guide.tell"),
      help: t("guide.tellHelp"),
      done: rules.length > 0,
      to: "/notification",
      search: { edit: "new" },
    },
  ];
  if (!admin) return steps;
  return [...steps, { key: "name", title: t("guide.name"), help: t("guide.nameHelp"), done: siteName !== "", to: "/settings", search: {} }];
}

/** Whether the fleet is still so small that the guide helps. */
export const isNew = (rows: readonly ServerRow[]): boolean => rows.length < 2;
