import { expect, test } from "vitest";
import { originAllowed } from "./origin.ts";

test.each([
  ["", "nz.example.com", "", true],
  ["  ", "nz.example.com", "", true],
  ["https://nz.example.com", "nz.example.com", "", true],
  ["http://NZ.example.com", "nz.EXAMPLE.com", "", true],
  ["https://nz.example.com:8443", "nz.example.com:8443", "", true],
  ["https://nz.example.com:443", "nz.example.com", "", false],
  ["https://nz.example.com", "nz.example.com:443", "", false],
  ["https://elsewhere.test", "nz.example.com", "", false],
  ["https://nz.example.com.elsewhere.test", "nz.example.com", "", false],
  ["https://user@elsewhere.test", "user", "", false],
  ["null", "nz.example.com", "", false],
  ["nz.example.com", "nz.example.com", "", false],
  ["file:///x", "", "", false],
  ["http://rebound.test:8008", "rebound.test:8008", "127.0.0.1", false],
  ["http://rebound.test:8008", "rebound.test:8008", "[::1]", false],
  ["http://rebound.test:8008", "rebound.test:8008", "localhost", false],
  ["http://127.9.9.9:8008", "127.9.9.9:8008", "127.0.0.1", true],
  ["http://localhost:8008", "localhost:8008", " 127.0.0.1 ", true],
  ["http://[::1]:8008", "[::1]:8008", "::1", true],
  ["http://rebound.test", "rebound.test", "0.0.0.0", true],
  ["http://rebound.test", "rebound.test", "::", true],
  ["http://rebound.test", "rebound.test", "192.0.2.1", true],
])("origin %j asking for %j of a dashboard on %j: %s", (origin, host, listenHost, allowed) => {
  expect(originAllowed(origin, host, listenHost)).toBe(allowed);
});
