import pytest

from org_constructs.rehearsal.deploy_progress import show

STACK = "AWS::CloudFormation::Stack             "
ACCOUNT = "AWS::Organizations::Account            "


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            f"OrgBaseline |  3/14 | 7:31:09 AM | CREATE_COMPLETE         | {ACCOUNT} | Accounts/dev (Dev8CA4B6D2) ",
            "  created      Accounts/dev  AWS::Organizations::Account\n",
        ),
        (
            f"OrgBaseline | 13/14 | 11:31:09 PM | DELETE_SKIPPED          | {ACCOUNT} | Dev ",
            "  kept         Dev  AWS::Organizations::Account\n",
        ),
        (
            f"OrgBaseline |  4/14 | 7:31:09 AM | CREATE_FAILED           | {ACCOUNT} | Dev (Dev) It (and more) failed",
            "  failed       Dev  AWS::Organizations::Account  It (and more) failed\n",
        ),
        (
            f"OrgBaseline |  9/14 | 7:31:09 AM | ROLLBACK_COMPLETE       | {STACK} | OrgBaseline ",
            "  rolled back  OrgBaseline  AWS::CloudFormation::Stack\n",
        ),
        ("Outputs:", "  Outputs:\n"),
        ("❌  OrgBaseline failed to deploy", "  ❌  OrgBaseline failed to deploy\n"),
    ],
    ids=["created", "kept", "failed", "rolled_back", "outputs", "error"],
)
def test_shows_what_has_come_to_an_end_and_what_the_cli_says(
    capsys: pytest.CaptureFixture[str], line: str, shown: str
) -> None:
    show(line)
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(
    "line",
    [
        f"OrgBaseline |  2/14 | 7:31:09 AM | CREATE_IN_PROGRESS      | {ACCOUNT} | Dev ",
        f"OrgBaseline | 14/14 | 7:31:09 AM | CREATE_COMPLETE         | {STACK} | OrgBaseline ",
        f"OrgBaseline | 7:31:09 AM | CREATE_FAILED           | {ACCOUNT} | Dev once more at the end",
        "OrgBaseline |  1/14 | 7:31:09 AM | CREATE_COMPLETE         | AWS::CDK::Metadata | CDKMetadata/Default ",
        "OrgBaseline: deploying... [1/1]",
        "OrgBaseline: start: Publishing OrgBaseline Template (111122223333-us-east-1-ebc1d256)",
        "[100%] success: Published 50a617953ea01d89be706b48fb9c6aee9abcb141a4efcd4d472b891f43980f1e:current",
        "✨  Deployment time: 0.05s",
        "arn:aws:cloudformation:us-east-1:111122223333:stack/OrgBaseline/c4413011-b2fe-49f6-831e-b963555c0fe9",
        "",
    ],
    ids=[
        "in_progress",
        "the_stack_itself",
        "said_again",
        "metadata",
        "deploying",
        "publishing",
        "published",
        "time",
        "arn",
        "empty",
    ],
)
def test_leaves_out_what_says_nothing_more(capsys: pytest.CaptureFixture[str], line: str) -> None:
    show(line)
    assert capsys.readouterr().out == ""
