/** The command line for programs: `manage.ts` runs it after connecting handlers of its own. */
export { type ExitStatus, runCli } from "./cli/run.ts";
