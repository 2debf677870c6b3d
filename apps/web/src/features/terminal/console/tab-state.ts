/** One shell. */
export interface Pane {
  readonly key: number;
  readonly serverId: number;
}

/** How the panes of a tab lie. */
export type Split = "beside" | "below";

/** Shells that are looked at together. */
export interface Tab {
  readonly key: number;
  readonly panes: readonly Pane[];
  /** Key of the pane that is written in. */
  readonly active: number;
  readonly split: Split;
}

/** Open shells, and the key of the tab that is shown. */
export interface TabState {
  readonly list: readonly Tab[];
  readonly shown: number;
  readonly next: number;
}

/** More cannot be read beside each other. */
export const MOST_PANES = 4;

export const NO_TABS: TabState = { list: [], shown: 0, next: 1 };

export const shownTab = ({ list, shown }: TabState): Tab | undefined => list.find((tab) => tab.key === shown);

export const activePane = (tab: Tab | undefined): Pane | undefined => tab?.panes.find(({ key }) => key === tab.active);

/** One more shell on a server, in a tab of its own, shown. */
export function openTab({ list, next }: TabState, serverId: number): TabState {
  const tab: Tab = { key: next, panes: [{ key: next, serverId }], active: next, split: "beside" };
  return { list: [...list, tab], shown: next, next: next + 1 };
}

/** One more shell on a server, in the tab that is shown, where there is room. */
export function splitTab(state: TabState, split: Split, serverId: number): TabState {
  const { next } = state;
  const tab = shownTab(state);
  if (tab === undefined || tab.panes.length >= MOST_PANES) return state;
  const panes = [...tab.panes, { key: next, serverId }];
  return { ...replaced(state, { ...tab, panes, active: next, split }), next: next + 1 };
}

/** Shows a pane and writes in it. */
export function showPane(state: TabState, key: number): TabState {
  const tab = state.list.find(({ panes }) => panes.some((pane) => pane.key === key));
  if (tab === undefined || (state.shown === tab.key && tab.active === key)) return state;
  return { ...replaced(state, { ...tab, active: key }), shown: tab.key };
}

/** Shows a shell on a server: the one that is written in, else the first, else a new one. */
export function showServer(state: TabState, serverId: number): TabState {
  if (!Number.isSafeInteger(serverId) || activePane(shownTab(state))?.serverId === serverId) return state;
  const there = state.list.flatMap(({ panes }) => panes).find((pane) => pane.serverId === serverId);
  return there === undefined ? openTab(state, serverId) : showPane(state, there.key);
}

/** Without a shell; its tab goes with the last one. */
export function closePane(state: TabState, key: number): TabState {
  const tab = state.list.find(({ panes }) => panes.some((pane) => pane.key === key));
  if (tab === undefined) return state;
  const panes = tab.panes.filter((pane) => pane.key !== key);
  const last = panes.at(-1);
  if (last === undefined) return closeTab(state, tab.key);
  return replaced(state, { ...tab, panes, active: tab.active === key ? last.key : tab.active });
}

/** Without a tab; the newest of the others is shown when it was the one. */
export function closeTab(state: TabState, key: number): TabState {
  const list = state.list.filter((tab) => tab.key !== key);
  return { ...state, list, shown: state.shown === key ? (list.at(-1)?.key ?? 0) : state.shown };
}

const replaced = (state: TabState, tab: Tab): TabState => ({
  ...state,
  list: state.list.map((other) => (other.key === tab.key ? tab : other)),
});
