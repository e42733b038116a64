"""Nobody binds the company, and AWS reaches who it reached."""

from __future__ import annotations

import re
from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import ACCESS_SESSION, ADMIN_SESSION, CDK_SESSION, DEVELOPER_SESSION, ROOT_USER, Trials, each
from iam_reference import services
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE

EXCEPT: Final = [ORGANIZATION_ACCESS_ROLE]
COMMITMENTS: Final = Trials(
    guardrails.deny_commitments(except_roles=EXCEPT),
    [
        *each(
            [
                "ec2:PurchaseReservedInstancesOffering",
                "ec2:AcceptReservedInstancesExchangeQuote",
                "ec2:PurchaseHostReservation",
                "ec2:PurchaseCapacityBlock",
                "rds:PurchaseReservedDBInstancesOffering",
                "elasticache:PurchaseReservedCacheNodesOffering",
                "memorydb:PurchaseReservedNodesOffering",
                "redshift:PurchaseReservedNodeOffering",
                "es:PurchaseReservedInstanceOffering",
                "dynamodb:PurchaseReservedCapacityOfferings",
                "savingsplans:CreateSavingsPlan",
                "route53domains:RegisterDomain",
                "route53domains:TransferDomain",
                "route53domains:RenewDomain",
                "route53domains:AcceptDomainTransferFromAnotherAwsAccount",
                "aws-marketplace:Subscribe",
                "aws-marketplace:CreateAgreementRequest",
                "aws-marketplace:AcceptAgreementRequest",
                "bedrock:CreateProvisionedModelThroughput",
                "bedrock:CreateFoundationModelAgreement",
                "sagemaker:CreateTrainingPlan",
                "shield:CreateSubscription",
                "supportplans:StartSupportPlanUpdate",
                "pricingplanmanager:CreateSubscription",
                "outposts:CreateOrder",
                "freetier:UpgradeAccountPlan",
            ],
            says="nobody buys for months or years",
            who=ADMIN_SESSION,
            denied_by="DenyCommitments",
        ),
        *each(["route53domains:RegisterDomain"], says="not even root", who=ROOT_USER, denied_by="DenyCommitments"),
        *each(["route53domains:RegisterDomain", "aws-marketplace:Subscribe"], says="who may buys", who=ACCESS_SESSION),
        *each(
            [
                "ec2:RunInstances",
                "ec2:CreateCapacityReservation",
                "route53domains:ListPrices",
                "route53domains:UpdateDomainNameservers",
                "savingsplans:DescribeSavingsPlans",
                "aws-marketplace:ViewSubscriptions",
                "aws-marketplace:Unsubscribe",
                "bedrock:InvokeModel",
                "shield:CreateProtection",
                "sns:Subscribe",
            ],
            says="what is paid by use is used, and purchases are ended",
            who=DEVELOPER_SESSION,
        ),
    ],
)
BILLING: Final = Trials(
    guardrails.deny_contact_and_billing_changes(except_roles=EXCEPT),
    [
        *each(
            [
                "account:PutContactInformation",
                "account:PutAlternateContact",
                "account:DeleteAlternateContact",
                "account:PutAccountName",
                "account:StartPrimaryEmailUpdate",
                "account:AcceptPrimaryEmailUpdate",
                "iam:UpdateAccountName",
                "iam:UpdateAccountEmailAddress",
                "billing:UpdateBillingPreferences",
                "billing:UpdateIAMAccessPreference",
                "billing:RedeemCredits",
                "invoicing:PutInvoiceEmailDeliveryPreferences",
                "payments:CreatePaymentInstrument",
                "payments:UpdatePaymentPreferences",
                "payments:DeletePaymentInstrument",
                "payments:MakePayment",
                "purchase-orders:AddPurchaseOrder",
                "tax:BatchPutTaxRegistration",
                "tax:DeleteTaxRegistration",
                "tax:PutTaxInheritance",
            ],
            says="AWS reaches and bills whom it did",
            who=ADMIN_SESSION,
            denied_by="DenyContactAndBillingChanges",
        ),
        *each(
            ["account:PutContactInformation"],
            says="root neither",
            who=ROOT_USER,
            denied_by="DenyContactAndBillingChanges",
        ),
        *each(["account:PutAlternateContact", "tax:PutTaxInheritance"], says="who may changes it", who=ACCESS_SESSION),
        *each(
            [
                "account:GetContactInformation",
                "billing:GetBillingData",
                "invoicing:GetInvoicePDF",
                "payments:ListPaymentInstruments",
                "tax:ListTaxRegistrations",
                "budgets:ModifyBudget",
                "ce:CreateAnomalyMonitor",
                "account:EnableRegion",
            ],
            says="it is looked at, and budgets are made",
            who=CDK_SESSION,
        ),
    ],
)


@COMMITMENTS.parameters()
def test_commitments(number: int) -> None:
    COMMITMENTS.check(number)


@BILLING.parameters()
def test_billing(number: int) -> None:
    BILLING.check(number)


@pytest.mark.parametrize("trials", [COMMITMENTS, BILLING], ids=["commitments", "billing"])
def test_decides_both_sides(trials: Trials) -> None:
    trials.check_both_sides()
    trials.check_among([*SERVICE_CONTROL.values()])


LEFT: Final = {
    "aws-marketplace:UpdatePurchaseOrders",  # what is bought already
    "ce:StartCommitmentPurchaseAnalysis",  # a calculation
    "ce:StartSavingsPlansPurchaseRecommendationGeneration",
    "savingsplans:DeleteQueuedSavingsPlan",  # ends a purchase
    "savingsplans:ReturnSavingsPlan",
    "user-subscriptions:CancelPurchaseSession",
}
"""What is about purchases and is not denied."""


def test_every_purchase_is_denied_or_left_for_a_reason() -> None:
    [statement] = COMMITMENTS.content["Statement"]
    purchases = {
        f"{service}:{name}"
        for service, actions in services().items()
        for name, action in actions.items()
        if action.changes
        and service not in {"bcm-pricing-calculator", "honeycode", "purchase-orders", "swf"}
        and re.search("Purchase|SavingsPlan|RegisterDomain|RenewDomain|TrainingPlan$|LongTermPricing", name)
    }
    assert purchases - {*statement["Action"], *LEFT} == set()
    assert len(purchases) >= 25


@pytest.mark.parametrize("service", ["account", "payments", "tax", "purchase-orders"])
def test_every_change_of_who_is_billed_is_denied(service: str) -> None:
    [statement] = BILLING.content["Statement"]
    elsewhere = {
        "account:CloseAccount",  # deny_leaving_organization
        "account:ReopenAccount",
        "account:DisableRegion",  # deny_region_opt_ins
        "account:EnableRegion",
        "account:SendPhoneNumberVerification",
        "account:VerifyPhoneNumber",
        "purchase-orders:UpdateConsoleActionSetEnforced",
    }
    changes = {f"{service}:{name}" for name, action in services()[service].items() if action.changes}
    labels = {name for name in changes if name.endswith("agResource")}
    assert changes - {*statement["Action"]} - elsewhere - labels == set()
