import { expect, test } from "vitest";
import { activePane, closePane, closeTab, MOST_PANES, NO_TABS, openTab, showPane, showServer, shownTab, splitTab } from "./tab-state.ts";

test("an address opens one shell, and shows it again later", () => {
  const one = showServer(NO_TABS, 7);
  expect(shownTab(one)).toMatchObject({ key: 1, panes: [{ key: 1, serverId: 7 }] });
  expect(showServer(one, 7)).toBe(one);
  const two = showServer(one, 8);
  expect(showServer(two, 7)).toMatchObject({ shown: 1, list: [{ active: 1 }, { active: 2 }] });
  expect(showServer(NO_TABS, Number.NaN)).toBe(NO_TABS);
});

test("a server may have several shells; closing one shows the newest of the others", () => {
  const tabs = openTab(openTab(openTab(NO_TABS, 7), 7), 8);
  expect(closeTab(tabs, 3)).toMatchObject({ shown: 2, list: [{ key: 1 }, { key: 2 }] });
  expect(closeTab(tabs, 1)).toMatchObject({ shown: 3 });
  expect(shownTab(closeTab(openTab(NO_TABS, 7), 1))).toBeUndefined();
});

test("a tab is split for shells on any server, which is then written in", () => {
  const split = splitTab(openTab(NO_TABS, 7), "below", 8);
  expect(split.list).toEqual([
    {
      key: 1,
      active: 2,
      split: "below",
      panes: [
        { key: 1, serverId: 7 },
        { key: 2, serverId: 8 },
      ],
    },
  ]);
  expect(activePane(shownTab(split))?.serverId).toBe(8);
  expect(activePane(shownTab(showPane(split, 1)))?.serverId).toBe(7);
  expect(showServer(split, 7)).toMatchObject({ list: [{ active: 1 }] });
  let full = split;
  for (let more = 0; more < MOST_PANES; more += 1) full = splitTab(full, "below", 7);
  expect(shownTab(full)?.panes).toHaveLength(MOST_PANES);
  expect(splitTab(NO_TABS, "beside", 7)).toBe(NO_TABS);
});

test("a pane is closed alone, the last one with its tab", () => {
  const split = splitTab(openTab(NO_TABS, 7), "beside", 8);
  expect(closePane(split, 2)).toMatchObject({ shown: 1, list: [{ active: 1, panes: [{ key: 1 }] }] });
  expect(closePane(split, 1)).toMatchObject({ list: [{ active: 2 }] });
  expect(closePane(closePane(split, 1), 2).list).toEqual([]);
  expect(closePane(split, 9)).toBe(split);
});
