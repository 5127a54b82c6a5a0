export {
  createModuleBase,
  forgetModules,
  type ModuleBase,
  type ModuleBaseOptions,
  type ModuleNaming,
  moduleBases,
} from "./base.ts";
export { defineModule, isModuleDefinition, type ModuleDefinition, type ModuleMeta } from "./definition.ts";
export { type IncludeObjectOptions, makeIncludeObject, type OwnedObject } from "./include-object.ts";
export { demandModuleName, moduleNameProblem } from "./name.ts";
export { type Ordered, orderModules } from "./order.ts";
export { DatabaseProvider, placeFor } from "./provider.ts";
export { inRange } from "./version.ts";
