// Generated from nezha.proto by src/codegen/generate.ts. Do not edit.
import { MAX_REPEATED, WireReader } from "./reader.ts";
import type { Uint64 } from "./uint64.ts";
import { WireWriter } from "./writer.ts";

const NO_BYTES = new Uint8Array(0);
const NO_STRINGS: readonly string[] = Object.freeze([]);
const NO_NUMBERS: readonly number[] = Object.freeze([]);
const NO_PERMITTEDRIGHTS: readonly PermittedRight[] = Object.freeze([]);
const NO_SENSORTEMPERATURES: readonly SensorTemperature[] = Object.freeze([]);
const NO_GPUS: readonly GPU[] = Object.freeze([]);
const NO_LATESTATES: readonly LateState[] = Object.freeze([]);

/** What a host is. Sizes in bytes, boot_time in Unix seconds. */
export interface Host {
  platform: string;
  platformVersion: string;
  cpu: readonly string[];
  memTotal: Uint64;
  diskTotal: Uint64;
  swapTotal: Uint64;
  arch: string;
  virtualization: string;
  bootTime: number;
  version: string;
  gpu: readonly string[];
  rights: readonly PermittedRight[];
}

function readHost(reader: WireReader): Host {
  let platform = "";
  let platformVersion = "";
  let cpu: string[] | undefined = undefined;
  let memTotal: Uint64 = 0;
  let diskTotal: Uint64 = 0;
  let swapTotal: Uint64 = 0;
  let arch = "";
  let virtualization = "";
  let bootTime = 0;
  let version = "";
  let gpu: string[] | undefined = undefined;
  let rights: PermittedRight[] | undefined = undefined;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        platform = reader.string();
        break;
      case 18:
        platformVersion = reader.string();
        break;
      case 26: {
        const item = reader.string();
        cpu ??= [];
        if (cpu.length < MAX_REPEATED) cpu.push(item);
        break;
      }
      case 32:
        memTotal = reader.uint64();
        break;
      case 40:
        diskTotal = reader.uint64();
        break;
      case 48:
        swapTotal = reader.uint64();
        break;
      case 58:
        arch = reader.string();
        break;
      case 66:
        virtualization = reader.string();
        break;
      case 72:
        bootTime = reader.integer();
        break;
      case 82:
        version = reader.string();
        break;
      case 90: {
        const item = reader.string();
        gpu ??= [];
        if (gpu.length < MAX_REPEATED) gpu.push(item);
        break;
      }
      case 8002: {
        const outer = reader.enter();
        const item = readPermittedRight(reader);
        rights ??= [];
        if (rights.length < MAX_REPEATED) rights.push(item);
        reader.leave(outer);
        break;
      }
      default:
        reader.skip(tag);
    }
  }
  return {
    platform,
    platformVersion,
    cpu: cpu ?? NO_STRINGS,
    memTotal,
    diskTotal,
    swapTotal,
    arch,
    virtualization,
    bootTime,
    version,
    gpu: gpu ?? NO_STRINGS,
    rights: rights ?? NO_PERMITTEDRIGHTS,
  };
}

function writeHost(writer: WireWriter, message: Partial<Host>): void {
  if (message.platform !== undefined && message.platform !== "") {
    writer.uint64(10);
    writer.string(message.platform);
  }
  if (message.platformVersion !== undefined && message.platformVersion !== "") {
    writer.uint64(18);
    writer.string(message.platformVersion);
  }
  for (const item of message.cpu ?? []) {
    writer.uint64(26);
    writer.string(item);
  }
  if (message.memTotal !== undefined && message.memTotal !== 0) {
    writer.uint64(32);
    writer.uint64(message.memTotal);
  }
  if (message.diskTotal !== undefined && message.diskTotal !== 0) {
    writer.uint64(40);
    writer.uint64(message.diskTotal);
  }
  if (message.swapTotal !== undefined && message.swapTotal !== 0) {
    writer.uint64(48);
    writer.uint64(message.swapTotal);
  }
  if (message.arch !== undefined && message.arch !== "") {
    writer.uint64(58);
    writer.string(message.arch);
  }
  if (message.virtualization !== undefined && message.virtualization !== "") {
    writer.uint64(66);
    writer.string(message.virtualization);
  }
  if (message.bootTime !== undefined && message.bootTime !== 0) {
    writer.uint64(72);
    writer.uint64(message.bootTime);
  }
  if (message.version !== undefined && message.version !== "") {
    writer.uint64(82);
    writer.string(message.version);
  }
  for (const item of message.gpu ?? []) {
    writer.uint64(90);
    writer.string(item);
  }
  for (const item of message.rights ?? []) {
    writer.uint64(8002);
    const mark = writer.open();
    writePermittedRight(writer, item);
    writer.close(mark);
  }
}

/** @throws WireError */
export function decodeHost(bytes: Uint8Array): Host {
  return readHost(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeHost(message: Partial<Host>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeHost(writer, message);
  return writer.finish();
}

/** Ours: what the host permits its dashboard, sent when the dashboard names the feature "rights". until in Unix seconds, 0: no end; only: folders or addresses it is limited to, none: no limit. */
export interface PermittedRight {
  name: string;
  until: number;
  only: readonly string[];
}

function readPermittedRight(reader: WireReader): PermittedRight {
  let name = "";
  let until = 0;
  let only: string[] | undefined = undefined;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        name = reader.string();
        break;
      case 16:
        until = reader.integer();
        break;
      case 26: {
        const item = reader.string();
        only ??= [];
        if (only.length < MAX_REPEATED) only.push(item);
        break;
      }
      default:
        reader.skip(tag);
    }
  }
  return {
    name,
    until,
    only: only ?? NO_STRINGS,
  };
}

function writePermittedRight(writer: WireWriter, message: Partial<PermittedRight>): void {
  if (message.name !== undefined && message.name !== "") {
    writer.uint64(10);
    writer.string(message.name);
  }
  if (message.until !== undefined && message.until !== 0) {
    writer.uint64(16);
    writer.uint64(message.until);
  }
  for (const item of message.only ?? []) {
    writer.uint64(26);
    writer.string(item);
  }
}

/** @throws WireError */
export function decodePermittedRight(bytes: Uint8Array): PermittedRight {
  return readPermittedRight(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodePermittedRight(message: Partial<PermittedRight>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writePermittedRight(writer, message);
  return writer.finish();
}

/** One sample of a host. Percentages 0 to 100, sizes in bytes, speeds in bytes per second, transfers in bytes since boot, uptime in seconds. */
export interface State {
  cpu: number;
  memUsed: Uint64;
  swapUsed: Uint64;
  diskUsed: Uint64;
  netInTransfer: Uint64;
  netOutTransfer: Uint64;
  netInSpeed: Uint64;
  netOutSpeed: Uint64;
  uptime: Uint64;
  load1: number;
  load5: number;
  load15: number;
  tcpConnCount: Uint64;
  udpConnCount: Uint64;
  processCount: Uint64;
  temperatures: readonly SensorTemperature[];
  gpu: readonly number[];
  gpus: readonly GPU[];
}

function readState(reader: WireReader): State {
  let cpu = 0;
  let memUsed: Uint64 = 0;
  let swapUsed: Uint64 = 0;
  let diskUsed: Uint64 = 0;
  let netInTransfer: Uint64 = 0;
  let netOutTransfer: Uint64 = 0;
  let netInSpeed: Uint64 = 0;
  let netOutSpeed: Uint64 = 0;
  let uptime: Uint64 = 0;
  let load1 = 0;
  let load5 = 0;
  let load15 = 0;
  let tcpConnCount: Uint64 = 0;
  let udpConnCount: Uint64 = 0;
  let processCount: Uint64 = 0;
  let temperatures: SensorTemperature[] | undefined = undefined;
  let gpu: number[] | undefined = undefined;
  let gpus: GPU[] | undefined = undefined;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 9:
        cpu = reader.double();
        break;
      case 16:
        memUsed = reader.uint64();
        break;
      case 24:
        swapUsed = reader.uint64();
        break;
      case 32:
        diskUsed = reader.uint64();
        break;
      case 40:
        netInTransfer = reader.uint64();
        break;
      case 48:
        netOutTransfer = reader.uint64();
        break;
      case 56:
        netInSpeed = reader.uint64();
        break;
      case 64:
        netOutSpeed = reader.uint64();
        break;
      case 72:
        uptime = reader.uint64();
        break;
      case 81:
        load1 = reader.double();
        break;
      case 89:
        load5 = reader.double();
        break;
      case 97:
        load15 = reader.double();
        break;
      case 104:
        tcpConnCount = reader.uint64();
        break;
      case 112:
        udpConnCount = reader.uint64();
        break;
      case 120:
        processCount = reader.uint64();
        break;
      case 130: {
        const outer = reader.enter();
        const item = readSensorTemperature(reader);
        temperatures ??= [];
        if (temperatures.length < MAX_REPEATED) temperatures.push(item);
        reader.leave(outer);
        break;
      }
      case 137: {
        const item = reader.double();
        gpu ??= [];
        if (gpu.length < MAX_REPEATED) gpu.push(item);
        break;
      }
      case 138: {
        const outer = reader.enter();
        gpu ??= [];
        while (reader.more()) {
          const item = reader.double();
          if (gpu.length < MAX_REPEATED) gpu.push(item);
        }
        reader.leave(outer);
        break;
      }
      case 146: {
        const outer = reader.enter();
        const item = readGPU(reader);
        gpus ??= [];
        if (gpus.length < MAX_REPEATED) gpus.push(item);
        reader.leave(outer);
        break;
      }
      default:
        reader.skip(tag);
    }
  }
  return {
    cpu,
    memUsed,
    swapUsed,
    diskUsed,
    netInTransfer,
    netOutTransfer,
    netInSpeed,
    netOutSpeed,
    uptime,
    load1,
    load5,
    load15,
    tcpConnCount,
    udpConnCount,
    processCount,
    temperatures: temperatures ?? NO_SENSORTEMPERATURES,
    gpu: gpu ?? NO_NUMBERS,
    gpus: gpus ?? NO_GPUS,
  };
}

function writeState(writer: WireWriter, message: Partial<State>): void {
  if (message.cpu !== undefined && !Object.is(message.cpu, 0)) {
    writer.uint64(9);
    writer.double(message.cpu);
  }
  if (message.memUsed !== undefined && message.memUsed !== 0) {
    writer.uint64(16);
    writer.uint64(message.memUsed);
  }
  if (message.swapUsed !== undefined && message.swapUsed !== 0) {
    writer.uint64(24);
    writer.uint64(message.swapUsed);
  }
  if (message.diskUsed !== undefined && message.diskUsed !== 0) {
    writer.uint64(32);
    writer.uint64(message.diskUsed);
  }
  if (message.netInTransfer !== undefined && message.netInTransfer !== 0) {
    writer.uint64(40);
    writer.uint64(message.netInTransfer);
  }
  if (message.netOutTransfer !== undefined && message.netOutTransfer !== 0) {
    writer.uint64(48);
    writer.uint64(message.netOutTransfer);
  }
  if (message.netInSpeed !== undefined && message.netInSpeed !== 0) {
    writer.uint64(56);
    writer.uint64(message.netInSpeed);
  }
  if (message.netOutSpeed !== undefined && message.netOutSpeed !== 0) {
    writer.uint64(64);
    writer.uint64(message.netOutSpeed);
  }
  if (message.uptime !== undefined && message.uptime !== 0) {
    writer.uint64(72);
    writer.uint64(message.uptime);
  }
  if (message.load1 !== undefined && !Object.is(message.load1, 0)) {
    writer.uint64(81);
    writer.double(message.load1);
  }
  if (message.load5 !== undefined && !Object.is(message.load5, 0)) {
    writer.uint64(89);
    writer.double(message.load5);
  }
  if (message.load15 !== undefined && !Object.is(message.load15, 0)) {
    writer.uint64(97);
    writer.double(message.load15);
  }
  if (message.tcpConnCount !== undefined && message.tcpConnCount !== 0) {
    writer.uint64(104);
    writer.uint64(message.tcpConnCount);
  }
  if (message.udpConnCount !== undefined && message.udpConnCount !== 0) {
    writer.uint64(112);
    writer.uint64(message.udpConnCount);
  }
  if (message.processCount !== undefined && message.processCount !== 0) {
    writer.uint64(120);
    writer.uint64(message.processCount);
  }
  for (const item of message.temperatures ?? []) {
    writer.uint64(130);
    const mark = writer.open();
    writeSensorTemperature(writer, item);
    writer.close(mark);
  }
  if (message.gpu !== undefined && message.gpu.length > 0) {
    writer.uint64(138);
    const mark = writer.open();
    for (const item of message.gpu) writer.double(item);
    writer.close(mark);
  }
  for (const item of message.gpus ?? []) {
    writer.uint64(146);
    const mark = writer.open();
    writeGPU(writer, item);
    writer.close(mark);
  }
}

/** @throws WireError */
export function decodeState(bytes: Uint8Array): State {
  return readState(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeState(message: Partial<State>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeState(writer, message);
  return writer.finish();
}

/** Utilization in percent, memory in MiB; a total of 0 is unknown. */
export interface GPU {
  utilization: number;
  memoryUsed: Uint64;
  memoryTotal: Uint64;
}

function readGPU(reader: WireReader): GPU {
  let utilization = 0;
  let memoryUsed: Uint64 = 0;
  let memoryTotal: Uint64 = 0;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 9:
        utilization = reader.double();
        break;
      case 16:
        memoryUsed = reader.uint64();
        break;
      case 24:
        memoryTotal = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    utilization,
    memoryUsed,
    memoryTotal,
  };
}

function writeGPU(writer: WireWriter, message: Partial<GPU>): void {
  if (message.utilization !== undefined && !Object.is(message.utilization, 0)) {
    writer.uint64(9);
    writer.double(message.utilization);
  }
  if (message.memoryUsed !== undefined && message.memoryUsed !== 0) {
    writer.uint64(16);
    writer.uint64(message.memoryUsed);
  }
  if (message.memoryTotal !== undefined && message.memoryTotal !== 0) {
    writer.uint64(24);
    writer.uint64(message.memoryTotal);
  }
}

/** @throws WireError */
export function decodeGPU(bytes: Uint8Array): GPU {
  return readGPU(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeGPU(message: Partial<GPU>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeGPU(writer, message);
  return writer.finish();
}

/** Temperature in degrees Celsius. */
export interface SensorTemperature {
  name: string;
  temperature: number;
}

function readSensorTemperature(reader: WireReader): SensorTemperature {
  let name = "";
  let temperature = 0;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        name = reader.string();
        break;
      case 17:
        temperature = reader.double();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    name,
    temperature,
  };
}

function writeSensorTemperature(writer: WireWriter, message: Partial<SensorTemperature>): void {
  if (message.name !== undefined && message.name !== "") {
    writer.uint64(10);
    writer.string(message.name);
  }
  if (message.temperature !== undefined && !Object.is(message.temperature, 0)) {
    writer.uint64(17);
    writer.double(message.temperature);
  }
}

/** @throws WireError */
export function decodeSensorTemperature(bytes: Uint8Array): SensorTemperature {
  return readSensorTemperature(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeSensorTemperature(message: Partial<SensorTemperature>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeSensorTemperature(writer, message);
  return writer.finish();
}

/** Order to an agent. The meaning of id and data depends on type. */
export interface Task {
  id: number;
  type: number;
  data: string;
}

function readTask(reader: WireReader): Task {
  let id = 0;
  let type = 0;
  let data = "";
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        id = reader.integer();
        break;
      case 16:
        type = reader.integer();
        break;
      case 26:
        data = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    id,
    type,
    data,
  };
}

function writeTask(writer: WireWriter, message: Partial<Task>): void {
  if (message.id !== undefined && message.id !== 0) {
    writer.uint64(8);
    writer.uint64(message.id);
  }
  if (message.type !== undefined && message.type !== 0) {
    writer.uint64(16);
    writer.uint64(message.type);
  }
  if (message.data !== undefined && message.data !== "") {
    writer.uint64(26);
    writer.string(message.data);
  }
}

/** @throws WireError */
export function decodeTask(bytes: Uint8Array): Task {
  return readTask(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeTask(message: Partial<Task>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeTask(writer, message);
  return writer.finish();
}

/** Answer to a Task. delay is in milliseconds for probes, in seconds for commands. */
export interface TaskResult {
  id: number;
  type: number;
  delay: number;
  data: string;
  successful: boolean;
}

function readTaskResult(reader: WireReader): TaskResult {
  let id = 0;
  let type = 0;
  let delay = 0;
  let data = "";
  let successful = false;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        id = reader.integer();
        break;
      case 16:
        type = reader.integer();
        break;
      case 29:
        delay = reader.float();
        break;
      case 34:
        data = reader.string();
        break;
      case 40:
        successful = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    id,
    type,
    delay,
    data,
    successful,
  };
}

function writeTaskResult(writer: WireWriter, message: Partial<TaskResult>): void {
  if (message.id !== undefined && message.id !== 0) {
    writer.uint64(8);
    writer.uint64(message.id);
  }
  if (message.type !== undefined && message.type !== 0) {
    writer.uint64(16);
    writer.uint64(message.type);
  }
  if (message.delay !== undefined && !Object.is(message.delay, 0)) {
    writer.uint64(29);
    writer.float(message.delay);
  }
  if (message.data !== undefined && message.data !== "") {
    writer.uint64(34);
    writer.string(message.data);
  }
  if (message.successful === true) {
    writer.uint64(40);
    writer.uint64(1);
  }
}

/** @throws WireError */
export function decodeTaskResult(bytes: Uint8Array): TaskResult {
  return readTaskResult(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeTaskResult(message: Partial<TaskResult>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeTaskResult(writer, message);
  return writer.finish();
}

export interface Receipt {
  proced: boolean;
}

function readReceipt(reader: WireReader): Receipt {
  let proced = false;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        proced = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    proced,
  };
}

function writeReceipt(writer: WireWriter, message: Partial<Receipt>): void {
  if (message.proced === true) {
    writer.uint64(8);
    writer.uint64(1);
  }
}

/** @throws WireError */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  return readReceipt(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeReceipt(message: Partial<Receipt>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeReceipt(writer, message);
  return writer.finish();
}

export interface Uint64Receipt {
  data: number;
}

function readUint64Receipt(reader: WireReader): Uint64Receipt {
  let data = 0;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        data = reader.integer();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    data,
  };
}

function writeUint64Receipt(writer: WireWriter, message: Partial<Uint64Receipt>): void {
  if (message.data !== undefined && message.data !== 0) {
    writer.uint64(8);
    writer.uint64(message.data);
  }
}

/** @throws WireError */
export function decodeUint64Receipt(bytes: Uint8Array): Uint64Receipt {
  return readUint64Receipt(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeUint64Receipt(message: Partial<Uint64Receipt>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeUint64Receipt(writer, message);
  return writer.finish();
}

export interface IOStreamData {
  data: Uint8Array;
}

function readIOStreamData(reader: WireReader): IOStreamData {
  let data: Uint8Array = NO_BYTES;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        data = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    data,
  };
}

function writeIOStreamData(writer: WireWriter, message: Partial<IOStreamData>): void {
  if (message.data !== undefined && message.data.length > 0) {
    writer.uint64(10);
    writer.bytes(message.data);
  }
}

/** @throws WireError */
export function decodeIOStreamData(bytes: Uint8Array): IOStreamData {
  return readIOStreamData(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeIOStreamData(message: Partial<IOStreamData>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeIOStreamData(writer, message);
  return writer.finish();
}

export interface GeoIP {
  use6: boolean;
  ip: IP | undefined;
  countryCode: string;
  dashboardBootTime: number;
}

function readGeoIP(reader: WireReader): GeoIP {
  let use6 = false;
  let ip: IP | undefined = undefined;
  let countryCode = "";
  let dashboardBootTime = 0;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        use6 = reader.bool();
        break;
      case 18: {
        const outer = reader.enter();
        ip = readIP(reader, ip);
        reader.leave(outer);
        break;
      }
      case 26:
        countryCode = reader.string();
        break;
      case 32:
        dashboardBootTime = reader.integer();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    use6,
    ip,
    countryCode,
    dashboardBootTime,
  };
}

function writeGeoIP(writer: WireWriter, message: Partial<GeoIP>): void {
  if (message.use6 === true) {
    writer.uint64(8);
    writer.uint64(1);
  }
  if (message.ip !== undefined) {
    const item = message.ip;
    writer.uint64(18);
    const mark = writer.open();
    writeIP(writer, item);
    writer.close(mark);
  }
  if (message.countryCode !== undefined && message.countryCode !== "") {
    writer.uint64(26);
    writer.string(message.countryCode);
  }
  if (message.dashboardBootTime !== undefined && message.dashboardBootTime !== 0) {
    writer.uint64(32);
    writer.uint64(message.dashboardBootTime);
  }
}

/** @throws WireError */
export function decodeGeoIP(bytes: Uint8Array): GeoIP {
  return readGeoIP(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeGeoIP(message: Partial<GeoIP>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeGeoIP(writer, message);
  return writer.finish();
}

export interface IP {
  ipv4: string;
  ipv6: string;
}

function readIP(reader: WireReader, earlier: IP | undefined): IP {
  let ipv4 = earlier?.ipv4 ?? "";
  let ipv6 = earlier?.ipv6 ?? "";
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        ipv4 = reader.string();
        break;
      case 18:
        ipv6 = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    ipv4,
    ipv6,
  };
}

function writeIP(writer: WireWriter, message: Partial<IP>): void {
  if (message.ipv4 !== undefined && message.ipv4 !== "") {
    writer.uint64(10);
    writer.string(message.ipv4);
  }
  if (message.ipv6 !== undefined && message.ipv6 !== "") {
    writer.uint64(18);
    writer.string(message.ipv6);
  }
}

/** @throws WireError */
export function decodeIP(bytes: Uint8Array): IP {
  return readIP(new WireReader(bytes), undefined);
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeIP(message: Partial<IP>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeIP(writer, message);
  return writer.finish();
}

/** Ours: what an agent measured while it could not reach its dashboard. Known to dashboards that announce "late-states". */
export interface LateStates {
  sentAt: number;
  states: readonly LateState[];
  remaining: number;
}

function readLateStates(reader: WireReader): LateStates {
  let sentAt = 0;
  let states: LateState[] | undefined = undefined;
  let remaining = 0;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        sentAt = reader.integer();
        break;
      case 18: {
        const outer = reader.enter();
        const item = readLateState(reader);
        states ??= [];
        if (states.length < MAX_REPEATED) states.push(item);
        reader.leave(outer);
        break;
      }
      case 24:
        remaining = reader.integer();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    sentAt,
    states: states ?? NO_LATESTATES,
    remaining,
  };
}

function writeLateStates(writer: WireWriter, message: Partial<LateStates>): void {
  if (message.sentAt !== undefined && message.sentAt !== 0) {
    writer.uint64(8);
    writer.uint64(message.sentAt);
  }
  for (const item of message.states ?? []) {
    writer.uint64(18);
    const mark = writer.open();
    writeLateState(writer, item);
    writer.close(mark);
  }
  if (message.remaining !== undefined && message.remaining !== 0) {
    writer.uint64(24);
    writer.uint64(message.remaining);
  }
}

/** @throws WireError */
export function decodeLateStates(bytes: Uint8Array): LateStates {
  return readLateStates(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeLateStates(message: Partial<LateStates>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeLateStates(writer, message);
  return writer.finish();
}

export interface LateState {
  at: number;
  state: Uint8Array;
}

function readLateState(reader: WireReader): LateState {
  let at = 0;
  let state: Uint8Array = NO_BYTES;
  while (reader.more()) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        at = reader.integer();
        break;
      case 18:
        state = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    at,
    state,
  };
}

function writeLateState(writer: WireWriter, message: Partial<LateState>): void {
  if (message.at !== undefined && message.at !== 0) {
    writer.uint64(8);
    writer.uint64(message.at);
  }
  if (message.state !== undefined && message.state.length > 0) {
    writer.uint64(18);
    writer.bytes(message.state);
  }
}

/** @throws WireError */
export function decodeLateState(bytes: Uint8Array): LateState {
  return readLateState(new WireReader(bytes));
}

/** Absent fields and zero values are left out. `headroom` bytes stay free in front. */
export function encodeLateState(message: Partial<LateState>, headroom = 0): Uint8Array {
  const writer = new WireWriter(headroom);
  writeLateState(writer, message);
  return writer.finish();
}
