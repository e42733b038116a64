"""Which recommendations of the CIS Amazon Web Services Foundations Benchmark are about an organization and its people.

Ids as in the benchmark, which https://www.cisecurity.org/benchmark/amazon_web_services gives away, and titles that are
ours and short. The others are about what is inside an account. The list was read on 2026-11-26:
https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws/cis_7.0_aws.json
"""

from __future__ import annotations

from typing import Final

BENCHMARK: Final = "CIS Amazon Web Services Foundations Benchmark"
VERSION: Final = "7.0.0"

TITLES: Final = {
    "2.1.1": "Central management of root users",
    "2.1.2": "Guardrails on every member account",
    "2.1.3": "No workloads in the management account",
    "2.1.4": "Units by environment and sensitivity",
    "2.1.5": "Policies managed from a delegated account",
    "2.1.6": "Services managed from delegated accounts",
    "2.2": "Contact details up to date",
    "2.3": "Security contact set",
    "2.19": "People managed in one place",
    "2.20": "AWSCloudShellFullAccess restricted",
    "5.15": "Changes of the organization monitored",
}
"""What each is about, by its id, in the benchmark's order."""
