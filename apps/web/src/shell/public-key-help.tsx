import type { ComponentType, PropsWithChildren } from "react";
import { createContext, Suspense, use, useCallback, useState } from "react";
import { MissingDialog } from "./error-boundary.tsx";
import { isWriting, useKeyActions } from "./key-actions.ts";
import type { KeyPrefix, PressedKey } from "./key-actions.ts";
import { latePart } from "./late-part.tsx";
import { publicKey, stepFrom } from "./public-keys.ts";
import type { PublicKey } from "./public-keys.ts";
import { useGo } from "./public-router-context.ts";

interface Opened {
  readonly onClose: () => void;
}

/** What a key opens, loaded when it is pressed for the first time. */
export interface KeyDialogs {
  readonly palette: () => Promise<ComponentType<Opened>>;
  readonly list: () => Promise<ComponentType<Opened>>;
}

type Open = keyof KeyDialogs;

const OpenContext = createContext<(what: Open) => void>(() => {});

/** Opens what a key would open. */
export const useKeyDialog = (): ((what: Open) => void) => use(OpenContext);

/** Keys of the whole public half, and what they open. Stands around what has buttons for the same. */
export function createKeyHelp({ palette, list }: KeyDialogs): ComponentType<PropsWithChildren> {
  const dialogs = {
    palette: latePart(palette, MissingDialog),
    list: latePart(list, MissingDialog),
  };
  return function KeyHelp({ children }) {
    const [open, setOpen] = useState<Open>();
    usePublicKeys(setOpen);
    const close = useCallback(() => setOpen(undefined), []);
    const Dialog = open === undefined ? undefined : dialogs[open];
    return (
      <OpenContext value={setOpen}>
        {children}
        <Suspense>{Dialog === undefined ? null : <Dialog onClose={close} />}</Suspense>
      </OpenContext>
    );
  };
}

function usePublicKeys(onOpen: (what: Open) => void): void {
  const go = useGo();
  const run = useCallback(
    (action: Exclude<PublicKey, KeyPrefix>) => {
      if (action.kind === "go") go(action.to);
      else if (action.kind === "step") step(action.by);
      else onOpen(action.kind);
    },
    [go, onOpen],
  );
  useKeyActions(meaningOf, run);
}

function meaningOf(press: PressedKey, target: EventTarget | null, prefix: string | undefined, single: boolean) {
  return publicKey({ ...press, writing: isWriting(target) }, prefix, single);
}

/** To the next server or service of the page. */
function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main a[href^="/server/"], main a[href^="/service/"]')];
  const focused = links.find((link) => link === document.activeElement);
  stepFrom(
    links.filter((link) => link.checkVisibility()),
    focused,
    by,
  )?.focus();
}
