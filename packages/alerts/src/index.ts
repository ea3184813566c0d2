/**
 * @since 0.1.0
 */
export * as Incident from "./Incident.ts"
