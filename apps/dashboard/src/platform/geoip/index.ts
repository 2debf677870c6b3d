export { createGeoIp } from "./geoip.ts";
export type { GeoIp, GeoIpDeps } from "./geoip.ts";
