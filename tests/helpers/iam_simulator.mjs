// Reads simulations from stdin, one JSON list, and writes what is decided of each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { runSimulation } = createRequire(`${process.argv[2]}/`)("@cloud-copilot/iam-simulate");

const sids = (statements) => statements.map((statement) => statement.explain.identifier);

const decisions = [];
for (const simulation of JSON.parse(readFileSync(0, "utf8"))) {
  const response = await runSimulation(simulation, {});
  const analyses = response.results?.map((each) => each.analysis) ?? [response.result?.analysis];
  const levels = analyses.flatMap((each) => [
    ...(each?.scpAnalysis?.ouAnalysis ?? []),
    ...(each?.rcpAnalysis?.ouAnalysis ?? []),
  ]);
  decisions.push({
    error: response.errors ? JSON.stringify(response.errors) : null,
    result: response.overallResult ?? null,
    denied_by: [...new Set(levels.flatMap((level) => sids(level.denyStatements)))],
    // What the identity's own policies say, without what AWS refuses in any case.
    identity: analyses.map((each) => each?.identityAnalysis?.result),
    allowed_by: analyses.flatMap((each) => sids(each?.identityAnalysis?.allowStatements ?? [])),
  });
}
process.stdout.write(JSON.stringify(decisions));
