export { type Discovered, type DiscoverOptions, discover } from "./discover.ts";
export { demandImported } from "./unimported.ts";
