"""Where the pages of consoles and portals are, and that nothing else is taken for one."""

from __future__ import annotations

import pytest

from org_constructs.aws.consoles import console, portal


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("eu-central-9", "eu-central-9.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ("eusc-de-east-1", "eusc-de-east-1.console.amazonaws-eusc.eu"),
    ],
)
def test_each_partition_has_its_console(region: str, domain: str) -> None:
    assert console(region, "singlesignon/home") == f"https://{domain}/singlesignon/home"


@pytest.mark.parametrize("region", [None, "", "us-iso-east-1", "evil.example/#", "eu-centrl-1", "eu-west-1.evil"])
def test_nothing_else_has_one(region: str | None) -> None:
    assert console(region, "home") == ""


@pytest.mark.parametrize(
    ("start_url", "address"),
    [
        ("https://acme.awsapps.com/start", "https://acme.awsapps.com/start"),
        ("https://acme.awsapps.com/start/#/", "https://acme.awsapps.com/start"),
        (
            "https://start.us-gov-home.awsapps.com/directory/acme",
            "https://start.us-gov-home.awsapps.com/directory/acme",
        ),
        ("https://ssoins-1.portal.eu-west-1.app.aws", "https://ssoins-1.portal.eu-west-1.app.aws"),
        ("https://acme.awsapps.com/a b\"'<", "https://acme.awsapps.com/a%20b%22%27%3C"),
    ],
)
def test_a_portal_is_at_its_start_url(start_url: str, address: str) -> None:
    assert portal(start_url) == address


@pytest.mark.parametrize(
    "start_url",
    [
        None,
        "",
        "http://acme.awsapps.com/start",
        "javascript://acme.awsapps.com/%0aalert(1)",
        "https://acme.awsapps.com.evil.example/start",
        "https://evil.example@acme.awsapps.com/start",
        "https://acme.awsapps.com:8443/start",
        "//acme.awsapps.com/start",
        "https://[acme.awsapps.com/start",
    ],
)
def test_nothing_else_is_a_portal(start_url: str | None) -> None:
    assert portal(start_url) == ""
