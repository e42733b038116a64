"""What binds the company to pay, and to whom AWS writes about it."""

from __future__ import annotations

from collections.abc import Sequence

from ._content import Content, service_control


def deny_commitments(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies buying what is paid for months or years, or cannot be given back.

    That is: reservations and savings plans of every service, capacity blocks and provisioned throughput, hardware,
    domains of Route 53 and their renewal, support plans, subscriptions such as Shield Advanced and CloudFront's
    plans, AWS Marketplace, and the end of the free plan. What breaks: the first use of a model of Amazon Bedrock that
    is sold through AWS Marketplace, as most of others' are, until a role of `except_roles` subscribed the account.

    Limits: neither the management account nor service-linked roles are stopped, and what the management account buys
    counts for members as well. Whatever is paid by use costs what it costs: instances, on-demand capacity reservations
    and phone numbers among it. What renews itself goes on renewing.

    Source: the service authorization reference,
    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "aws-marketplace:AcceptAgreementApprovalRequest",
        "aws-marketplace:AcceptAgreementPaymentRequest",
        "aws-marketplace:AcceptAgreementRequest",
        "aws-marketplace:CreateAgreementRequest",
        "aws-marketplace:Subscribe",
        "bedrock:CreateFoundationModelAgreement",
        "bedrock:CreateProvisionedModelThroughput",
        "bedrock:UpdateProvisionedModelThroughput",
        "cloudfront:CreateSavingsPlan",
        "cloudfront:UpdateSavingsPlan",
        "devicefarm:PurchaseOffering",
        "devicefarm:RenewOffering",
        "dynamodb:PurchaseReservedCapacityOfferings",
        "ec2:AcceptReservedInstancesExchangeQuote",
        "ec2:CreateReservedInstancesListing",
        "ec2:PurchaseCapacityBlock",
        "ec2:PurchaseCapacityBlockExtension",
        "ec2:PurchaseHostReservation",
        "ec2:PurchaseReservedInstancesOffering",
        "ec2:PurchaseScheduledInstances",
        "eks:CreateEksAnywhereSubscription",
        "eks:UpdateEksAnywhereSubscription",
        "elasticache:PurchaseReservedCacheNodesOffering",
        "es:PurchaseReservedElasticsearchInstanceOffering",
        "es:PurchaseReservedInstanceOffering",
        "freetier:UpgradeAccountPlan",
        "glacier:PurchaseProvisionedCapacity",
        "mediaconnect:PurchaseOffering",
        "medialive:PurchaseOffering",
        "memorydb:PurchaseReservedNodesOffering",
        "outposts:CreateOrder",
        "outposts:CreateRenewal",
        "pricingplanmanager:ApprovePaidSubscription",
        "pricingplanmanager:CreateSubscription",
        "pricingplanmanager:UpdateSubscription",
        "rds:PurchaseReservedDBInstancesOffering",
        "redshift:AcceptReservedNodeExchange",
        "redshift:PurchaseReservedNodeOffering",
        "route53domains:AcceptDomainTransferFromAnotherAwsAccount",
        "route53domains:EnableDomainAutoRenew",
        "route53domains:RegisterDomain",
        "route53domains:RenewDomain",
        "route53domains:TransferDomain",
        "sagemaker:CreateReservedCapacity",
        "sagemaker:CreateTrainingPlan",
        "sagemaker:ExtendTrainingPlan",
        "savingsplans:CreateSavingsPlan",
        "shield:CreateSubscription",
        "shield:UpdateSubscription",
        "snowball:CreateCluster",
        "snowball:CreateJob",
        "snowball:CreateLongTermPricing",
        "snowball:UpdateLongTermPricing",
        "supportplans:AcceptSupportAgreement",
        "supportplans:CreateSupportAgreement",
        "supportplans:CreateSupportPlanSchedule",
        "supportplans:StartSupportPlanUpdate",
        "supportplans:UpdateSupportAgreement",
        "user-subscriptions:ConfirmPurchaseSession",
        "user-subscriptions:CreatePurchaseSession",
    ]
    return service_control("DenyCommitments", actions, except_roles)


def deny_contact_and_billing_changes(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps how AWS reaches an account's owner, how it is paid, and for whom.

    That is: the account's name and e-mail, its contacts, and what it says of invoices, payment, purchase orders, taxes,
    credits and who sees billing. Everything can be looked at. What breaks: nothing where the management account sets
    contacts, as `alternate_contacts` of `OrgBaseline` does.

    Limits: neither the management account nor service-linked roles are stopped. Budgets, cost reports and tags for
    costs are not billing here.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Privileged-access-controls and
    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/migrate-granularaccess-whatis.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "account:AcceptPrimaryEmailUpdate",
        "account:DeleteAlternateContact",
        "account:PutAccountName",
        "account:PutAlternateContact",
        "account:PutContactInformation",
        "account:StartPrimaryEmailUpdate",
        "aws-portal:ModifyAccount",
        "aws-portal:ModifyBilling",
        "aws-portal:ModifyPaymentMethods",
        "billing:AssociateSourceViews",
        "billing:CreateBillingView",
        "billing:DeleteBillingView",
        "billing:DisassociateSourceViews",
        "billing:PutContractInformation",
        "billing:RedeemCredits",
        "billing:UpdateBillingPreferences",
        "billing:UpdateBillingView",
        "billing:UpdateIAMAccessPreference",
        "iam:UpdateAccountEmailAddress",
        "iam:UpdateAccountName",
        "invoicing:CreateInvoiceUnit",
        "invoicing:CreateProcurementPortalPreference",
        "invoicing:DeleteInvoiceUnit",
        "invoicing:DeleteProcurementPortalPreference",
        "invoicing:PutInvoiceEmailDeliveryPreferences",
        "invoicing:PutProcurementPortalPreference",
        "invoicing:StartInvoiceCorrection",
        "invoicing:UpdateInvoiceUnit",
        "invoicing:UpdateProcurementPortalPreferenceStatus",
        "payments:AcceptFinancingApplicationTerms",
        "payments:CreateFinancingApplication",
        "payments:CreatePaymentInstrument",
        "payments:DeletePaymentInstrument",
        "payments:MakePayment",
        "payments:UpdateFinancingApplication",
        "payments:UpdatePaymentInstrument",
        "payments:UpdatePaymentPreferences",
        "purchase-orders:AddPurchaseOrder",
        "purchase-orders:DeletePurchaseOrder",
        "purchase-orders:ModifyPurchaseOrders",
        "purchase-orders:UpdatePurchaseOrder",
        "purchase-orders:UpdatePurchaseOrderStatus",
        "tax:BatchDeleteTaxRegistration",
        "tax:BatchPutTaxRegistration",
        "tax:CancelDocument",
        "tax:CreateDocument",
        "tax:DeleteSupplementalTaxRegistration",
        "tax:DeleteTaxRegistration",
        "tax:PutSupplementalTaxRegistration",
        "tax:PutTaxInheritance",
        "tax:PutTaxInterview",
        "tax:PutTaxRegistration",
        "tax:UpdateExemptions",
    ]
    return service_control("DenyContactAndBillingChanges", actions, except_roles)
