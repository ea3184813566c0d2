/** Describes `alerts.yml`. Public: `AlertsConfig` exports `Config`. Descriptions are what an editor shows. */
import { CauseClass } from "@coalesce-runs/core/FailureCause"
import * as Schema from "effect/Schema"
import { Kind, Severity } from "../Incident.ts"
import {
  dateOrTime,
  destinationName,
  duration,
  durationOrZero,
  id,
  oneOrMany,
  secret,
  text,
  timeOfDay,
  timeZone
} from "./values.ts"

const optionally = Schema.optionalKey

/** The version of the file. */
export const version = 1

/** A field with the text that editors show. They see what stands in the file, so that is what has it. */
const described = <S extends Schema.Top>(schema: S, description: string): S["Rebuild"] =>
  schema.pipe(Schema.annotateEncoded({ description }))

const optional = <S extends Schema.Top>(schema: S, description: string) => optionally(described(schema, description))

/** What a route and a mute are about. All of it must hold. */
const matchFields = {
  environment: optional(
    oneOrMany(id),
    "The environment: its id, or its name in report.names.environments. One or several. Default: every environment."
  ),
  job: optional(
    oneOrMany(id),
    "The job: its id, or its name in any case, where * stands for any text. One or several. Default: every job."
  ),
  class: optional(
    oneOrMany(CauseClass),
    "The class of the cause of failed runs. One or several. Default: every class."
  ),
  kind: optional(oneOrMany(Kind), "What the incident is about. One or several. Default: every kind."),
  minSeverity: optional(Severity, "The least severity. Default: info, which is every severity.")
}

const to = oneOrMany(destinationName)

/** A route: where messages of some incidents go. */
export const Route = Schema.Struct({
  ...matchFields,
  to: described(to, "The names of the destinations: one or several.")
})

export interface Route extends Schema.Schema.Type<typeof Route> {}

/** A mute: incidents that nobody is told of until a date. */
export const Mute = Schema.Struct({
  ...matchFields,
  to: optional(to, "The destinations that are not told. Default: all of them."),
  until: described(
    dateOrTime,
    "When the mute ends: the beginning of a date such as 2026-12-24, or a time such as 2026-12-24T09:00, in timeZone."
  ),
  reason: described(text, "Why, for whoever reads the file later.")
})

export interface Mute extends Schema.Schema.Type<typeof Mute> {}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const

/** Hours in which messages are held back. */
export const QuietHours = Schema.Struct({
  days: optional(oneOrMany(Schema.Literals(days)), "The days on which the hours begin. Default: every day."),
  from: described(timeOfDay, "When the hours begin, such as 22:00, in timeZone."),
  until: described(
    timeOfDay,
    "When they end, such as 07:00: on the next day if that is not after from. 24:00 is the end of the day."
  ),
  passes: optional(Severity, "Incidents of this severity and above are told at once. Default: none are."),
  to: optional(to, "The destinations that are not told meanwhile. Default: all of them.")
})

export interface QuietHours extends Schema.Schema.Type<typeof QuietHours> {}

const url = described(secret, "The environment variable with the address, such as ${SLACK_WEBHOOK_URL}.")
const ofTests = optional(secret, "The environment variable with another address, of a region or a test.")

/** Where incidents are told. `type` says which destination of this package it is. */
export const Destination = Schema.Union([
  Schema.Struct({ type: Schema.Literal("slackWebhook"), url }),
  Schema.Struct({
    type: Schema.Literal("slackBot"),
    token: described(secret, "The environment variable with the bot's token, such as ${SLACK_TOKEN}."),
    channel: described(text, "The id of the channel, such as C024BE7LR."),
    url: ofTests
  }),
  Schema.Struct({ type: Schema.Literal("teams"), url }),
  Schema.Struct({
    type: Schema.Literal("pagerDuty"),
    routingKey: described(
      secret,
      "The environment variable with the integration key, such as ${PAGERDUTY_ROUTING_KEY}."
    ),
    source: optional(text, "Where the runs are, as an alert shows it. Default: coalesce-runs."),
    url: ofTests
  }),
  Schema.Struct({
    type: Schema.Literal("webhook"),
    url,
    secret: described(secret, "The environment variable with the key of the signature: whsec_ and base64.")
  }),
  Schema.Struct({ type: Schema.Literal("stdout") })
])

export type Destination = typeof Destination.Type

const names = Schema.Record(Schema.String, text)

/** The file. */
export const Config = Schema.Struct({
  version: described(Schema.Literal(version), "The version of this file: 1."),
  timeZone: described(
    timeZone,
    "The zone of quiet hours, mutes and all times in messages: an IANA name such as Europe/London, or UTC."
  ),
  environment: optional(id, "Only the runs of this environment, by its id. Default: every environment."),
  project: optional(id, "Only the runs of this project, by its id. Default: that of the connection."),
  job: optional(id, "Only the runs of this job: its id, or its name in any case. Default: every job."),
  every: optional(duration, "How long to wait between polls while a run has not ended. Default: 30 seconds."),
  details: optional(
    Schema.Literals(["brief", "full"]),
    "brief leaves out SQL, values of rows and names of users. Default: brief."
  ),
  quiet: optional(
    durationOrZero,
    "How long the first failure of a job is kept quiet, in case a retry makes it good. Default: learned for each job."
  ),
  updateEvery: optional(duration, "The least time before the first update of an incident. Default: 15 minutes."),
  resolveAfter: optional(
    durationOrZero,
    "How long after its last failure an incident is told as over, at the earliest, if its job runs often. Default: 1 hour."
  ),
  remindEvery: optional(duration, "How long after its last message an incident is told again. Default: never."),
  report: optional(
    Schema.Struct({
      names: optional(
        Schema.Struct({
          environments: optional(names, "Names of environments by their ids, such as \"3\": production.")
        }),
        "Names in place of ids."
      )
    }),
    "How reports are worded."
  ),
  health: optional(
    Schema.Struct({
      every: optional(duration, "How often the health of runs is checked. Default: 15 minutes."),
      since: optional(
        text,
        "Which runs a check covers: a time, or a duration such as 12h. Default: those since the beginning of last night."
      )
    }),
    "The checks that find late, missing and stuck runs, and failed tests."
  ),
  heartbeat: optional(
    secret,
    "The environment variable with an address that is called after each poll that went well. Default: none."
  ),
  failedPolls: optional(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })).annotate({
      expected: "an integer from 1 to 1000"
    }),
    "After so many failed polls in succession the watch tells that it fails. Default: 5."
  ),
  destinations: described(
    Schema.Record(destinationName, Destination),
    "Where incidents are told, by a name of your choice."
  ),
  routes: optional(Schema.Array(Route), "Which incidents go where: to the destinations of every route that matches."),
  default: optional(
    Schema.Union([Schema.Literal("none"), to]).annotate({ expected: "the names of destinations, or none" }),
    "Where an incident goes that no route matches: the names of destinations, or none. Required beside routes."
  ),
  mute: optional(Schema.Array(Mute), "Incidents that are not told until a date."),
  quietHours: optional(Schema.Array(QuietHours), "Hours in which messages are held back until the hours end.")
}).annotate({ title: "alerts.yml", description: "Where the alerts of @coalesce-runs/alerts go, and when." })

export interface Config extends Schema.Schema.Type<typeof Config> {}
