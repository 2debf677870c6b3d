import type { HandedOver, OwnedRows, User } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useList, useRead, useWrite } from "#shell/console/queries.ts";
import { SelectField } from "#ui/field.tsx";
import { Skeleton } from "#ui/skeleton.tsx";

/** Shows what somebody owns, and gives all of it to somebody else. */
export function HandOverDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { t } = useFormats();
  const owned = useRead<OwnedRows[]>(`/user/${user.id}/rows`).data;
  const others = useList("/user").rows.filter(({ id, access }) => id !== user.id && access !== "viewer");
  const [to, setTo] = useState("");
  const [tried, setTried] = useState(false);
  const handOver = useWrite(
    (api, toUser: number) => api.post<HandedOver>(`/user/${user.id}/hand-over`, { to_user: toUser }),
    ["/user", "/server", "/transfer", `/user/${user.id}/rows`],
  );
  const run = async () => {
    setTried(true);
    if (to === "") return false;
    await handOver.mutateAsync(Number(to));
    return true;
  };
  return (
    <FormDialog title={t("users.handOver", { name: user.username })} verb={t("users.handVerb")} run={run} onClose={onClose}>
      {owned === undefined ? <Skeleton className="h-24" /> : <Owned rows={owned} />}
      <SelectField
        label={t("users.handTo")}
        help={t("users.handHelp")}
        error={tried && to === "" ? t("form.required") : undefined}
        value={to}
        onChange={(event) => setTo(event.target.value)}
      >
        <option value="" />
        {others.map(({ id, username }) => (
          <option key={id} value={id}>
            {username}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

/** Kinds of rows by the name of their page. */
const PAGES = {
  server: "nav.servers",
  "server-group": "nav.groups",
  service: "nav.services",
  "alert-rule": "nav.rules",
  cron: "nav.tasks",
  notification: "nav.notifications",
  "notification-group": "nav.notificationGroups",
  ddns: "nav.ddns",
  nat: "nav.nat",
  report: "nav.reports",
  snooze: "nav.snoozes",
  "maintenance-window": "nav.windows",
  "share-link": "nav.shares",
  server_transfers: "nav.transfers",
  wf_enrolment_codes: "nav.credentials",
} as const;
const isPaged = (kind: string): kind is keyof typeof PAGES => Object.hasOwn(PAGES, kind);

function Owned({ rows }: { readonly rows: readonly OwnedRows[] }) {
  const { t, number } = useFormats();
  if (rows.length === 0) return <p className="text-ink-2">{t("users.handNothing")}</p>;
  return (
    <ul className="grid gap-1.5">
      {rows.map(({ kind, words, count, names }) => (
        <li key={words} className="grid">
          <b className="font-medium">
            {isPaged(kind) ? t(PAGES[kind]) : words}: {number.count(count)}
          </b>
          {names.length === 0 ? null : (
            <span className="truncate text-sm text-ink-3">
              {names.join(", ")}
              {count > names.length ? " …" : ""}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
