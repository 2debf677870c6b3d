import type { BackupState, RestoreForm } from "@windfire/api";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApp } from "#shell/app-context.tsx";
import { pause } from "#wire/browser.ts";

type Prepared = NonNullable<BackupState["prepared"]>;

/** What the dashboard that is asked for answers when it takes requests. */
const READY = "/readyz";
const LOOK_MS = 1_000;
const FIRST_LOOK_MS = 1_500;
const MOST_LOOKS = 60;

/** What is restored: a backup on the dashboard's disk by its name, or a file; `passphrase` "" for one that is not encrypted. */
export interface RestoreSource {
  readonly name: string | undefined;
  readonly file: File | undefined;
  readonly passphrase: string;
}

/** The steps of a restore. `elsewhere`: nothing answers at this address any more. */
export function useRestore(before: Prepared | undefined) {
  const { api } = useApp();
  const cache = useQueryClient();
  const [step, setStep] = useState<"choose" | "sending" | "preparing" | "starting" | "elsewhere">("choose");
  const [error, setError] = useState<string | undefined>();
  const [prepared, setPrepared] = useState(before);
  const fresh = () => cache.invalidateQueries({ queryKey: ["/backup"] });
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setError(undefined);
    try {
      await work();
      return true;
    } catch (failure) {
      setStep("choose");
      setError(failure instanceof Error ? failure.message : String(failure));
      return false;
    }
  };
  return {
    step,
    error,
    prepared,
    prepare: ({ name, file, passphrase }: RestoreSource) =>
      attempt(async () => {
        setStep(file === undefined ? "preparing" : "sending");
        // Asks who is there before a long file is on its way, and makes room for it.
        await api.post("/backup/restore/discard");
        if (file !== undefined) await api.upload("/backup/upload", file);
        setStep("preparing");
        const form: RestoreForm = { ...(name === undefined ? {} : { name }), ...(passphrase === "" ? {} : { passphrase }) };
        await api.post("/backup/restore", form);
        setPrepared((await api.get<BackupState>("/backup")).prepared);
        setStep("choose");
        await fresh();
      }),
    discard: () =>
      attempt(async () => {
        await api.post("/backup/restore/discard");
        await fresh();
      }),
    apply: () =>
      attempt(async () => {
        await api.post("/backup/restore/apply");
        setStep("starting");
        if (await isReadyAgain()) window.location.assign(window.location.pathname);
        else setStep("elsewhere");
      }),
  };
}

/** Whether the dashboard takes requests at this address again, within a minute. */
async function isReadyAgain(): Promise<boolean> {
  await pause(FIRST_LOOK_MS);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const isReady = await fetch(READY, { cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return true;
    await pause(LOOK_MS);
  }
  return false;
}
