import type { Figure } from "../figures.ts";
import type { BenchDashboard } from "../stage.ts";
import { measureRequests } from "./requests.ts";

const SERVICES = 100;
const TCP_PING = 3;

/** The overview of services that no agent is asked about. */
export async function measureOverview(dashboard: BenchDashboard, seconds: number): Promise<Figure[]> {
  const headers = { authorization: `Bearer ${await dashboard.signIn()}`, "content-type": "application/json" };
  for (let index = 1; index <= SERVICES; index++) {
    const body = JSON.stringify({
      name: `service ${index}`,
      target: "127.0.0.1:9",
      type: TCP_PING,
      duration: 86_400,
      cover: 1,
      skip_servers: {},
    });
    const response = await fetch(`http://${dashboard.target}/api/v1/service`, { method: "POST", headers, body });
    const { success, error } = (await response.json()) as { success?: boolean; error?: string };
    if (success !== true) throw new Error(`a service was refused: ${error}`);
  }
  return measureRequests(dashboard, `GET /service, ${SERVICES} services`, ["/service"], seconds);
}
