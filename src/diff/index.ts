export { diff } from "./diff.ts";
export { type RenameCandidate, renameCandidates } from "./rename-candidates.ts";
export type { Rename } from "./renames.ts";
