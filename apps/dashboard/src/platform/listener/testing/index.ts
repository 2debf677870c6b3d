export { FIRST, SECOND } from "../certificates.fixture.ts";
