import { expect, test } from "vitest";
import { closeTab, NO_TABS, openTab, showServer, shownTab } from "./tab-state.ts";

test("an address opens one shell, and shows it again later", () => {
  const one = showServer(NO_TABS, 7);
  expect(shownTab(one)).toEqual({ key: 1, serverId: 7 });
  expect(showServer(one, 7)).toBe(one);
  const two = showServer(one, 8);
  expect(showServer(two, 7)).toMatchObject({ shown: 1, list: [{ serverId: 7 }, { serverId: 8 }] });
  expect(showServer(NO_TABS, Number.NaN)).toBe(NO_TABS);
});

test("a server may have several shells; closing one shows the newest of the others", () => {
  const tabs = openTab(openTab(openTab(NO_TABS, 7), 7), 8);
  expect(closeTab(tabs, 3)).toMatchObject({ shown: 2, list: [{ key: 1 }, { key: 2 }] });
  expect(closeTab(tabs, 1)).toMatchObject({ shown: 3 });
  expect(shownTab(closeTab(openTab(NO_TABS, 7), 1))).toBeUndefined();
});
