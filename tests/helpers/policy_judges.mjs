// Reads pairs of a kind and a policy from stdin, one JSON list, and writes whether each is refused.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const library = createRequire(`${process.argv[2]}/`)("@cloud-copilot/iam-policy");
const validate = {
  INLINE_POLICY: library.validateIdentityPolicy,
  SERVICE_CONTROL_POLICY: library.validateServiceControlPolicy,
  RESOURCE_CONTROL_POLICY: library.validateResourceControlPolicy,
};

const pairs = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(pairs.map(([kind, policy]) => validate[kind](policy).length > 0)));
