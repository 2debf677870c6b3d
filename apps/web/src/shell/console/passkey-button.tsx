import type { PasskeyAnswer } from "@windfire/api";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";
import { isSignedOut } from "#wire/api-error.ts";
import { canUsePasskeys, signWithPasskey } from "#wire/passkeys.ts";
import { useApp } from "../app-context.tsx";

interface PasskeyButtonProps {
  readonly label: string;
  /** Where what is to be signed comes from. */
  readonly optionsPath: string;
  readonly send: (answer: PasskeyAnswer) => Promise<void>;
  readonly onError: (text: string | undefined) => void;
}

/** Signs with a passkey; not there where the browser cannot. */
export function PasskeyButton({ label, optionsPath, send, onError }: PasskeyButtonProps) {
  const { t } = useFormats();
  const { api } = useApp();
  const [busy, setBusy] = useState(false);
  if (!canUsePasskeys()) return null;
  const sign = async () => {
    setBusy(true);
    onError(undefined);
    try {
      await send(await signWithPasskey(await api.post<PublicKeyCredentialRequestOptionsJSON>(optionsPath)));
    } catch (failure) {
      // The browser's own words for "cancelled" and "none here" are for programmers.
      const unused = isSignedOut(failure) || failure instanceof DOMException;
      onError(unused ? t("passkeys.failed") : failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <Button disabled={busy} onClick={() => void sign()}>
      <KeyRound className="size-4" aria-hidden="true" />
      {label}
    </Button>
  );
}
