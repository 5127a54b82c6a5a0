export { checks, type DoctorDocument, type ExamineOptions, examine } from "./examine.ts";
export type { Check, Finding, Need, Severity } from "./finding.ts";
export type { DoctorDatabase, DoctorInput, DoctorModels, Trouble } from "./input.ts";
