import { expect, test } from "vitest";
import { isShown, openView, readViews, viewOf, withView } from "./saved-views.ts";

const SEARCH = { q: "group:asia", cols: "cpu,disk", s: "3", t: "plan" };

test("a view keeps the filter and the columns, not what is open", () => {
  expect(viewOf(SEARCH)).toEqual({ q: "group:asia", cols: "cpu,disk" });
  const [view] = withView([], " Asia ", SEARCH);
  expect(view).toEqual({ name: "Asia", search: { q: "group:asia", cols: "cpu,disk" } });
  expect(view && [isShown(view, SEARCH), isShown(view, { q: "group:asia" })]).toEqual([true, false]);
  expect(view && openView(view)).toEqual({ q: "group:asia", view: "", cols: "cpu,disk" });
});

test("a name stands for one view, and there are twenty at most", () => {
  const twice = withView(withView([], "a", {}), "a", SEARCH);
  expect(twice).toHaveLength(1);
  const many = Array.from({ length: 25 }, (_, i) => String(i)).reduce((views, name) => withView(views, name, {}), twice);
  expect(many).toHaveLength(20);
  expect(readViews(JSON.stringify(many))).toEqual(many);
});

test.each([undefined, "", "{}", "[1, null]", "nonsense"])("%j holds no view", (text) => {
  expect(readViews(text)).toEqual([]);
});
