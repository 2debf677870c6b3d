import { expect, test } from "vitest";
import { settingPatch } from "#shell/console/setting-patch.ts";
import { readIds } from "./setting-values.ts";

const config = { language: "en-US", site_name: "Fleet", ip_change_notification_group_id: 0, cover: 0 };

test("what the dashboard leaves out is empty, and nothing is missing in what is sent", () => {
  const values = settingPatch(config);
  expect(Object.values(values)).not.toContain(undefined);
  expect(values).toMatchObject({ site_name: "Fleet", custom_code: "", tls: false, cover: 1, enable_mcp: false });
});

test("stored values go along unchanged", () => {
  const stored = { ...config, install_host: "a:1", tls: true, cover: 2, enable_mcp: true, ignored_ip_notification: "2,10" };
  expect(settingPatch(stored)).toMatchObject({
    install_host: "a:1",
    tls: true,
    cover: 2,
    enable_mcp: true,
    ignored_ip_notification: "2,10",
  });
});

test.each([
  ["", []],
  ["2, 10", [2, 10]],
  ["x,3,-1", [3]],
])("%j lists the ids %j", (text, ids) => {
  expect(readIds(text)).toEqual(ids);
});
