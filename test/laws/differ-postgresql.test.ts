import { differLaw } from "./differ.ts";

differLaw("postgresql");
