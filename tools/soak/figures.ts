import type { BenchDashboard } from "../bench/stage.ts";

/** What the dashboard tells of itself to Prometheus. */
export interface Told {
  readonly lagP99Ms: number;
  /** Samples that the history did not keep. */
  readonly dropped: number;
}

/** Asks with a token of its own, made here. */
export async function prometheusReader(dashboard: BenchDashboard): Promise<() => Promise<Told>> {
  const answer = await fetch(`http://${dashboard.target}/api/v1/api-tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${await dashboard.signIn()}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "soak", scopes: ["nezha:server:read"] }),
  });
  const { data, error } = (await answer.json()) as { readonly data?: { readonly token: string }; readonly error?: string };
  if (data === undefined) throw new Error(`no access token: ${error}`);
  const headers = { authorization: `Bearer ${data.token}` };
  return async () => {
    const text = await (await fetch(`http://${dashboard.target}/metrics`, { headers })).text();
    return {
      lagP99Ms: valueOf(text, "nodejs_eventloop_lag_p99_seconds") * 1_000,
      dropped: valueOf(text, "windfire_history_dropped_total"),
    };
  };
}

function valueOf(text: string, name: string): number {
  const found = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`/metrics tells no ${name}`);
  return Number(found);
}

/** Times of the half minutes that are kept of a server, Unix milliseconds. */
export async function pointTimes(dashboard: BenchDashboard, token: string, serverId: number): Promise<number[]> {
  const url = `http://${dashboard.target}/api/v1/server/${serverId}/metrics?metric=cpu&period=1d`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await answer.json()) as { readonly data: { readonly data_points: readonly { readonly ts: number }[] } };
  return data.data_points.map(({ ts }) => ts);
}
