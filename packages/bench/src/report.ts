/** Prints the figures as a table or as JSON. */
import { cpus } from "node:os"
import type { Measured } from "./measure.ts"

export interface Report {
  readonly name: string
  readonly title: string
  readonly notes?: ReadonlyArray<string>
  /** The first is the baseline. */
  readonly variants: ReadonlyArray<Measured>
}

export const machine = () => ({
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  cpus: cpus().length
})

const fixed = (value: number, digits = 2): string => value.toFixed(digits)

const line = ({ aim, aimBeyond, beyond, figure, met, name, ratio, unit }: Measured, index: number, width: number) => {
  const spread = index === 0 ? "" : `${fixed(ratio.p25)} to ${fixed(ratio.p75)}`
  const goal = aim === undefined ? "" : `  aim ${aim}`
  const goalBeyond = aimBeyond === undefined ? "" : `  ${fixed(beyond)} ${unit} more, aim ${aimBeyond}`
  const missed = met === false ? ", not met" : ""
  return `  ${name.padEnd(width)}  ${fixed(ratio.p50).padStart(6)}  ${spread.padEnd(14)}  ${
    fixed(figure.p50).padStart(8)
  } ${unit}${goal}${goalBeyond}${missed}`
}

export const table = ({ name, notes = [], title, variants }: Report): string => {
  const width = Math.max(...variants.map((variant) => variant.name.length))
  return [
    `${name}: ${title}`,
    ...notes.map((note) => `    ${note}`),
    ...variants.map((variant, index) => line(variant, index, width))
  ].join("\n")
}

export const json = (reports: ReadonlyArray<Report>): string =>
  `${JSON.stringify({ ...machine(), cases: reports }, undefined, 2)}\n`
