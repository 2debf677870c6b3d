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

export interface ScreenProps {
  readonly serverId: number;
  readonly name: string;
  readonly fontSize: number;
  /** Tabs that are not shown keep their session and their lines. */
  readonly shown: boolean;
  /** The one that is written in. */
  readonly focused: boolean;
  readonly onPhase: (phase: TerminalPhase) => void;
  /** What somebody types or pastes here, and where it goes is not the screen's business. */
  readonly onType: (text: string) => void;
  /** How text reaches this shell; `undefined` once it is closed. */
  readonly onInput: (input: ((text: string) => void) | undefined) => void;
}

interface Parts {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly wire: TerminalWire;
}

/** One shell. What it printed stays when its connection breaks. */
export function TerminalScreen({ serverId, name, fontSize, shown, focused, ...heard }: ScreenProps) {
  const { t } = useFormats();
  const { api } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | undefined>(undefined);
  const [phase, setPhase] = useState<{ name: TerminalPhase; detail: string | undefined }>({ name: "opening", detail: undefined });
  const [pasted, setPasted] = useState<string>();
  const tell = useRef(heard);
  useEffect(() => {
    tell.current = heard;
  });
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = createParts(element, {
      api,
      serverId,
      onPhase: (next, detail) => {
        setPhase({ name: next, detail });
        tell.current.onPhase(next);
      },
      onManyLines: setPasted,
      onType: (text) => tell.current.onType(text),
      renewed: t("terminal.renewed"),
    });
    parts.current = made;
    tell.current.onInput(made.wire.input);
    made.wire.connect();
    const hurry = () => made.wire.hurry();
    addEventListener("online", hurry);
    const resize = new ResizeObserver(() => made.fit.fit());
    resize.observe(element);
    return () => {
      resize.disconnect();
      removeEventListener("online", hurry);
      tell.current.onInput(undefined);
      made.wire.close();
      made.terminal.dispose();
    };
  }, [api, serverId, t]);
  useEffect(() => {
    const made = parts.current;
    if (made === undefined) return;
    made.terminal.options.fontSize = fontSize;
    if (!shown) return;
    made.fit.fit();
    if (focused) made.terminal.focus();
  }, [fontSize, shown, focused]);
  return (
    <div className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)_auto]">
      <PhaseNote phase={phase.name} detail={phase.detail} onAgain={() => parts.current?.wire.connect()} />
      <div ref={place} role="group" aria-label={t("terminal.screen", { name })} className="min-h-0 overflow-hidden bg-(--terminal) p-2" />
      {focused ? <KeyRow onKey={heard.onType} /> : <span />}
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
  readonly onType: (text: string) => void;
  /** Said in the shell when it is another one than before. */
  readonly renewed: string;
}

function createParts(element: HTMLElement, { api, serverId, onPhase, onManyLines, onType, renewed }: PartsDeps): Parts {
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
      renewed: () => terminal.write(`\r\n\u001b[2m${renewed}\u001b[0m\r\n`),
    },
  });
  withStyleNonce(document, () => terminal.open(element));
  fit.fit();
  terminal.onData(onType);
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
