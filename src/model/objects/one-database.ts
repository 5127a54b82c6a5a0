/** Kinds of objects that one database alone has are for that one, unless somebody says otherwise. */
export const owners = {
  policies: "postgresql",
  types: "postgresql",
  parts: "postgresql",
  events: "mysql",
  virtualTables: "sqlite",
} as const;
