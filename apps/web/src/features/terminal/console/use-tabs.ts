import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { activePane, closePane, closeTab, NO_TABS, openTab, showPane, showServer, shownTab, splitTab } from "./tab-state.ts";
import type { Pane, Split, Tab, TabState } from "./tab-state.ts";

/** Open shells, and what is done with them. */
export interface Tabs {
  readonly list: readonly Tab[];
  readonly shown: Tab | undefined;
  /** The shell that is written in. */
  readonly pane: Pane | undefined;
  open(serverId: number): void;
  /** One more shell on the server that is written to, beside it or below. */
  split(split: Split): void;
  show(pane: Pane): void;
  closePane(pane: Pane): void;
  close(tab: Tab): void;
}

/** Tabs follow the address, which names the server that is written to: one that has none yet gets one. */
export function useTabs(id: number): Tabs {
  const navigate = useNavigate();
  const [state, setState] = useState(NO_TABS);
  useEffect(() => setState((before) => showServer(before, id)), [id]);
  const shown = shownTab(state);
  const pane = activePane(shown);
  const goTo = (next: TabState) => {
    setState(next);
    const serverId = activePane(shownTab(next))?.serverId;
    if (serverId !== undefined && serverId !== id) void navigate({ to: "/terminal/$id", params: { id: String(serverId) }, replace: true });
  };
  return {
    list: state.list,
    shown,
    pane,
    open: (serverId) => goTo(openTab(state, serverId)),
    split: (split) => (pane === undefined ? undefined : goTo(splitTab(state, split, pane.serverId))),
    show: ({ key }) => goTo(showPane(state, key)),
    closePane: ({ key }) => goTo(closePane(state, key)),
    close: ({ key }) => goTo(closeTab(state, key)),
  };
}
