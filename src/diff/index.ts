export { diff, type Rename } from "./diff.ts";
export { type RenameCandidate, renameCandidates } from "./rename-candidates.ts";
