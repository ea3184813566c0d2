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

const described = <S extends Schema.Top>(schema: S, description: string) => optionally(schema.annotate({ description }))

/** What a route and a mute are about. All of it must hold. */
const matchFields = {
  environment: described(
    oneOrMany(id),
    "The environment: its id, or its name in report.names.environments. One or several. Default: every environment."
  ),
  job: described(
    oneOrMany(id),
    "The job: its id, or its name in any case, where * stands for any text. One or several. Default: every job."
  ),
  class: described(
    oneOrMany(CauseClass),
    "The class of the cause of failed runs. One or several. Default: every class."
  ),
  kind: described(oneOrMany(Kind), "What the incident is about. One or several. Default: every kind."),
  minSeverity: described(Severity, "The least severity. Default: info, which is every severity.")
}

const to = oneOrMany(destinationName)

/** A route: where messages of some incidents go. */
export const Route = Schema.Struct({
  ...matchFields,
  to: to.annotate({ description: "The names of the destinations: one or several." })
})

export interface Route extends Schema.Schema.Type<typeof Route> {}

/** A mute: incidents that nobody is told of until a date. */
export const Mute = Schema.Struct({
  ...matchFields,
  to: described(to, "The destinations that are not told. Default: all of them."),
  until: dateOrTime.annotate({
    description:
      "When the mute ends: the beginning of a date such as 2026-12-24, or a time such as 2026-12-24T09:00, in timeZone."
  }),
  reason: text.annotate({ description: "Why, for whoever reads the file later." })
})

export interface Mute extends Schema.Schema.Type<typeof Mute> {}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const

/** Hours in which messages are held back. */
export const QuietHours = Schema.Struct({
  days: described(oneOrMany(Schema.Literals(days)), "The days on which the hours begin. Default: every day."),
  from: timeOfDay.annotate({ description: "When the hours begin, such as 22:00, in timeZone." }),
  until: timeOfDay.annotate({
    description: "When they end, such as 07:00: on the next day if that is not after from. 24:00 is the end of the day."
  }),
  passes: described(Severity, "Incidents of this severity and above are told at once. Default: none are."),
  to: described(to, "The destinations that are not told meanwhile. Default: all of them.")
})

export interface QuietHours extends Schema.Schema.Type<typeof QuietHours> {}

const url = secret.annotate({ description: "The environment variable with the address, such as ${SLACK_WEBHOOK_URL}." })
const ofTests = described(secret, "The environment variable with another address, of a region or a test.")

/** Where incidents are told. `type` says which destination of this package it is. */
export const Destination = Schema.Union([
  Schema.Struct({ type: Schema.Literal("slackWebhook"), url }),
  Schema.Struct({
    type: Schema.Literal("slackBot"),
    token: secret.annotate({ description: "The environment variable with the bot's token, such as ${SLACK_TOKEN}." }),
    channel: text.annotate({ description: "The id of the channel, such as C024BE7LR." }),
    url: ofTests
  }),
  Schema.Struct({ type: Schema.Literal("teams"), url }),
  Schema.Struct({
    type: Schema.Literal("pagerDuty"),
    routingKey: secret.annotate({
      description: "The environment variable with the integration key, such as ${PAGERDUTY_ROUTING_KEY}."
    }),
    source: described(text, "Where the runs are, as an alert shows it. Default: coalesce-runs."),
    url: ofTests
  }),
  Schema.Struct({
    type: Schema.Literal("webhook"),
    url,
    secret: secret.annotate({
      description: "The environment variable with the key of the signature: whsec_ and base64."
    })
  }),
  Schema.Struct({ type: Schema.Literal("stdout") })
])

export type Destination = typeof Destination.Type

const names = Schema.Record(Schema.String, text)

/** The file. */
export const Config = Schema.Struct({
  version: Schema.Literal(version).annotate({ description: "The version of this file: 1." }),
  timeZone: timeZone.annotate({
    description: "The zone of quiet hours, mutes and all times in messages: an IANA name such as Europe/London, or UTC."
  }),
  environment: described(id, "Only the runs of this environment, by its id. Default: every environment."),
  project: described(id, "Only the runs of this project, by its id. Default: that of the connection."),
  job: described(id, "Only the runs of this job: its id, or its name in any case. Default: every job."),
  every: described(duration, "How long to wait between polls while a run has not ended. Default: 30 seconds."),
  details: described(
    Schema.Literals(["brief", "full"]),
    "brief leaves out SQL, values of rows and names of users. Default: brief."
  ),
  quiet: described(
    durationOrZero,
    "How long the first failure of a job is kept quiet, in case a retry makes it good. Default: learned for each job."
  ),
  updateEvery: described(duration, "The least time before the first update of an incident. Default: 15 minutes."),
  resolveAfter: described(
    durationOrZero,
    "How long after its last failure an incident is told as over, at the earliest, if its job runs often. Default: 1 hour."
  ),
  remindEvery: described(duration, "How long after its last message an incident is told again. Default: never."),
  report: optionally(
    Schema.Struct({
      names: optionally(
        Schema.Struct({
          environments: described(names, "Names of environments by their ids, such as \"3\": production.")
        })
      )
    }).annotate({ description: "How reports are worded." })
  ),
  health: optionally(
    Schema.Struct({
      every: described(duration, "How often the health of runs is checked. Default: 15 minutes."),
      since: described(
        text,
        "Which runs a check covers: a time, or a duration such as 12h. Default: those since the beginning of last night."
      )
    }).annotate({ description: "The checks that find late, missing and stuck runs, and failed tests." })
  ),
  heartbeat: described(
    secret,
    "The environment variable with an address that is called after each poll that went well. Default: none."
  ),
  failedPolls: described(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })).annotate({
      expected: "an integer from 1 to 1000"
    }),
    "After so many failed polls in succession the watch tells that it fails. Default: 5."
  ),
  destinations: Schema.Record(destinationName, Destination).annotate({
    description: "Where incidents are told, by a name of your choice."
  }),
  routes: described(Schema.Array(Route), "Which incidents go where: to the destinations of every route that matches."),
  default: described(
    Schema.Union([Schema.Literal("none"), to]).annotate({ expected: "the names of destinations, or none" }),
    "Where an incident goes that no route matches: the names of destinations, or none. Required beside routes."
  ),
  mute: described(Schema.Array(Mute), "Incidents that are not told until a date."),
  quietHours: described(Schema.Array(QuietHours), "Hours in which messages are held back until the hours end.")
}).annotate({ title: "alerts.yml", description: "Where the alerts of @coalesce-runs/alerts go, and when." })

export interface Config extends Schema.Schema.Type<typeof Config> {}
