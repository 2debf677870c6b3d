import type { SessionView, SignInNotice } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useList, useRead, useWrite } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { SelectField } from "#ui/field.tsx";
import { Flag } from "#ui/flag.tsx";

const STALE = ["/session"];

/** Where the user is signed in, and who is told of a new place. */
export function SessionsSection() {
  const { t } = useFormats();
  const sessions = useRead<SessionView[] | null>("/session").data ?? [];
  const [error, setError] = useState<string>();
  const end = useWrite((api, id: string) => api.remove(`/session/${id}`), STALE);
  const endOthers = useWrite((api) => api.post("/session/end-others"), STALE);
  const attempt = async (run: () => Promise<unknown>) => {
    setError(undefined);
    await run().catch((failure: unknown) => setError(failure instanceof Error ? failure.message : String(failure)));
  };
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t("sessions.title")}</h2>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      <ul className="wf-card" aria-label={t("sessions.title")}>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => void attempt(() => end.mutateAsync(session.id))} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <div>
          <Button onClick={() => void attempt(() => endOthers.mutateAsync(undefined))}>{t("sessions.endOthers")}</Button>
        </div>
      ) : null}
      <NoticeChoice onError={setError} />
    </section>
  );
}

function SessionRow({ session, onEnd }: { readonly session: SessionView; readonly onEnd: () => void }) {
  const { t, time, country } = useFormats();
  const device = session.device === "" ? t("sessions.unknown") : session.device;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0">
      <span className="grid min-w-0 flex-1">
        <b className="flex items-center gap-2">
          {device}
          {session.current ? <Chip>{t("sessions.current")}</Chip> : null}
        </b>
        <span className="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
          {session.country === undefined ? null : <Flag code={session.country} name={country(session.country)} />}
          {session.address === undefined ? null : <span className="font-mono">{session.address}</span>}
          <span>{t("sessions.used", { time: time.dateTime(parseTime(session.last_used_at) ?? 0) })}</span>
        </span>
      </span>
      {session.current ? null : (
        <Button size="small" kind="quiet" onClick={onEnd}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}

/** Kept at once. */
function NoticeChoice({ onError }: { readonly onError: (text: string | undefined) => void }) {
  const { t } = useFormats();
  const groups = useList("/notification-group").rows;
  const chosen = useRead<SignInNotice>("/sign-in-notice").data?.notification_group_id;
  const choose = useWrite((api, id: number) => api.post("/sign-in-notice", { notification_group_id: id }), ["/sign-in-notice"]);
  if (chosen === undefined) return null;
  return (
    <SelectField
      label={t("sessions.notice")}
      help={t("sessions.noticeHelp")}
      value={String(chosen)}
      onChange={(event) => {
        onError(undefined);
        choose.mutate(Number(event.target.value), { onError: (failure) => onError(failure.message) });
      }}
    >
      <option value="0">{t("settings.nobody")}</option>
      {groups.map(({ group }) => (
        <option key={group.id} value={group.id}>
          {group.name}
        </option>
      ))}
    </SelectField>
  );
}
