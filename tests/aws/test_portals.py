"""What is an address of an AWS access portal, and what only looks like one."""

from __future__ import annotations

import pytest

from org_constructs.aws.portals import is_portal


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.awsapps.com/start",
        "https://ACME.AWSAPPS.COM/start/#/",
        "https://d-1111222233.awsapps.com./start",
        "https://start.us-gov-home.awsapps.com/directory/d-1111222233",
        "https://start.us-gov-east-1.us-gov-home.awsapps.com/directory/acme",
        "https://start.home.awsapps.cn/directory/acme",
        "https://ssoins-1111222233334444.us-east-1.portal.amazonaws.com",
        "https://ssoins-1111222233334444.cn-north-1.portal.amazonaws.com.cn",
        "https://ssoins-1111222233334444.eusc-de-east-1.portal.amazonaws.eu",
        "https://ssoins-1111222233334444.portal.us-gov-west-1.app.aws",
        "https://ssoins-1111222233334444.portal.cn-north-1.app.amazonwebservices.com.cn",
        "https://ssoins-1111222233334444.portal.eusc-de-east-1.api.amazonwebservices.eu",
        "https://identitycenter.amazonaws.com/ssoins-1111222233334444",
    ],
)
def test_knows_the_portals_of_all_partitions(url: str) -> None:
    assert is_portal(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.awsapps.com.example.org/start",
        "https://acme-awsapps.com/start",
        "https://awsapps.com/start",
        "https://example.org/acme.awsapps.com",
        "https://acme.awsapps.com@example.org/start",
        "https://acme.awsapps.org/start",
        "https://xawsapps.com/start",
        "https://ssoins-1111222233334444.sagemaker.us-east-1.app.aws",
        "https://bucket.s3.amazonaws.com/start",
        "https://portal.amazonaws.com",
        "https://identitycenter.amazonaws.com.example.org",
        "https:///start",
        "",
    ],
)
def test_takes_nothing_else_for_one(url: str) -> None:
    assert not is_portal(url)
