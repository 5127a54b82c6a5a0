import { differLaw } from "./differ.ts";

differLaw("sqlite");
