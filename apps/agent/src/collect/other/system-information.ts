/** What the agent asks `systeminformation` for: the members it uses, in bytes and percent. */
export interface SystemInformation {
  osInfo(): Promise<{ readonly distro: string; readonly release: string }>;
  cpu(): Promise<{ readonly cores: number; readonly physicalCores: number }>;
  mem(): Promise<{ readonly total: number; readonly available: number; readonly swaptotal: number; readonly swapused: number }>;
  fsSize(): Promise<readonly FileSystemSize[]>;
  networkStats(interfaces: string): Promise<readonly { readonly iface: string; readonly rx_bytes: number; readonly tx_bytes: number }[]>;
  currentLoad(): Promise<{ readonly currentLoad: number }>;
  processes(): Promise<{ readonly all: number }>;
  networkConnections(): Promise<readonly { readonly protocol: string }[]>;
  cpuTemperature(): Promise<{ readonly main: number | null }>;
  graphics(): Promise<{ readonly controllers: readonly GraphicsController[] }>;
}

/** Percent and MiB; the figures are those of the vendor's tool, where there is one. */
export interface GraphicsController {
  readonly model: string;
  readonly utilizationGpu?: number | null;
  readonly memoryUsed?: number | null;
  readonly memoryTotal?: number | null;
}

export interface FileSystemSize {
  readonly fs: string;
  readonly type: string;
  readonly size: number;
  readonly available: number;
  readonly mount: string;
}

/** Loaded when it is first needed: Linux never needs it. */
export async function loadSystemInformation(): Promise<SystemInformation> {
  const { default: library } = await import("systeminformation");
  return library;
}
