export interface Tab {
  readonly key: number;
  readonly serverId: number;
}

/** Open shells, and the key of the one that is shown. */
export interface TabState {
  readonly list: readonly Tab[];
  readonly shown: number;
  readonly next: number;
}

export const NO_TABS: TabState = { list: [], shown: 0, next: 1 };

export const shownTab = ({ list, shown }: TabState): Tab | undefined => list.find((tab) => tab.key === shown);

/** One more shell on a server, shown. */
export function openTab({ list, next }: TabState, serverId: number): TabState {
  return { list: [...list, { key: next, serverId }], shown: next, next: next + 1 };
}

/** Shows a shell on a server: the one that is shown, else the first, else a new one. */
export function showServer(state: TabState, serverId: number): TabState {
  if (!Number.isSafeInteger(serverId) || shownTab(state)?.serverId === serverId) return state;
  const there = state.list.find((tab) => tab.serverId === serverId);
  return there === undefined ? openTab(state, serverId) : { ...state, shown: there.key };
}

/** Without a shell; the newest of the others is shown when it was the one. */
export function closeTab(state: TabState, key: number): TabState {
  const list = state.list.filter((tab) => tab.key !== key);
  return { ...state, list, shown: state.shown === key ? (list.at(-1)?.key ?? 0) : state.shown };
}
