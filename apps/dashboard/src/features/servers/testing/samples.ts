import type { HostInfo, HostState, Server } from "../model.ts";

/** Settings of a server for tests. */
export const testSettings: Server = {
  id: 1,
  uuid: "u",
  ownerId: 1,
  name: "a",
  note: "",
  publicNote: "",
  displayIndex: 0,
  hideForGuest: false,
  enableDdns: false,
  ddnsProfiles: [],
  overrideDdnsDomains: {},
  tags: [],
  createdAt: "",
  updatedAt: "",
};

export function hostWith(partial: Partial<HostInfo> = {}): HostInfo {
  return {
    platform: "debian",
    platformVersion: "13",
    cpu: ["x"],
    memTotal: 1,
    diskTotal: 0,
    swapTotal: 0,
    arch: "x86_64",
    virtualization: "",
    bootTime: 1000,
    version: "2.3.3",
    gpu: [],
    rights: [],
    ...partial,
  };
}

export function stateWith(partial: Partial<HostState> = {}): HostState {
  return {
    cpu: 1.5,
    memUsed: 0,
    swapUsed: 0,
    diskUsed: 0,
    netInTransfer: 0,
    netOutTransfer: 0,
    netInSpeed: 0,
    netOutSpeed: 0,
    uptime: 0,
    load1: 0,
    load5: 0,
    load15: 0,
    tcpConnCount: 0,
    udpConnCount: 0,
    processCount: 0,
    temperatures: [],
    gpu: [],
    gpus: [],
    ...partial,
  };
}
