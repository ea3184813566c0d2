/** What clients call arguments and values, in the names of the tools. */

/** Letters and digits alone: `environmentId`, `environment_id` and `Environment ID` are one. */
export const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")

/** What a word means, each meaning once. */
type Table = (word: string) => ReadonlyArray<string>

const table = (...rows: ReadonlyArray<readonly [meaning: string, words: string]>): Table => {
  const meanings = rows.map(([meaning, words]) => ({ meaning, words: words.split(" ") }))
  return (word) => meanings.flatMap(({ meaning, words }) => words.includes(letters(word)) ? [meaning] : [])
}

/** Other names of arguments. */
export const namesOf = table(
  ["runStatus", "status statuses state states runstate runstatuses outcome result"],
  ["runType", "type types runtypes kind"],
  ["runID", "run id runnumber runcounter runids link url runlink runurl"],
  ["jobID", "job jobs jobname jobids jobnames"],
  ["environmentID", "env environment environments envid envname environmentname environmentids"],
  ["timeZone", "tz zone tzname timezonename"],
  ["window", "period range timerange timewindow timeframe timeperiod interval when date day"],
  ["since", "from start starttime startdate begin after startedafter fromdate datefrom"],
  ["until", "to till end endtime enddate before startedbefore todate dateto"],
  ["limit", "max count size pagesize n top maxresults maxruns maxitems"],
  ["startingFrom", "cursor next nextcursor pagetoken nextpagetoken resumefrom"],
  ["orderBy", "sort sortby order"],
  ["orderByDirection", "direction dir sortorder sortdirection orderdirection"],
  ["groupBy", "group by groupedby breakdown"],
  ["detail", "details detailed verbose withdetails includedetails"],
  ["node", "nodes nodename nodeid nodepattern"],
  ["compareWith", "compare compareto comparedwith against versus"]
)

/** Objects that only hold arguments. */
export const wrappers: ReadonlySet<string> = new Set([
  "arguments",
  "args",
  "input",
  "params",
  "filter",
  "filters",
  "query"
])

/** Other words for values. A value is taken only where the argument has it. */
export const valuesOf = table(
  ["canceled", "cancelled cancel aborted stopped"],
  ["completed", "complete success successful succeeded ok passed done"],
  ["failed", "fail failure failures error errored errors"],
  ["running", "inprogress active executing ongoing"],
  ["waitingToRun", "waiting queued pending scheduled"],
  ["refresh", "refreshes jobrun jobruns"],
  ["deploy", "deploys deployment deployments"],
  ["last_night", "overnight nightly thelastnight"],
  ["desc", "descending newest newestfirst latestfirst newesttooldest"],
  ["asc", "ascending oldest oldestfirst earliestfirst oldesttonewest"],
  ["runStartTime", "starttime start started startedat starttimes"],
  ["runEndTime", "endtime end ended endedat finished finishedat"],
  ["id", "runid ids"],
  ["job", "jobs jobid jobname"],
  ["environment", "environments env environmentid"],
  ["day", "days daily date dates"],
  ["hour", "hours hourly"],
  ["week", "weeks weekly"],
  ["type", "types runtype"],
  ["node", "nodes nodename"],
  ["cause", "causes reason reasons error errors"],
  ["user", "users userid"],
  ["last_success", "lastsuccess lastgood lastgoodrun lastsuccessful lastsuccessfulrun previoussuccess"],
  ["none", "nothing no false"]
)
