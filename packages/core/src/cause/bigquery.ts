/** BigQuery's sentences: its messages have no number of their own. */
import type { CauseClass } from "./causeClass.ts"

export const bigqueryWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /\bnot found: (?:table|dataset|project|job|model|routine|connection|function|files?|uri|view|reservation|bucket|snapshot)\b|(?:table|dataset) .{0,300} was not found in location|function not found: /i,
    "missingObjectOrGrant"
  ],
  [
    /\baccess denied: |user does not have .{0,200}permission|does not have (?:bigquery|storage|serviceusage)\.\S{1,80} (?:access|permission)|permission .{0,120} denied on|\bvpc service controls\b/i,
    "privilege"
  ],
  [
    /\bunrecognized name: |name \S{1,300} not found inside|column name .{0,200} is ambiguous|(?:column|field) name .{0,200} (?:is ambiguous|not found)|no such field|cannot access field|which is neither grouped nor aggregated|duplicate column names?/i,
    "invalidIdentifier"
  ],
  [/syntax error: /i, "syntax"],
  [
    /must match at most one source row|scalar subquery produced more than one element/i,
    "duplicateRow"
  ],
  [
    /\bbilling\b.{0,160}(?:disabled|not (?:been )?enabled|has not)|\bquota exceeded\b|exceeded (?:rate limits|quota)|custom quota exceeded|quotaexceeded|ratelimitexceeded|free tier|exceeded quota for|reservation .{0,100}(?:slots|capacity)|query exceeded (?:limit for bytes billed|resource limits)/i,
    "warehouseOrQuota"
  ],
  [
    /resources exceeded during query execution|response too large|query (?:is )?too (?:large|complex)|exceeded the maximum allowed|not enough resources for query planning|too many (?:partitions|tables|columns|subqueries)|request payload size exceeds|maximum unresolved query length|the query text is too long/i,
    "sizeLimit"
  ],
  [
    /could not serialize access to table|transaction is aborted due to concurrent update|concurrent transaction/i,
    "lock"
  ],
  [
    /bad (?:int64|double|float64|numeric|bool|date|datetime|timestamp|string) value|could not (?:cast|parse) |invalid (?:date|datetime|timestamp|time|json|int64|numeric|float|cast)\b|no matching signature for (?:function|operator)|has type \S{1,100} which cannot be (?:inserted|assigned)|invalid schema update|error while reading data|error detected while parsing|provided schema does not match|unparseable|failed to parse|input string .{0,200}doesn't match|overflow: |numeric overflow/i,
    "dataConversion"
  ],
  [/required field .{0,200}cannot be null|cannot be null; failed|missing required field/i, "constraint"],
  [
    /operation timed out|query execution timed out|job exceeded (?:its )?(?:timeout|time ?limit)|exceeded (?:the )?maximum (?:execution|wait) time/i,
    "timeout"
  ],
  [/job (?:execution )?was cancel|user requested cancellation|query was cancel/i, "canceled"],
  [/retrying the job may solve the problem|an internal error occurred|error encountered during execution/i, "internal"]
]
