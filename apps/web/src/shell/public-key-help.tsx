import type { ComponentType, PropsWithChildren } from "react";
import { createContext, lazy, Suspense, use, useEffect, useState } from "react";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "./app-context.tsx";
import { publicKey, stepFrom } from "./public-keys.ts";
import { useGo } from "./public-router-context.ts";

/** A letter after `g` counts this long. */
const PREFIX_MS = 1500;

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
export const useOpen = (): ((what: Open) => void) => use(OpenContext);

/** Keys of the whole public half, and what they open. Stands around what has buttons for the same. */
export function createKeyHelp({ palette, list }: KeyDialogs): ComponentType<PropsWithChildren> {
  const dialogs = {
    palette: lazy(async () => ({ default: await palette() })),
    list: lazy(async () => ({ default: await list() })),
  };
  return function KeyHelp({ children }) {
    const [open, setOpen] = useState<Open>();
    usePublicKeys(setOpen);
    const Dialog = open === undefined ? undefined : dialogs[open];
    return (
      <OpenContext value={setOpen}>
        {children}
        <Suspense>{Dialog === undefined ? null : <Dialog onClose={() => setOpen(undefined)} />}</Suspense>
      </OpenContext>
    );
  };
}

function usePublicKeys(onOpen: (what: Open) => void): void {
  const { preferences } = useApp();
  const go = useGo();
  useEffect(() => {
    let previous: { readonly key: string; readonly at: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, writing: isWriting(event.target) };
      const before = previous !== undefined && event.timeStamp - previous.at < PREFIX_MS ? previous.key : undefined;
      const action = publicKey(press, before, preferences.read(STORAGE_KEYS.singleKeys) !== "off");
      previous = action?.kind === "prefix" ? { key: event.key, at: event.timeStamp } : undefined;
      if (action === undefined || action.kind === "prefix") return;
      event.preventDefault();
      if (action.kind === "go") go(action.to);
      else if (action.kind === "step") step(action.by);
      else onOpen(action.kind);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [preferences, go, onOpen]);
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

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}
