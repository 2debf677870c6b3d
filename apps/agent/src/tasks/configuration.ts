import { configJson, overlayConfig, planTransfer } from "../config/index.ts";
import type { LiveConfig } from "../config/index.ts";
import { failed } from "./task-kind.ts";
import type { RunTask } from "./task-kind.ts";

const RELOADING = "another reload is in process";
const TRANSFER_PENDING = "另一条 server transfer 配置正在生效中，请稍后再试 (transfer reload in progress)";

/** Report config (task 12): the whole configuration as JSON, secrets included (spec 21 section 13.1). */
export function createReportConfig(live: LiveConfig): RunTask {
  return (_, { config }) => (live.pending() === undefined ? { data: configJson(config), successful: true } : failed(RELOADING));
}

/** Apply config (task 13): checked at once, committed in 10 seconds (section 13.2). */
export function createApplyConfig(live: LiveConfig): RunTask {
  return ({ data }) => {
    const next = overlayConfig(live.current(), data);
    if (!next.ok) return failed(next.error);
    if (live.pending() === "transfer") return failed(TRANSFER_PENDING);
    live.schedule(next.value, "apply");
    return { successful: true };
  };
}

/** Server transfer (task 14): a new secret, only over verified TLS; takes the place of whatever waits (section 13.3). */
export function createServerTransfer(live: LiveConfig): RunTask {
  return ({ data }) => {
    const next = planTransfer(live.current(), data);
    if (!next.ok) return failed(next.error);
    live.schedule(next.value, "transfer");
    return { successful: true };
  };
}
