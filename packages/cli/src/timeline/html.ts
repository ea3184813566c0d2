/** Makes the page of a timeline: one file with the pictures, and a table of the same facts. It runs no script. */
import type * as RunTimeline from "@coalesce-runs/core/RunTimeline"
import { createHash } from "node:crypto"
import { escaped } from "./escape.ts"
import { htmlStyle } from "./style.ts"
import { pictures } from "./svg.ts"

/** Nothing is loaded and nothing runs: the only style is this one. */
const policy = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(htmlStyle).digest("base64")
}'; base-uri 'none'; form-action 'none'`

const item = (run: RunTimeline.TimelineRun, said: string): string => {
  const text = escaped(said)
  return `<li${run.runStatus === "failed" ? ` class="s-failed"` : ""}>${
    run.runLink === undefined ? text : `<a href="${escaped(run.runLink)}" rel="noreferrer">${text}</a>`
  }</li>`
}

const list = (
  runs: ReadonlyArray<RunTimeline.TimelineRun>,
  said: ReadonlyArray<string>,
  more: number,
  none: string
): string =>
  runs.length + more === 0
    ? none
    : `<ul>${runs.map((run, index) => item(run, said[index] ?? "")).join("")}${
      more === 0 ? "" : `<li>and ${more} more</li>`
    }</ul>`

const jobRow = (job: RunTimeline.TimelineJob, words: RunTimeline.JobWords): string =>
  `<tr><th scope="row">${escaped(words.title)}</th><td>${
    list(job.runs, words.runs, job.more, escaped(words.said))
  }</td><td${words.usual === undefined ? ">not known" : ` class="usually">${escaped(words.usual)}`}</td></tr>`

/** Makes the page. */
export const toHtml = (timeline: RunTimeline.Timeline, words: RunTimeline.TimelineWords): string => {
  const { deploys, jobs, more } = timeline
  const rows = jobs.flatMap((job, index) => {
    const jobWords = words.jobs[index]
    return jobWords === undefined ? [] : [jobRow(job, jobWords)]
  })
  const [title = "", ...rest] = words.headline.split(": ")
  const hasTitle = rest.length > 0 && title.length < 20
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(hasTitle ? `${title} in Coalesce` : "Runs in Coalesce")}</title>
<style>${htmlStyle}</style>
</head>
<body>
<a class="skip" href="#runs">Skip to the table of runs</a>
<main>
<h1>${escaped(hasTitle ? `${title} in Coalesce` : "Runs in Coalesce")}</h1>
<p>${escaped(hasTitle ? rest.join(": ") : words.headline)}</p>
${words.notes.map((line) => `<p class="note">${escaped(line)}</p>`).join("\n")}
${
    pictures(timeline, words).map((picture, index) =>
      `<figure tabindex="0" aria-label="Timeline${index === 0 ? "" : `, page ${index + 1}`}">${picture}</figure>`
    ).join("\n")
  }
<h2 id="runs">Runs by job</h2>
<table>
<thead><tr><th scope="col">Job</th><th scope="col">Runs</th><th scope="col">Usually</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
<h2>Deploys</h2>
${list(deploys, words.deploys, more.deploys, "<p>No deploy in this window.</p>")}
</main>
</body>
</html>
`
}
