/**
 * @since 0.1.0
 */
export * as Api from "./Api.ts"
export * as BigQueryError from "./BigQueryError.ts"
export * as DatabricksError from "./DatabricksError.ts"
export * as DiagnosisScenarios from "./DiagnosisScenarios.ts"
export * as FabricError from "./FabricError.ts"
export * as Faults from "./Faults.ts"
export * as Nights from "./Nights.ts"
export * as Scenario from "./Scenario.ts"
export * as SimulatedRun from "./SimulatedRun.ts"
export * as Simulator from "./Simulator.ts"
export * as SnowflakeError from "./SnowflakeError.ts"
