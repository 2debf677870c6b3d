import { z } from "zod";
import { count, decimal } from "./numbers.ts";

const text = z.string().optional();
const number = count.optional();
const float = decimal.optional();

/** What a host permits its dashboard: a right and how far it goes. */
const HostRight = z
  .object({
    name: z.string().meta({ examples: ["terminal"] }),
    until: number.meta({ description: "Unix seconds; left out without an end" }),
    only: z.array(z.string()).optional().meta({ description: "Folders (files) or addresses (nat); left out without a limit" }),
  })
  .meta({ id: "HostRight" });

/** Spec 11 section 1.1. Every key is left out when empty. */
export const Host = z
  .object({
    platform: text.meta({ examples: ["debian"] }),
    platform_version: text.meta({ description: "Only for those who may manage the server" }),
    cpu: z.array(z.string()).optional(),
    mem_total: number.meta({ description: "Bytes" }),
    disk_total: number.meta({ description: "Bytes" }),
    swap_total: number.meta({ description: "Bytes" }),
    arch: text,
    virtualization: text,
    boot_time: number.meta({ description: "Unix seconds" }),
    version: text.meta({
      description: "Version of the agent; only for those who may manage the server",
    }),
    gpu: z.array(z.string()).optional(),
    rights: z
      .array(HostRight)
      .optional()
      .meta({ description: "What the host permits, of agents that say it; only for those who may manage the server" }),
  })
  .meta({ id: "Host" });
export type Host = z.output<typeof Host>;

export const Temperature = z.object({ Name: z.string(), Temperature: decimal.meta({ description: "°C" }) }).meta({ id: "Temperature" });
export type Temperature = z.output<typeof Temperature>;

/** One GPU, in the order of the host's names (spec 11 section 1.1). */
export const Gpu = z
  .object({
    utilization: decimal.meta({ description: "Percent" }),
    memory_used: number.meta({ description: "MiB; left out when 0" }),
    memory_total: number.meta({ description: "MiB; left out when unknown" }),
  })
  .meta({ id: "Gpu" });
export type Gpu = z.output<typeof Gpu>;

/** Spec 11 section 1.1. Every key is left out when zero; counters have every digit of 64 bits. */
export const State = z
  .object({
    cpu: float.meta({ description: "Percent" }),
    mem_used: number.meta({ description: "Bytes" }),
    swap_used: number.meta({ description: "Bytes" }),
    disk_used: number.meta({ description: "Bytes" }),
    net_in_transfer: number.meta({ description: "Bytes" }),
    net_out_transfer: number.meta({ description: "Bytes" }),
    net_in_speed: number.meta({ description: "Bytes per second" }),
    net_out_speed: number.meta({ description: "Bytes per second" }),
    uptime: number.meta({ description: "Seconds" }),
    load_1: float,
    load_5: float,
    load_15: float,
    tcp_conn_count: number,
    udp_conn_count: number,
    process_count: number,
    temperatures: z.array(Temperature).optional(),
    gpu: z.array(decimal).optional().meta({ description: "Percent for each GPU" }),
    gpus: z.array(Gpu).optional().meta({ description: "For each GPU, from agents that tell it" }),
  })
  .meta({ id: "State" });
export type State = z.output<typeof State>;

export const GeoIp = z
  .object({
    ip: z.object({ ipv4_addr: text, ipv6_addr: text }),
    country_code: text.meta({ description: "Two letters, lower case", examples: ["jp"] }),
  })
  .meta({ id: "GeoIp" });
export type GeoIp = z.output<typeof GeoIp>;
