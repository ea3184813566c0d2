/**
 * @since 0.1.0
 */
export * as Alerter from "./Alerter.ts"
export * as AlertsConfig from "./AlertsConfig.ts"
export * as Delivery from "./Delivery.ts"
export * as Destination from "./Destination.ts"
export * as Incident from "./Incident.ts"
export * as PagerDuty from "./PagerDuty.ts"
export * as Routes from "./Routes.ts"
export * as Slack from "./Slack.ts"
export * as Stdout from "./Stdout.ts"
export * as Teams from "./Teams.ts"
export * as Webhook from "./Webhook.ts"
