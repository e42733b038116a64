// The CDK CLI, loaded once: a line of JSON says what to run, a line of JSON what came of it.
"use strict";

const { exec } = require(process.argv[2]);
const lines = require("node:readline").createInterface({ input: process.stdin });
const answer = process.stdout.write.bind(process.stdout);

async function run({ command, folder, environment }) {
  let said = "";
  process.stdout.write = process.stderr.write = (text) => {
    said += text;
    return true;
  };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
  process.argv = [process.argv[0], "cdk", ...command];
  process.exitCode = 0;
  let code;
  try {
    code = await exec(command);
  } catch (error) {
    code = 1;
    said += error.stack;
  }
  return { code: code ?? process.exitCode, said };
}

(async () => {
  for await (const line of lines) answer(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
})();
