import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync("database.db");
const rows = database
  .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'athanor%'")
  .all();
for (const { sql } of rows) console.log(`${sql};`);
database.close();
