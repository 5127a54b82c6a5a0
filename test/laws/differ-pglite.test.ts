import { differLaw } from "./differ.ts";

differLaw("pglite");
