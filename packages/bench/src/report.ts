/** Prints the figures as a table or as JSON. */
import { cpus } from "node:os"
import type { Measured } from "./measure.ts"

export interface Report {
  readonly name: string
  readonly title: string
  readonly measured: ReadonlyArray<Measured>
}

export const machine = () => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpus: cpus().length
})

const fixed = (value: number, digits = 2): string => value.toFixed(digits)

export const table = ({ measured, name, title }: Report): string => {
  const width = Math.max(...measured.map((variant) => variant.name.length))
  const lines = measured.map(({ aim, aimBeyond, beyond, figure, lower, name, ratio, unit, upper }, index) => {
    const spread = index === 0 ? "" : `${fixed(lower)} to ${fixed(upper)}`
    const goal = aim === undefined ? "" : `  aim ${aim}`
    const goalBeyond = aimBeyond === undefined ? "" : `  ${fixed(beyond)} ${unit} more, aim ${aimBeyond}`
    return `  ${name.padEnd(width)}  ${fixed(ratio).padStart(6)}  ${spread.padEnd(14)}  ${
      fixed(figure).padStart(8)
    } ${unit}${goal}${goalBeyond}`
  })
  return [`${name}: ${title}`, ...lines].join("\n")
}

export const json = (reports: ReadonlyArray<Report>): string =>
  JSON.stringify({ ...machine(), cases: reports }, undefined, 2)
