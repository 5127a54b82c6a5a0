import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";

export const Users = createModuleBase("users");

export class User extends Users.Model("user", {
  id: field(z.int(), { primaryKey: true }),
  email: field(z.email().max(120), { unique: true }),
  name: field(z.string().max(80), { index: true }),
}) {}
