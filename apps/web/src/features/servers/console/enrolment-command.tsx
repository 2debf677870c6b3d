import type { EnrolmentCode, NewEnrolmentCode } from "@windfire/api";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { FieldRow } from "#shell/console/editor-drawer.tsx";
import { useIsAdmin, useProfile, useRead, useServerGroups, useUserNames } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { useStill } from "#ui/use-still.ts";
import { windfireCommand } from "./install-command.ts";
import type { InstallTarget, System } from "./install-command.ts";

const LOOK_MS = 5_000;
/** A name counts once nothing has been typed for so long; every name that counts takes a code. */
const PAUSE_MS = 700;
const NOTHING = { name: "", group: 0, owner: 0 };
type Wish = typeof NOTHING;

/** The command for our agent, with a code that is good once: whose server it will be, in which group, and under which name goes with the code. */
export function EnrolmentCommand({ system, target }: { readonly system: System; readonly target: InstallTarget }) {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  const [wish, setWish] = useState(NOTHING);
  const typed = wish.name.trim();
  const name = useStill(typed, PAUSE_MS);
  const { code, error, renew } = useCode({ ...wish, name });
  const open = useRead<EnrolmentCode[] | null>("/enrolment-code", undefined, { everyMs: LOOK_MS });
  const left = code === undefined ? 0 : Date.parse(code.expires_at) - store.serverNow();
  // A list from before the code was made cannot know it.
  const isUsed = code !== undefined && open.data?.some(({ id }) => id === code.id) === false && open.dataUpdatedAt > code.madeAt;
  // Its button would be gone before the click that leaves the field, and the line was without the name.
  const isTyping = typed !== name;
  return (
    <>
      {target.uuid === undefined ? <WishFields onWish={(part) => setWish({ ...wish, ...part })} wish={wish} /> : null}
      {error === null ? null : (
        <Note state="critical" alert>
          {error.message}
        </Note>
      )}
      {code === undefined || isTyping ? (
        error === null ? (
          <Skeleton className="h-20 w-full" />
        ) : null
      ) : (
        <CopyField label={t("install.command")} text={windfireCommand(system, target, code.code)} />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="text-sm text-ink-2">
          {code === undefined || isTyping
            ? ""
            : left <= 0 || isUsed
              ? t("install.codeOver")
              : t("install.code", { time: time.duration(left) })}
        </p>
        <Button size="small" onClick={renew}>
          {t("install.newCode")}
        </Button>
      </div>
    </>
  );
}

/** A code for what is wished; another one with every other wish, and when asked for. */
function useCode({ name, group, owner }: Wish) {
  const { api } = useApp();
  const place = useId();
  const [round, setRound] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["new-enrolment-code", place, round, name, group, owner],
    queryFn: async () => {
      const code = await api.post<NewEnrolmentCode>("/enrolment-code", { name, server_group_id: group, owner_id: owner });
      return { ...code, madeAt: Date.now() };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return { code: data, error, renew: () => setRound(round + 1) };
}

function WishFields({ wish, onWish }: { readonly wish: Wish; readonly onWish: (part: Partial<Wish>) => void }) {
  const { t } = useFormats();
  const groups = useServerGroups().rows;
  const admin = useIsAdmin();
  const self = useProfile()?.id;
  const users = useUserNames();
  return (
    <FieldRow>
      <TextField
        label={t("form.name")}
        aside={t("form.optional")}
        help={t("install.nameHelp")}
        value={wish.name}
        onChange={(event) => onWish({ name: event.target.value })}
      />
      <SelectField
        label={t("install.group")}
        value={String(wish.group)}
        onChange={(event) => onWish({ group: Number(event.target.value) })}
      >
        <option value="0">{t("install.noGroup")}</option>
        {groups.map(({ group }) => (
          <option key={group.id} value={group.id}>
            {group.name}
          </option>
        ))}
      </SelectField>
      {admin ? (
        <SelectField
          label={t("column.owner")}
          value={String(wish.owner === 0 ? (self ?? 0) : wish.owner)}
          onChange={(event) => onWish({ owner: Number(event.target.value) === self ? 0 : Number(event.target.value) })}
        >
          {[...users].map(([id, username]) => (
            <option key={id} value={id}>
              {username}
            </option>
          ))}
        </SelectField>
      ) : null}
    </FieldRow>
  );
}
