/**
 * @since 0.1.0
 */
export * as Server from "./server.ts"
