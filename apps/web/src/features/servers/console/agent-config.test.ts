import { expect, test } from "vitest";
import { isWrong, parseConfig, readConfig, writeConfig } from "./agent-config.ts";

const CONFIG = {
  server: "d.example.com:8008",
  client_secret: "secret",
  report_delay: 2,
  ip_report_period: 1800,
  hard_drive_partition_allowlist: ["/", "/data"],
  nic_allowlist: { eth0: true, docker0: false },
  gpu: true,
};

test("what is not changed from here is not in the form, and never sent", () => {
  const values = readConfig(CONFIG);
  expect(values).toMatchObject({ report_delay: "2", gpu: true, temperature: false, dns: "" });
  expect(values).toMatchObject({ hard_drive_partition_allowlist: "/\n/data", nic_allowlist: "eth0\n!docker0" });
  expect(writeConfig(values)).not.toContain("secret");
});

test("every kind of value goes out as the agent takes it", () => {
  const { report_delay, nic_allowlist, hard_drive_partition_allowlist, gpu } = readConfig(CONFIG);
  expect(JSON.parse(writeConfig({ report_delay, nic_allowlist, hard_drive_partition_allowlist, gpu }))).toEqual({
    report_delay: 2,
    nic_allowlist: { eth0: true, docker0: false },
    hard_drive_partition_allowlist: ["/", "/data"],
    gpu: true,
  });
});

test.each([
  ["report_delay", "4", false],
  ["report_delay", "5", true],
  ["report_delay", "1.5", true],
  ["ip_report_period", "29", true],
  ["ip_report_period", "30", false],
  ["dns", "anything", false],
] as const)("%s of %s is wrong: %s", (key, value, wrong) => {
  expect(isWrong(key, value)).toBe(wrong);
});

test.each(["", "null", "[]", "1", "{"])("%j is no configuration", (text) => {
  expect(parseConfig(text)).toBeUndefined();
});
