/** Preloaded by `npm test`: every generated test of the run begins with the seed of `LAW_SEED`. */
import fc from "fast-check";

const seed = process.env["LAW_SEED"];
if (seed !== undefined && seed !== "") fc.configureGlobal({ seed: Number(seed) });
