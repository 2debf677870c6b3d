import { expect, test } from "vitest";
import { isKnownPage } from "./known-pages.ts";

test.each([
  "/",
  "/server/",
  "/server/12",
  "/dashboard/",
  "/dashboard/login",
  "/dashboard/settings/waf",
  "/dashboard/terminal/3",
  "/dashboard/incident/3",
  "/dashboard/incident-history",
  "/service/4",
  "/map",
  "/wall",
  "/embed/server/4",
  "/embed/service/4",
])("%s is a page", (path) => {
  expect(isKnownPage(path)).toBe(true);
});

test.each([
  "/server/abc",
  "/server/1/",
  "/Server/1",
  "/dashboard/login/",
  "/dashboard/LOGIN",
  "/dashboard/none",
  "/dashboard/incident/",
  "/dashboard/settings/none",
  "/dashboardx",
  "/login",
  "/embed/server/",
  "/embed/4",
])("%s is none", (path) => {
  expect(isKnownPage(path)).toBe(false);
});
