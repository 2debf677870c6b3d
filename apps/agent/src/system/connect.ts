import { connect as openSocket } from "node:net";
import type { Connect } from "../tasks/tcp-ping.ts";
import { isErrorCode } from "../fault.ts";

export const connect: Connect = (address, port, signal) =>
  new Promise((resolve, reject) => {
    const socket = openSocket({ host: address, port });
    const abort = (): void => void socket.destroy(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", (error) => reject(isErrorCode(error, "ECONNREFUSED") ? new Error("connect: connection refused") : error));
    socket.once("close", () => signal.removeEventListener("abort", abort));
  });
