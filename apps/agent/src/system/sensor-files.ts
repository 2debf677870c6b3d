import { readdir, readFile } from "node:fs";
import type { SensorFiles } from "../collect/linux/temperature.ts";

export const sensorFiles: SensorFiles = {
  text: (path) => new Promise((resolve) => readFile(path, "utf8", (error, text) => resolve(error === null ? text : undefined))),
  names: (path) => new Promise((resolve) => readdir(path, (error, names) => resolve(error === null ? names : []))),
};
