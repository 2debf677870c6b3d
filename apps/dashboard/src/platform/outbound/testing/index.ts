export { selfSigned } from "./certificate.ts";
