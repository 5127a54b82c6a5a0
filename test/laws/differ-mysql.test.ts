import { differLaw } from "./differ.ts";

differLaw("mysql");
