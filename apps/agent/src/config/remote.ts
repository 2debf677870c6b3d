import { fail, succeed } from "./model.ts";
import type { AgentConfig, Outcome } from "./model.ts";
import { configFault, valueFault, withChange } from "./rules.ts";
import { readValues } from "./values.ts";

const SECRET_LENGTH = 32;
const ROTATION_NEEDS_TRANSFER = "ApplyConfig rejected: client_secret rotation must use TaskTypeServerTransferApply";
const ROTATION_NEEDS_TLS = "ServerTransferApply rejected: rotated secret cannot be delivered over plaintext or InsecureTLS";

/**
 * The configuration that an apply task asks for (spec 21 section 13.2): absent keys stay, lists and maps are replaced,
 * null clears them, unknown keys are ignored. The secret only changes by a transfer.
 */
export function overlayConfig(current: AgentConfig, json: string): Outcome<AgentConfig> {
  const next = overlay(current, json);
  if (!next.ok) return next;
  const fault = valueFault(next.value);
  if (fault !== undefined) return fail(fault);
  if (next.value.client_secret !== current.client_secret) return fail(ROTATION_NEEDS_TRANSFER);
  return checked(next.value);
}

/** The configuration that a transfer task asks for (spec 21 section 13.3). */
export function planTransfer(current: AgentConfig, json: string): Outcome<AgentConfig> {
  const next = overlay(current, json);
  if (!next.ok) return next;
  const fault = valueFault(next.value) ?? secretFault(next.value.client_secret);
  if (fault !== undefined) return fail(fault);
  if (!next.value.tls || next.value.insecure_tls) return fail(ROTATION_NEEDS_TLS);
  return checked(next.value);
}

function checked(config: AgentConfig): Outcome<AgentConfig> {
  const fault = configFault(config);
  return fault === undefined ? succeed(config) : fail(fault);
}

function overlay(current: AgentConfig, json: string): Outcome<AgentConfig> {
  let values: unknown;
  try {
    values = JSON.parse(json);
  } catch {
    return fail("invalid configuration: not valid JSON");
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) return fail("invalid configuration: not a JSON object");
  const change = readValues({ ...values });
  return change.ok ? succeed(withChange(current, change.value)) : change;
}

function secretFault(secret: string): string | undefined {
  const bytes = Buffer.from(secret);
  if (bytes.length !== SECRET_LENGTH) return `rejected client_secret rotation: length=${bytes.length}, want ${SECRET_LENGTH}`;
  const index = bytes.findIndex((byte) => !/[0-9A-Za-z]/.test(String.fromCharCode(byte)));
  if (index < 0) return undefined;
  return `rejected client_secret rotation: byte ${index} (0x${bytes[index]?.toString(16).padStart(2, "0")}) outside [0-9A-Za-z]`;
}
