// CPU load of a server over the last day, in percent, as a guest sees it. Node 24 or newer runs this file as it is.
//   WINDFIRE_URL=https://monitor.example.com node cpu-history.ts 1

interface Metrics {
  /** `ts` in Unix milliseconds, a point for each half minute that has one; empty while there is none. */
  readonly data_points: readonly { readonly ts: number; readonly value: number }[];
}

type Answer<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly error: string };

const url = process.env["WINDFIRE_URL"] ?? "http://127.0.0.1:8008";
const serverId = process.argv[2] ?? "1";

const response = await fetch(`${url}/api/v1/server/${serverId}/metrics?metric=cpu&period=1d`, { signal: AbortSignal.timeout(10_000) });
const answer = (await response.json()) as Answer<Metrics>;
if (!answer.success) throw new Error(answer.error);
for (const { ts, value } of answer.data.data_points) console.log(new Date(ts).toISOString(), value.toFixed(1));
