import type { Host, State } from "@windfire/protocol";

const GIB = 2 ** 30;
const BOOT_TIME = 1_766_000_000;

/** A small virtual machine. */
export function sampleHost(): Partial<Host> {
  return {
    platform: "debian",
    platformVersion: "12.8",
    cpu: ["AMD EPYC 7763 64-Core Processor 2 Virtual Core"],
    memTotal: 4 * GIB,
    diskTotal: 40 * GIB,
    swapTotal: 2 * GIB,
    arch: "x86_64",
    virtualization: "kvm",
    bootTime: BOOT_TIME,
    version: "2.3.3",
  };
}

/** Values that wander like those of a real host, the same for the same number. */
export function sampleState(number: number): Partial<State> {
  const wave = (period: number, low: number, high: number): number =>
    low + ((high - low) * (1 + Math.sin((2 * Math.PI * number) / period))) / 2;
  return {
    cpu: wave(40, 5, 70),
    memUsed: Math.round(wave(100, 1.2, 2.4) * GIB),
    swapUsed: Math.round(0.1 * GIB),
    diskUsed: 12 * GIB + number * 4096,
    netInTransfer: 80 * GIB + number * 300_000,
    netOutTransfer: 20 * GIB + number * 120_000,
    netInSpeed: Math.round(wave(30, 20_000, 900_000)),
    netOutSpeed: Math.round(wave(25, 10_000, 300_000)),
    uptime: 86_400 + number * 3,
    load1: wave(20, 0.1, 1.6),
    load5: wave(60, 0.2, 1.1),
    load15: wave(180, 0.3, 0.8),
    tcpConnCount: Math.round(wave(50, 40, 90)),
    udpConnCount: 8,
    processCount: 140,
  };
}
