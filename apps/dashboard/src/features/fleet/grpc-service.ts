import { STATUS } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import { AppError } from "#kernel";
import type { Admission, CallInfo, Method } from "#platform/grpc";
import { AgentRefused } from "./authentication.ts";
import type { AgentCall, AgentStream } from "./call.ts";

/** The caller of every method: an authenticated agent. */
export interface AgentCaller {
  readonly server: LiveServer;
  readonly call: AgentCall;
}

/** What takes the calls of agents. */
export interface AgentCalls {
  /** Who a call comes from; registers unknown agents. @throws {AgentRefused} */
  authenticate(call: AgentCall): Promise<LiveServer>;
  /** Counts a call with one message each way; `false`: the server's agent makes too many. */
  mayCall(serverId: number): boolean;
  reportSystemInfo(server: LiveServer, message: Uint8Array): Promise<Uint8Array>;
  reportSystemInfo2(server: LiveServer, message: Uint8Array): Promise<Uint8Array>;
  reportGeoIp(server: LiveServer, call: AgentCall, message: Uint8Array): Promise<Uint8Array>;
  reportLateStates(server: LiveServer, message: Uint8Array): Promise<Uint8Array>;
  reportSystemState(server: LiveServer, stream: AgentStream): void;
  requestTask(server: LiveServer, stream: AgentStream): void;
  ioStream(server: LiveServer, stream: AgentStream): void;
}

export interface AgentServiceDeps {
  readonly fleet: AgentCalls;
  readonly isKnown: (serverId: number) => boolean;
  /** An agent of this owner's server was let in on a call with this `:authority`. */
  readonly onAgent: (authority: string, ownerId: number) => void;
  /** Real address and WAF of a call (spec 20 section 3.2), or the text it is refused with. */
  readonly address: (call: CallInfo) => { readonly ip: string } | { readonly refused: string };
}

/** The agents' gRPC service: how a call is admitted, its six methods (spec 20 section 1), and one of ours. */
export function createAgentService(deps: AgentServiceDeps) {
  const { fleet } = deps;
  const admit = async (info: CallInfo): Promise<Admission<AgentCaller>> => {
    const address = deps.address(info);
    if ("refused" in address) return { refused: { code: STATUS.unknown, message: address.refused } };
    const call = { ip: address.ip, peer: info.peer, secret: credential(info, "secret"), uuid: credential(info, "uuid") };
    try {
      const server = await fleet.authenticate(call);
      deps.onAgent(info.metadata(":authority") ?? info.metadata("host") ?? "", server.settings.ownerId);
      return { caller: { server, call } };
    } catch (error) {
      if (error instanceof AgentRefused || error instanceof AppError)
        return { refused: { code: STATUS.unauthenticated, message: error.message } };
      throw error;
    }
  };
  /** The server may be deleted while its agent is signed in. */
  const unary = (handle: (caller: AgentCaller, message: Uint8Array) => Promise<Uint8Array> | Uint8Array): Method<AgentCaller> => ({
    kind: "unary",
    handle: (message, caller) => {
      if (!deps.isKnown(caller.server.id)) return { code: STATUS.unknown, message: "server not found" };
      if (!fleet.mayCall(caller.server.id)) return { code: STATUS.resourceExhausted, message: "too many calls" };
      return handle(caller, message);
    },
  });
  const methods: Record<string, Method<AgentCaller>> = {
    ReportSystemInfo: unary(({ server }, message) => fleet.reportSystemInfo(server, message)),
    ReportSystemInfo2: unary(({ server }, message) => fleet.reportSystemInfo2(server, message)),
    ReportGeoIP: unary(({ server, call }, message) => fleet.reportGeoIp(server, call, message)),
    ReportLateStates: unary(({ server }, message) => fleet.reportLateStates(server, message)),
    ReportSystemState: { kind: "stream", open: (stream, { server }) => fleet.reportSystemState(server, stream) },
    RequestTask: { kind: "stream", open: (stream, { server }) => fleet.requestTask(server, stream) },
    IOStream: { kind: "stream", open: (stream, { server }) => fleet.ioStream(server, stream) },
  };
  return { admit, methods };
}

/** The hyphen spelling goes first; when it was sent it counts, even empty (spec 20 section 3.1). */
function credential(call: CallInfo, name: "secret" | "uuid"): string {
  return (call.metadata(`client-${name}`) ?? call.metadata(`client_${name}`) ?? "").trim();
}
