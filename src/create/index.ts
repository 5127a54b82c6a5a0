export { createAll, type Database, dropAll } from "./create.ts";
