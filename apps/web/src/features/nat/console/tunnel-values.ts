import type { NatFormInput, NatProfile } from "@windfire/api";

export interface TunnelValues {
  readonly name: string;
  /** Id as text, "0" while none is chosen. */
  readonly server: string;
  readonly host: string;
  readonly domain: string;
  readonly enabled: boolean;
  /** The domain once more, where the dashboard asks for it. */
  readonly confirm: string;
}

export function readTunnel(tunnel: NatProfile | undefined): TunnelValues {
  return {
    name: tunnel?.name ?? "",
    server: String(tunnel?.server_id ?? 0),
    host: tunnel?.host ?? "",
    domain: tunnel?.domain ?? "",
    enabled: tunnel?.enabled ?? true,
    confirm: "",
  };
}

export function writeTunnel(values: TunnelValues): NatFormInput {
  const body = {
    name: values.name.trim(),
    server_id: Number(values.server),
    host: values.host.trim(),
    domain: values.domain.trim(),
    enabled: values.enabled,
  };
  return values.confirm === "" ? body : { ...body, confirm_domain: values.confirm.trim() };
}

const HOST_PORT = /^(?:\[[\da-f:.%]+\]|[^\s/:[\]]+):(\d{1,5})$/i;
const HIGHEST_PORT = 65_535;
const DOMAIN = /^[^\s/:@]+\.[^\s/:@]+(?::\d{1,5})?$/;

export function checkTunnel(values: TunnelValues): Partial<Record<keyof TunnelValues, string>> {
  const wrong: Partial<Record<keyof TunnelValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (values.server === "0") wrong.server = "nat.chooseServer";
  const port = Number(HOST_PORT.exec(values.host.trim())?.[1]);
  if (!(port >= 1 && port <= HIGHEST_PORT)) wrong.host = "nat.hostError";
  if (!DOMAIN.test(values.domain.trim())) wrong.domain = "nat.domainError";
  return wrong;
}

/** Whether the dashboard refused because agents use the name: then the administrator may write it once more. */
export const asksToConfirm = (message: string | undefined): boolean => message?.includes("confirm_domain") === true;
