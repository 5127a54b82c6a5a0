/** What a field is to Sessions. */
export type FieldRole = "tenant" | "deletedAt" | "deletedBy" | "createdBy" | "updatedBy";
