/**
 * Defines the detailed page in zod. It accepts less than our schemas do (no ids as text, no blank for an absent field), so it
 * is faster than an equal schema would be.
 */
import * as z from "zod"

const text = z.string().min(1).nullish()
const int = z.int().nullish()

const page = <Time extends z.ZodType>(time: Time) => {
  const common = {
    id: z.int(),
    runStatus: z.string().min(1),
    reRunID: z.string().regex(/^\d+$/).nullish(),
    runStartTime: time.nullish(),
    runEndTime: time.nullish(),
    runHistory: z.array(z.int()).nullish(),
    runTimeParameters: z.record(z.string(), z.unknown()).nullish(),
    userCredentials: z.object({
      snowflakeAccount: text,
      snowflakeAuthType: text,
      snowflakeUsername: text,
      snowflakeRole: text,
      snowflakeWarehouse: text
    }).nullish(),
    userID: text,
    version: int
  }
  const deploy = z.object({
    ...common,
    runType: z.literal("deploy"),
    runDetails: z.object({
      environmentID: text,
      canceled: z.boolean().nullish(),
      deployCommit: text,
      deployCommitMessage: text,
      parallelism: int,
      nodesInRun: int
    })
  })
  const refresh = z.object({
    ...common,
    runType: z.literal("refresh"),
    runDetails: z.object({
      environmentID: text,
      canceled: z.boolean().nullish(),
      jobID: int,
      jobName: text,
      refreshDescription: text,
      includeNodesSelector: text,
      excludeNodesSelector: text,
      parallelism: int,
      nodesForRefresh: int,
      nodesInRun: int,
      forceIgnoreEnvironmentStatus: z.boolean().nullish()
    })
  })
  return z.object({ data: z.array(z.discriminatedUnion("runType", [deploy, refresh])) })
}

const isoTime = z.iso.datetime({ offset: true })

export const pageWithTexts = page(isoTime)

export const pageWithDates = page(isoTime.transform((text) => new Date(text)))
