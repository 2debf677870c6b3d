import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useIsAdmin, useList, useSetting } from "#shell/console/queries.ts";
import { StatusItem } from "#shell/console/status-item.tsx";
import { Card } from "#ui/card.tsx";
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
          <StatusItem
            key={step.key}
            state={step.done ? "up" : "waiting"}
            title={step.title}
            action={
              step.done ? (
                <span className="text-sm text-ink-3">{t("guide.done")}</span>
              ) : (
                <Link
                  to={step.to}
                  search={step.search}
                  className="wf-btn"
                  data-size="small"
                  aria-label={`${t("guide.open")}: ${step.title}`}
                >
                  {t("guide.open")}
                </Link>
              )
            }
          >
            {step.help}
          </StatusItem>
        ))}
      </ol>
    </Card>
  );
}

function useSteps(rows: readonly ServerRow[]): Step[] {
  const { t } = useFormats();
  const admin = useIsAdmin();
  const siteName = useSetting()?.config.site_name ?? "";
  const telling = useTelling();
  const [first, second] = rows.filter(hasReported);
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
      done: telling === undefined,
      to: telling ?? "",
      search: { edit: "new" },
    },
  ];
  if (!admin) return steps;
  return [...steps, { key: "name", title: t("guide.name"), help: t("guide.nameHelp"), done: siteName !== "", to: "/settings", search: {} }];
}

/** Where to go on so that somebody is told: a channel, a group of channels, a rule that tells it; `undefined` once there are all three. */
function useTelling(): string | undefined {
  const channels = useList("/notification").rows;
  const groups = useList("/notification-group").rows.filter(({ notifications }) => (notifications ?? []).length > 0);
  const rules = useList("/alert-rule").rows;
  if (channels.length === 0) return "/notification";
  if (groups.length === 0) return "/notification-group";
  return rules.some((rule) => groups.some(({ group }) => group.id === rule.notification_group_id)) ? undefined : "/alert-rule";
}

/** Whether the fleet is still so small that the guide helps: until a second server has come alive, whatever became of it since. */
export const isNew = (rows: readonly ServerRow[]): boolean => rows.filter(hasReported).length < 2;

const hasReported = ({ server, live }: ServerRow): boolean =>
  [parseTime(server.last_active), parseTime(server.last_seen), live?.lastSeen].some((seen) => seen !== undefined);
