import { z } from "zod";

const level = z.enum(["error", "warn", "info", "debug"]).meta({ description: "From the quietest to the loudest" });
const format = z.enum(["json", "text"]);

/** `GET /log`: what the dashboard writes of itself, and how. */
export const LogSettings = z.object({ level, format }).meta({ id: "LogSettings" });
export type LogSettings = z.output<typeof LogSettings>;

/** `PATCH /log`: what is left out stays. */
export const LogSettingsPatch = z.object({ level: level.optional(), format: format.optional() }).meta({ id: "LogSettingsPatch" });
export type LogSettingsPatch = z.output<typeof LogSettingsPatch>;
