"""Refusals as mail servers really give them, line by line, with their cause and what follows from them."""

from outbox.incoming.smtp_status import Cause

# (whose, the reply's lines, the cause, the type of the news of a letter that was given up for it)
REPLIES = [
    # --- Microsoft 365 and Outlook.com ---
    (
        "Microsoft 365: directory-based edge blocking",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [DB5EUR01FT031.eop-EUR01.prod.protection"
        ".outlook.com]",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Microsoft 365: the same for several",
        "550 5.4.1 All recipient addresses rejected : Access denied AS(201806271) [VE1EUR02FT049.eop-EUR02.prod"
        ".protection.outlook.com]",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Microsoft 365: no such recipient",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient aino@example.org not found by SMTP address lookup",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    ("Exchange: not found", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    (
        "Outlook.com: unknown",
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Microsoft 365: full",
        "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; "
        "Failed to process message due to a permanent exception",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    (
        "Microsoft 365: too big for this mailbox",
        "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient",
        Cause.TOO_BIG,
        "bounce_policy",
    ),
    (
        "Microsoft 365: only signed-in senders write to this group",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check "
        "failed because the sender was not authenticated when sending to this group",
        Cause.RESTRICTED,
        "bounce_policy",
    ),
    (
        "Exchange: only signed-in senders",
        "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
        Cause.RESTRICTED,
        "bounce_policy",
    ),
    (
        "Microsoft 365: a network on its list",
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service "
        "provider since part of their network is on our block list (S3140). You can also refer your provider to "
        "http://mail.live.com/mail/troubleshooting.aspx#errors.",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Microsoft 365: banned",
        "550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit "
        "https://sender.office.com/ and follow the directions.",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Outlook.com: not signed (2025)",
        "550 5.7.515 Access denied, sending domain example.net doesn't meet the required authentication level.",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Microsoft 365: the domain is elsewhere",
        "550 5.7.64 TenantAttribution; Relay Access Denied [VE1EUR02FT005.eop-EUR02.prod.protection.outlook.com]",
        Cause.RELAY_DENIED,
        "bounce_policy",
    ),
    (
        "Microsoft 365 as our relay",
        "550 5.1.8 Access denied, bad outbound sender. For more information please go to "
        "http://go.microsoft.com/fwlink/?LinkId=875724.",
        Cause.SENDER_REJECTED,
        "bounce_policy",
    ),
    (
        "Microsoft 365: a busy server",
        "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (S77719)",
        Cause.THROTTLED,
        "bounce_policy",
    ),
    (
        "Microsoft 365: a gateway passes on what it heard",
        "550 5.0.350 Remote server returned an error -> 550 No such user here",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Exchange: too many connections",
        "432 4.3.2 Concurrent connections limit exceeded; STOREDRV",
        Cause.BUSY,
        "bounce_soft",
    ),
    (
        "Exchange: expired on the way",
        "550 4.4.7 QUEUE.Expired; message expired",
        Cause.UNREACHABLE,
        "bounce_soft",
    ),
    (
        "Exchange: no such domain",
        "550 5.4.310 DNS domain ezample.org does not exist [Message=InfoDomainNonexistent]",
        Cause.UNKNOWN_DOMAIN,
        "bounce_hard",
    ),
    # --- Gmail ---
    (
        "Gmail: unknown",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        "550-5.1.1 double-checking the recipient's email address for typos or\n"
        "550-5.1.1 unnecessary spaces. For more information, go to\n"
        "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a640c23a62f3a-ab2 - gsmtp",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Gmail: disabled",
        "550-5.2.1 The email account that you tried to reach is inactive. For more\n"
        "550 5.2.1 information, go to https://support.google.com/mail/?p=DisabledUser a640c23a62f3a - gsmtp",
        Cause.DISABLED,
        "bounce_soft",
    ),
    (
        "Gmail: full, for now",
        "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n"
        "452-4.2.2 recipient to\n"
        "452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp a640c23a62f3a - gsmtp",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    (
        "Gmail: full",
        "552-5.2.2 The email account that you tried to reach is over quota and inactive.\n"
        "552 5.2.2 https://support.google.com/mail/?p=OverQuotaPerm a640c23a62f3a - gsmtp",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    (
        "Gmail: much mail for one person",
        "550-5.2.1 The user you are trying to contact is receiving mail at a rate that\n"
        "550 5.2.1 prevents additional messages from being delivered.",
        Cause.THROTTLED,
        "bounce_policy",
    ),
    (
        "Gmail: neither SPF nor DKIM",
        "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n"
        "550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n"
        "550 5.7.26 For instructions on setting up authentication, go to https://support.google.com/mail/answer/81126",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Gmail: looks like spam",
        "550-5.7.1 [192.0.2.1 12] Our system has detected that this message is\n"
        "550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail,\n"
        "550-5.7.1 this message has been blocked. Please visit\n"
        "550 5.7.1 https://support.google.com/mail/?p=UnsolicitedMessageError a640c23a62f3a - gsmtp",
        Cause.POLICY,
        "bounce_policy",
    ),
    (
        "Gmail: a risky file",
        "552-5.7.0 This message was blocked because its content presents a potential\n"
        "552 5.7.0 security issue. Please visit https://support.google.com/mail/?p=BlockedMessage",
        Cause.POLICY,
        "bounce_policy",
    ),
    (
        "Gmail: unusually many",
        "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from\n"
        "421 4.7.28 your IP address. To protect our users from spam, mail sent from your IP address has been "
        "temporarily rate limited.",
        Cause.THROTTLED,
        "bounce_policy",
    ),
    (
        "Gmail: too big",
        "552-5.3.4 Your message exceeded Google's message size limits.\n"
        "552 5.3.4 https://support.google.com/mail/?p=MaxSizeError",
        Cause.TOO_BIG,
        "bounce_policy",
    ),
    (
        "Gmail as our relay: not signed in",
        "530-5.7.0 Authentication Required. For more information, go to\n"
        "530 5.7.0  https://support.google.com/mail/?p=WantAuthError",
        Cause.RELAY_DENIED,
        "bounce_policy",
    ),
    (
        "Gmail as our relay: the day's letters are used up",
        "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to "
        "https://support.google.com/a/answer/166852",
        Cause.THROTTLED,
        "bounce_policy",
    ),
    (
        "Gmail: no such domain",
        "553 5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors.",
        Cause.UNKNOWN_DOMAIN,
        "bounce_hard",
    ),
    (
        "Gmail: no address",
        "553 5.1.3 The recipient address <aino@example> is not a valid RFC-5321 address.",
        Cause.INVALID_ADDRESS,
        "bounce_hard",
    ),
    # --- Yahoo, AOL, iCloud ---
    (
        "Yahoo: unknown, with a code for size",
        "552 1 Requested mail action aborted, mailbox not found",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Yahoo: unknown, as it was said before",
        "554 delivery error: dd This user doesn't have a yahoo.com account (aino@example.org) [0] - "
        "mta4490.mail.gq1.yahoo.com",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Yahoo: disabled",
        "554 30 Sorry, your message to aino@example.org cannot be delivered. This mailbox is disabled (554.30).",
        Cause.DISABLED,
        "bounce_soft",
    ),
    (
        "Yahoo: complaints",
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - "
        "4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        Cause.THROTTLED,
        "bounce_policy",
    ),
    (
        "Yahoo: listed",
        "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list; see "
        "https://postmaster.yahooinc.com/error-codes",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Yahoo: policy",
        "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
        Cause.POLICY,
        "bounce_policy",
    ),
    (
        "iCloud: unknown",
        "550 5.1.1 <aino@example.org>: user does not exist",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    ("iCloud: full", "552 5.2.2 <aino@example.org>: user over quota", Cause.MAILBOX_FULL, "bounce_soft"),
    (
        "iCloud: policy",
        "550 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
        Cause.POLICY,
        "bounce_policy",
    ),
    # --- Postfix and Dovecot ---
    (
        "Postfix: unknown",
        "550 5.1.1 <aino@example.org>: Recipient address rejected: User unknown in relay recipient table",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Postfix: unknown, by a map of its own",
        "554 5.7.1 <aino@example.org>: Recipient address rejected: User unknown",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Postfix: refused on purpose",
        "554 5.7.1 <aino@example.org>: Recipient address rejected: Access denied",
        Cause.POLICY,
        "bounce_policy",
    ),
    ("Postfix: relay", "554 5.7.1 <aino@example.org>: Relay access denied", Cause.RELAY_DENIED, "bounce_policy"),
    ("a relay without codes", "550 relay access denied", Cause.RELAY_DENIED, "bounce_policy"),
    ("a relay, for now", "454 4.7.1 <aino@example.org>: Relay access denied", Cause.RELAY_DENIED, "bounce_policy"),
    (
        "Postfix: the sender's domain",
        "450 4.1.8 <bounces@example.net>: Sender address rejected: Domain not found",
        Cause.SENDER_REJECTED,
        "bounce_policy",
    ),
    ("Postfix: the sender", "550 5.1.8 sender address rejected", Cause.SENDER_REJECTED, "bounce_policy"),
    (
        "Postfix: the sender is not known there",
        "550 5.1.0 <bounces@example.net>: Sender address rejected: User unknown in local recipient table",
        Cause.SENDER_REJECTED,
        "bounce_policy",
    ),
    (
        "Postfix: a block list",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
        "https://www.spamhaus.org/query/ip/192.0.2.1",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Postfix: no reverse name",
        "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Postfix: a greylist",
        "450 4.2.0 <aino@example.org>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/",
        Cause.GREYLISTED,
        "bounce_policy",
    ),
    (
        "Postfix: unknown, for now",
        "450 4.1.1 <aino@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
        Cause.TRY_LATER,
        "bounce_soft",
    ),
    (
        "Postfix: no room on the server",
        "452 4.3.1 Insufficient system storage",
        Cause.TRY_LATER,
        "bounce_soft",
    ),
    ("Postfix: too big", "552 5.3.4 Message size exceeds fixed limit", Cause.TOO_BIG, "bounce_policy"),
    (
        "Dovecot: full",
        "552 5.2.2 <aino@example.org> Quota exceeded (mailbox for user is full)",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    ("Dovecot: unknown", "550 5.1.1 <aino@example.org> User doesn't exist", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    (
        "Postfix: an address about spam is unknown like any other",
        "550 5.1.1 <spam-virus@blocklist.example.org>: Recipient address rejected: User unknown",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    # --- Exim ---
    ("Exim: unknown", "550 No Such User Here", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    ("Exim: unrouteable", "550 Unrouteable address", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    ("Exim: relay", "550 relay not permitted", Cause.RELAY_DENIED, "bounce_policy"),
    (
        "Exim: the sender could not be verified",
        "550-Verification failed for <bounces@example.net>\n550-No Such User Here\n550 Sender verify failed",
        Cause.SENDER_REJECTED,
        "bounce_policy",
    ),
    (
        "Exim: spam",
        "550 Message blocked due to spam content",
        Cause.POLICY,
        "bounce_policy",
    ),
    ("Exim: prohibited", "550 Administrative prohibition", Cause.POLICY, "bounce_policy"),
    ("Exim: trouble", "451 Temporary local problem - please try later", Cause.TRY_LATER, "bounce_soft"),
    # --- others ---
    (
        "GMX: unknown, on several lines",
        "550-Requested action not taken: mailbox unavailable\n"
        "550 For explanation visit https://postmaster.gmx.net/en/case?c=r0103&i=ip&v=192.0.2.1",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "GMX: listed, on several lines",
        "554-gmx.net (mxgmx104) Nemesis ESMTP Service not available\n554-No SMTP service\n"
        "554-IP address is block listed.\n554 For explanation visit https://postmaster.gmx.net/en/case?c=r0201",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Web.de: full, in the words of a limit",
        "550 Benutzer hat zuviele Mails auf dem Server. / User has too many messages on the server.",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    ("Cisco: unknown", "550 #5.1.0 Address rejected.", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    ("Comcast: unknown", "550 5.1.1 Not our Customer", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    (
        "Mimecast: unknown",
        "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [vH7Ns8biNg-p6EfZ0QaVMQ.us149]",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Proofpoint: listed",
        "554 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    (
        "Free: not used for long",
        "550 5.2.1 This mailbox has been blocked due to inactivity",
        Cause.DISABLED,
        "bounce_soft",
    ),
    (
        "Sendmail: a listed address stands before the mailbox",
        "550 5.2.1 Mailbox unavailable. Your IP address 192.0.2.1 is blacklisted using SPAMHAUS-XBL.",
        Cause.UNTRUSTED,
        "bounce_policy",
    ),
    ("Sendmail: no such domain", "550 Host unknown", Cause.UNKNOWN_DOMAIN, "bounce_hard"),
    (
        "a domain that takes no mail (RFC 7505)",
        "556 5.1.10 Recipient address has a null MX",
        Cause.UNKNOWN_DOMAIN,
        "bounce_hard",
    ),
    ("moved (RFC 5321)", "551 User not local; please try <aino@example.net>", Cause.MOVED, "bounce_hard"),
    ("moved, by its code", "550 5.1.6 Recipient no longer at this site", Cause.MOVED, "bounce_hard"),
    (
        "qmail: unknown",
        "550 Sorry, no mailbox here by that name. (#5.1.1)",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "qmail: relay",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        Cause.RELAY_DENIED,
        "bounce_policy",
    ),
    (
        "vpopmail: full, with the code of the unknown",
        "550 User over quota. (#5.1.1)",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    (
        "qmail: too big",
        "552 sorry, that message size exceeds my databytes limit (#5.3.4)",
        Cause.TOO_BIG,
        "bounce_policy",
    ),
    (
        "qmail: the sender",
        "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)",
        Cause.SENDER_REJECTED,
        "bounce_policy",
    ),
    (
        "Domino: unknown",
        "550 aino@example.org... No such user",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    (
        "Domino: not in its directory",
        "554 User aino (aino@example.org) not listed in Domino Directory",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    ("full, with a code for size", "552 mailbox full", Cause.MAILBOX_FULL, "bounce_soft"),
    (
        "full, in the words of RFC 5321",
        "552 Requested mail action aborted: exceeded storage allocation",
        Cause.MAILBOX_FULL,
        "bounce_soft",
    ),
    (
        "too big, in words",
        "552 Message size exceeds fixed maximum message size (5000000)",
        Cause.TOO_BIG,
        "bounce_policy",
    ),
    (
        "a form that could not be read",
        "550 5.6.0 Mail message is malformed. Not accepted.",
        Cause.UNREADABLE,
        "bounce_policy",
    ),
    ("a command that is not known", "502 5.5.1 Command not implemented", Cause.PROTOCOL, "bounce_policy"),
    ("closing for now", "421 4.3.2 Service shutting down", Cause.BUSY, "bounce_soft"),
    # --- codes that disagree ---
    ("a permanent reply with a code for now", "550 4.1.1 User unknown", Cause.REFUSED, "bounce_soft"),
    ("an answer for now with a permanent code", "450 5.1.1 User unknown", Cause.TRY_LATER, "bounce_soft"),
    ("full, both", "550 4.2.2 Mailbox full", Cause.MAILBOX_FULL, "bounce_soft"),
    ("spam with the code of the unknown", "550 5.1.1 Message rejected as spam", Cause.POLICY, "bounce_policy"),
    ("no reason at all", "550 Rejected", Cause.REFUSED, "bounce_soft"),
    ("only a number", "554", Cause.REFUSED, "bounce_soft"),
    # --- in Finnish and Swedish ---
    ("Finnish: unknown", "550 Tuntematon käyttäjä", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    (
        "Finnish: not found",
        "550 5.0.0 Vastaanottajaa aino@example.org ei löydy",
        Cause.UNKNOWN_RECIPIENT,
        "bounce_hard",
    ),
    ("Finnish: full", "552 Vastaanottajan postilaatikko on täynnä", Cause.MAILBOX_FULL, "bounce_soft"),
    ("Finnish: closed", "550 Postilaatikko on suljettu", Cause.DISABLED, "bounce_soft"),
    ("Finnish: spam", "554 Viesti hylättiin roskapostina", Cause.POLICY, "bounce_policy"),
    ("Finnish: the sender", "550 Lähettäjän osoite hylätty", Cause.SENDER_REJECTED, "bounce_policy"),
    ("Finnish: too big", "552 Viesti on liian suuri", Cause.TOO_BIG, "bounce_policy"),
    ("Swedish: unknown", "550 Okänd mottagare", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    ("Swedish: not found", "550 Mottagaren aino@example.org hittades inte", Cause.UNKNOWN_RECIPIENT, "bounce_hard"),
    ("Swedish: full", "552 Mottagarens brevlåda är full", Cause.MAILBOX_FULL, "bounce_soft"),
    ("Swedish: spam", "554 Meddelandet stoppades som skräppost", Cause.POLICY, "bounce_policy"),
    ("Swedish: the sender", "550 Avsändaren är inte godkänd", Cause.SENDER_REJECTED, "bounce_policy"),
    ("Swedish: too big", "552 Meddelandet är för stort", Cause.TOO_BIG, "bounce_policy"),
]
