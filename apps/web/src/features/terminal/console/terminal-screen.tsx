import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { browserTimers } from "#wire/browser.ts";
import { KeyRow } from "./key-row.tsx";
import { withStyleNonce } from "./styled-open.ts";
import { createTerminalWire } from "./terminal-wire.ts";
import type { TerminalPhase, TerminalWire } from "./terminal-wire.ts";

const SCROLLBACK = 10_000;

interface ScreenProps {
  readonly serverId: number;
  readonly name: string;
  readonly fontSize: number;
  /** Tabs that are not shown keep their session and their lines. */
  readonly shown: boolean;
  readonly onPhase: (phase: TerminalPhase) => void;
}

interface Parts {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly wire: TerminalWire;
}

/** One shell. What it printed stays when its connection breaks. */
export function TerminalScreen({ serverId, name, fontSize, shown, onPhase }: ScreenProps) {
  const { t } = useFormats();
  const { api } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | undefined>(undefined);
  const [phase, setPhase] = useState<{ name: TerminalPhase; detail: string | undefined }>({ name: "opening", detail: undefined });
  const [pasted, setPasted] = useState<string>();
  const tell = useRef(onPhase);
  useEffect(() => {
    tell.current = onPhase;
  });
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = createParts(element, {
      api,
      serverId,
      onPhase: (next, detail) => {
        setPhase({ name: next, detail });
        tell.current(next);
      },
      onManyLines: setPasted,
    });
    parts.current = made;
    made.wire.connect();
    const resize = new ResizeObserver(() => made.fit.fit());
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.wire.close();
      made.terminal.dispose();
    };
  }, [api, serverId]);
  useEffect(() => {
    const made = parts.current;
    if (made === undefined) return;
    made.terminal.options.fontSize = fontSize;
    if (!shown) return;
    made.fit.fit();
    made.terminal.focus();
  }, [fontSize, shown]);
  return (
    <div className={shown ? "grid min-h-0 flex-1 grid-rows-[auto_minmax(0,1fr)_auto]" : "hidden"}>
      <PhaseNote phase={phase.name} detail={phase.detail} onAgain={() => parts.current?.wire.connect()} />
      <div ref={place} role="group" aria-label={t("terminal.screen", { name })} className="min-h-0 overflow-hidden bg-black p-2" />
      <KeyRow onKey={(keys) => parts.current?.wire.input(keys)} />
      {pasted === undefined ? null : (
        <ConfirmDialog
          title={t("terminal.pasteTitle", { count: pasted.split("\n").length })}
          names={[]}
          verb={t("terminal.paste")}
          run={async () => parts.current?.terminal.paste(pasted)}
          onClose={() => setPasted(undefined)}
        >
          {t("terminal.pasteHelp")}
          <pre className="mt-2 max-h-40 overflow-auto font-mono text-xs">{pasted}</pre>
        </ConfirmDialog>
      )}
    </div>
  );
}

function PhaseNote(props: { readonly phase: TerminalPhase; readonly detail: string | undefined; readonly onAgain: () => void }) {
  const { t } = useFormats();
  const { phase, detail, onAgain } = props;
  if (phase === "open") return <span />;
  if (phase === "opening") return <p className="px-4 py-2 text-sm text-ink-3">{t("terminal.opening")}</p>;
  const again = (
    <Button size="small" onClick={onAgain}>
      {t("terminal.again")}
    </Button>
  );
  return (
    <div className="p-2">
      <Note state={phase === "ended" ? "offline" : "warn"} alert={phase !== "ended"} action={phase === "lost" ? undefined : again}>
        {t(`terminal.${phase}`)} {detail}
      </Note>
    </div>
  );
}

interface PartsDeps {
  readonly api: Parameters<typeof createTerminalWire>[0]["api"];
  readonly serverId: number;
  readonly onPhase: (phase: TerminalPhase, detail?: string) => void;
  readonly onManyLines: (text: string) => void;
}

function createParts(element: HTMLElement, { api, serverId, onPhase, onManyLines }: PartsDeps): Parts {
  const font = getComputedStyle(document.documentElement).getPropertyValue("--mono") || "monospace";
  const terminal = new Terminal({ scrollback: SCROLLBACK, fontFamily: font, cursorBlink: true, screenReaderMode: false });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  const wire = createTerminalWire({
    api,
    serverId,
    openSocket: (path) => new WebSocket(`${location.origin.replace("http", "ws")}${path}`),
    after: browserTimers.after,
    events: {
      output: (bytes) => terminal.write(bytes),
      phase: onPhase,
      opened: () => wire.resize(terminal.rows, terminal.cols),
    },
  });
  withStyleNonce(document, () => terminal.open(element));
  fit.fit();
  terminal.onData((text) => wire.input(text));
  terminal.onBinary((text) => wire.raw(Uint8Array.from(text, (character) => character.charCodeAt(0))));
  terminal.onResize(({ rows, cols }) => wire.resize(rows, cols));
  terminal.attachCustomKeyEventHandler((event) => !leaves(event));
  element.addEventListener("paste", (event) => holdManyLines(event, onManyLines), { capture: true });
  return { terminal, fit, wire };
}

/** Ctrl+Shift+Esc gives the keyboard back to the page. */
function leaves(event: KeyboardEvent): boolean {
  if (!(event.key === "Escape" && event.ctrlKey && event.shiftKey)) return false;
  document.querySelector<HTMLElement>("[data-terminal-tab][aria-selected=true]")?.focus();
  return true;
}

/** Several lines at once run before anybody has read them: they are shown first. */
function holdManyLines(event: ClipboardEvent, onManyLines: (text: string) => void): void {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!text.trimEnd().includes("\n")) return;
  event.preventDefault();
  event.stopPropagation();
  onManyLines(text);
}
