import { differLaw } from "./differ.ts";

differLaw("mariadb");
