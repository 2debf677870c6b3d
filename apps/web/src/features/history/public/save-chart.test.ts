import { expect, test } from "vitest";
import { chartCsv, fileName } from "./save-chart.ts";

test("moments of the window that have a value, as a spreadsheet reads them", () => {
  const grid = {
    times: [0, 1000, 2000, 3000],
    columns: [
      [1, 2.5, null, 4],
      [undefined, -3, undefined, 5],
    ],
    gaps: [],
  };
  const series = [
    { label: "in, out", colour: "--c1" },
    { label: "=sum", colour: "--c2" },
  ];
  expect(chartCsv(grid, series, { from: 1000, to: 3000 })).toBe(
    'time,"in, out",\'=sum\r\n1970-01-01T00:00:01.000Z,2.5,-3\r\n1970-01-01T00:00:03.000Z,4,5\r\n',
  );
});

test("names of files", () => {
  expect(fileName("CPU / 1 min", "csv")).toBe("cpu-1-min.csv");
});
