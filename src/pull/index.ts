export type { PulledFile } from "./files.ts";
export { type PullOptions, pullModels } from "./pull.ts";
export type { Layout } from "./shape-models.ts";
