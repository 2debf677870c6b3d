import type { SensorTemperature } from "@windfire/protocol";
import { basename, dirname } from "node:path";

/** Files as the sensors need them; a driver may take its time, so nothing waits in the event loop. */
export interface SensorFiles {
  /** Undefined when the file cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** None when the folder cannot be read. */
  names(path: string): Promise<readonly string[]>;
}

const INPUT = /^temp\d+_input$/;
const MILLIDEGREES = 1000;
const IGNORED_NAMES = new Set(["PMU tcal", "noname"]);
/** Sensors kept; the dashboard takes no more. */
const MAX_SENSORS = 256;

/** All sensors in °C: `hwmon` ones, else thermal zones (spec 21 section 4.7). */
export async function readTemperatures(files: SensorFiles, sys: string): Promise<SensorTemperature[]> {
  const inputs = await hwmonInputs(files, `${sys}/class/hwmon`);
  const read = inputs.length > 0 ? inputs.map((input) => readInput(files, input)) : await thermalZones(files, `${sys}/class/thermal`);
  return keptSensors((await Promise.all(read)).filter((sensor) => sensor !== undefined));
}

/** Hotter than silicon survives: an input that nothing is connected to. */
const MAX_DEGREES = 125;

/** Sensors above 0 °C, and not absurdly so, with a real name, in the order of their names. */
export function keptSensors(sensors: readonly SensorTemperature[]): SensorTemperature[] {
  return sensors
    .filter(({ name, temperature }) => temperature > 0 && temperature <= MAX_DEGREES && !IGNORED_NAMES.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    .slice(0, MAX_SENSORS);
}

async function hwmonInputs(files: SensorFiles, root: string): Promise<string[]> {
  const folders = (await files.names(root)).filter((name) => name.startsWith("hwmon")).toSorted();
  const found = await Promise.all(
    folders.map(async (folder) => {
      const direct = await inputsIn(files, `${root}/${folder}`);
      return direct.length > 0 ? direct : inputsIn(files, `${root}/${folder}/device`);
    }),
  );
  return found.flat();
}

async function inputsIn(files: SensorFiles, folder: string): Promise<string[]> {
  return (await files.names(folder)).filter((name) => INPUT.test(name)).map((name) => `${folder}/${name}`);
}

async function readInput(files: SensorFiles, path: string): Promise<SensorTemperature | undefined> {
  const label = path.replace(/_input$/, "_label");
  const [value, chip, sensor] = await Promise.all([files.text(path), files.text(`${dirname(path)}/name`), files.text(label)]);
  const temperature = degrees(value);
  if (temperature === undefined) return undefined;
  const suffix = sensor?.trim().toLowerCase().replaceAll(" ", "_") ?? "";
  const name = chip?.trim() || basename(dirname(path));
  return { name: suffix === "" ? name : `${name}_${suffix}`, temperature };
}

async function thermalZones(files: SensorFiles, root: string): Promise<Promise<SensorTemperature | undefined>[]> {
  const zones = (await files.names(root)).filter((name) => name.startsWith("thermal_zone"));
  return zones.map(async (zone) => {
    const [type, value] = await Promise.all([files.text(`${root}/${zone}/type`), files.text(`${root}/${zone}/temp`)]);
    const temperature = degrees(value);
    return temperature === undefined || type === undefined ? undefined : { name: type.trim(), temperature };
  });
}

function degrees(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value / MILLIDEGREES : undefined;
}
