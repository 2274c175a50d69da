"""What a mail server's refusal means: the one table of SMTP replies and of the codes and words in bounces.

It reads the reply code (RFC 5321, 4.2), the enhanced status code (RFC 3463, RFC 5248) and the server's own words, and
says the cause, whether the refusal is permanent, what it means for the recipient's address, and the sentence that a
coordinator reads. Pure. Sending, bounces, suppression and the desk all ask here.
"""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from fnmatch import translate

from django.utils.translation import gettext_lazy as _

# Notes of our own where no mail server has spoken, and the refusal that we give an address which is none.
BROKE_OFF = "broken off"
NOT_BUILT = "could not be built"
NO_ADDRESS = "553 5.1.3 not an address"

# 5.1.1 (RFC 3463), not the beginning of an IP address; and a reply code of SMTP.
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\.?\d)")
REPLY = re.compile(r"(?<![\d.#-])([45]\d\d)(?=[ -])")
# How much of what a server says is read, in characters.
SPOKEN = 1000


class Cause(StrEnum):
    """Why a letter was refused."""

    UNKNOWN_RECIPIENT = auto()
    UNKNOWN_DOMAIN = auto()
    INVALID_ADDRESS = auto()
    MOVED = auto()
    DISABLED = auto()
    MAILBOX_FULL = auto()
    UNREACHABLE = auto()
    BUSY = auto()  # the whole server rests
    TRY_LATER = auto()
    REFUSED = auto()  # for no reason that could be understood
    GREYLISTED = auto()
    THROTTLED = auto()  # too many letters at once
    RESTRICTED = auto()  # the recipient takes letters of some senders only
    POLICY = auto()  # spam, viruses, rules of the receiving organisation
    UNTRUSTED = auto()  # our server: block lists, reputation, SPF, DKIM, DMARC, reverse DNS
    SENDER_REJECTED = auto()
    RELAY_DENIED = auto()  # and trouble with signing in to a relay
    PROTOCOL = auto()
    TOO_BIG = auto()
    UNREADABLE = auto()
    NO_ANSWER = auto()
    NOT_BUILT = auto()


class AddressEffect(Enum):
    """What a refusal means for the recipient's address."""

    DEAD = auto()  # nothing will ever arrive there
    TROUBLE = auto()  # adds up, and counts when it does not end
    NONE = auto()  # it was the letter, its sender or our server that was refused


DEAD = frozenset([Cause.UNKNOWN_RECIPIENT, Cause.UNKNOWN_DOMAIN, Cause.INVALID_ADDRESS, Cause.MOVED])
TROUBLE = frozenset([Cause.DISABLED, Cause.MAILBOX_FULL, Cause.UNREACHABLE, Cause.BUSY, Cause.TRY_LATER, Cause.REFUSED])
# Answers for now that are for all letters to that server.
OF_THE_WHOLE_SERVER = frozenset([Cause.BUSY, Cause.THROTTLED, Cause.POLICY, Cause.UNTRUSTED])
# Sentences that are true of an answer for now, too; all others become "try later".
TRUE_FOR_NOW = frozenset(
    [Cause.MAILBOX_FULL, Cause.UNREACHABLE, Cause.UNTRUSTED, Cause.SENDER_REJECTED, Cause.RELAY_DENIED]
)
OF_OURSELVES = frozenset([Cause.NO_ANSWER, Cause.NOT_BUILT])

LATER = _("The mail server asked us to try later.")
SENTENCES = {
    Cause.UNKNOWN_RECIPIENT: _("The address does not exist."),
    Cause.UNKNOWN_DOMAIN: _("The domain of the address does not exist or takes no mail."),
    Cause.INVALID_ADDRESS: _("The address is written wrong."),
    Cause.MOVED: _("The recipient has moved to another address."),
    Cause.DISABLED: _("The mailbox is closed."),
    Cause.MAILBOX_FULL: _("The mailbox is full."),
    Cause.UNREACHABLE: _("The recipient's mail server could not be reached."),
    Cause.BUSY: LATER,
    Cause.TRY_LATER: LATER,
    Cause.GREYLISTED: LATER,
    Cause.REFUSED: _("The mail server refused the letter."),
    Cause.THROTTLED: _("Too many letters came to the mail server at once."),
    Cause.RESTRICTED: _("The recipient takes letters from certain senders only."),
    Cause.POLICY: _("The recipient's mail server refused the letter as unwanted."),
    Cause.UNTRUSTED: _("The recipient's mail server does not trust our mail server."),
    Cause.SENDER_REJECTED: _("The mail server does not accept our sender address."),
    Cause.RELAY_DENIED: _("Our mail server was not allowed to pass the letter on."),
    Cause.PROTOCOL: _("The mail servers did not understand each other."),
    Cause.TOO_BIG: _("The letter is too big."),
    Cause.UNREADABLE: _("The mail server could not read the letter."),
    Cause.NO_ANSWER: _("The connection broke before the mail server answered."),
    Cause.NOT_BUILT: _("The letter could not be put together."),
}


@dataclass(frozen=True)
class SmtpStatus:
    """What one answer of a mail server means."""

    cause: Cause
    is_permanent: bool

    @property
    def effect(self) -> AddressEffect:
        if self.cause in DEAD:
            return AddressEffect.DEAD
        return AddressEffect.TROUBLE if self.cause in TROUBLE else AddressEffect.NONE

    @property
    def asks_for_a_rest(self) -> bool:
        """Should no other letter go to that server for a while?"""
        return not self.is_permanent and self.cause in OF_THE_WHOLE_SERVER

    @property
    def sentence(self) -> str:
        """For a coordinator, in the language of the moment."""
        is_true = self.is_permanent or self.cause in TRUE_FOR_NOW | OF_OURSELVES
        return str(SENTENCES[self.cause] if is_true else LATER)


# --- the table ---

# A row counts when its codes and its words both fit; an empty column always fits. The first row that fits counts: what
# speaks of us or of the letter stands before what speaks of the address, so that nobody is suppressed for our faults.
# Codes stand without their first number (5.1.1 as 1.1); `-` is a reply without one, `*` and `?` are as in file names.
# Words are looked for in lower case, without addresses, host names and numbers of codes: one phrase a line, or several
# with ` | ` between them, as regular expressions. `…` are some words of the same sentence, the rest stands in SHORT.

# Codes by which a server says no more than "no".
VAGUE = "- 0.* 1.[059] 2.0 2.4 3.[01356] 4.0 5.*"
SHORT = {
    " … ": "[^.;]{0,60}? ",
    "WHO": "(?:user|recipient|mail ?box|address|account|addressee|customer|inbox)",
    "MISSING": "(?:unknown|invalid|unrecogni[sz]ed|not (?:be )?(?:found|known|exist|listed|recogni[sz]ed)"
    "|[^ ]*n't (?:exist|known|found|valid)|no longer exists?)",
    "KETÄ": "(?:käyttäjää|vastaanottajaa|osoitetta|laatikkoa|tiliä)",
    "EI_OLE": "ei (?:ole|löydy|löytynyt|tunneta|tunnistettu)",
    "VEM": "(?:användaren?|mottagaren?|adressen?|lådan|kontot)",
    "SAKNAS": "(?:finns inte|hittades inte|kunde inte hittas|existerar inte|är okänd|okänd)",
}

ROWS = [
    # Microsoft 365 says so of an address that its directory does not hold (directory-based edge blocking)
    (Cause.UNKNOWN_RECIPIENT, "4.1", "recipient address(?:es)? rejected ?: ?access denied"),
    (Cause.UNKNOWN_RECIPIENT, "7.1", "recipient address rejected: (?:user unknown|unknown (?:user|recipient))"),
    # codes that can mean nothing else, whatever the words are
    (Cause.SENDER_REJECTED, "1.7 1.8 7.27 7.60", ""),
    (Cause.RESTRICTED, "7.2 7.12? 7.13?", ""),
    (Cause.RESTRICTED, "", r"resolver\.rst\.(?!recipsizelimit)"),
    (Cause.TOO_BIG, "2.3 3.4", ""),
    (Cause.THROTTLED, "4.5 1.90 2.121 2.122", ""),
    # words about us or about the letter
    (Cause.GREYLISTED, "", "gr[ae]y-?list"),
    (
        Cause.THROTTLED,
        "",
        """
        rate.?limit | throttl | too quickly | too fast | at a rate that | un(?:expected|usual) (?:volume|rate)
        excessive volume | server (?:is )?(?:too )?busy | limit … per (?:hour|day|minute)
        too many (?:messages(?! on the server)|mails|connections|concurrent|sessions|recipients|errors)
        (?:sending|message|hourly|daily) (?:user )?(?:sending )?(?:limit|quota) (?:is |was )?(?:exceeded|reached)
        """,
    ),
    (
        Cause.UNTRUSTED,
        "",
        r"""
        \b(?:spf|dkim|dmarc|dnsbl|rbl|ptr|helo|ehlo)\b | bloc?k ?-?list | black ?-?list | reputation | spamhaus
        sorbs | spamcop | blocked using | banned send | open proxy | open relay | reverse (?:dns|host) | find your
        (?<!not )\blisted (?:at|by|in|on)\b | accept(?:ed|ing)? (?:mail |connections? )?from (?:this|your) (?:ip|host)
        (?:client|connecting|sending|your) (?:smtp |mail )?(?:host|ip|server|network)\b … (?:block|reject|list|denied)
        (?:client|connecting|sending|your) (?:smtp |mail )?(?:host|ip|server|network)\b … (?:banned|refused|not allowed)
        mustalla listalla | estolistalla | svartlist
        """,
    ),
    (
        Cause.SENDER_REJECTED,
        "",
        r"""
        (?:sender|from|return.path)(?:'?s)?(?: e-?mail)? (?:address|domain)\b … (?:reject|refuse|denied|block)
        (?:sender|from|return.path)(?:'?s)?(?: e-?mail)? (?:address|domain)\b … (?:invalid|unknown|not\b|[^ ]*n't\b)
        sender (?:is |was )?(?:verify|verification|reject|refused|denied|blocked|unknown|invalid|not\b)
        (?:invalid|bad|unrout\w+|unknown) sender | domain of sender | sender's? domain | sender … has no | badmailfrom
        send as this sender | mail from … (?:reject|refuse|denied|invalid|not\b)
        lähettäjän osoit | lähettäjä (?:on )?(?:hylätty|estetty) | avsändar … (?:avvis|nekad|inte|spärr|blocker)
        """,
    ),
    (
        Cause.RELAY_DENIED,
        "",
        r"""
        relay(?:ing)?,? (?:access )?(?:is |was )?(?:denied|not\b|prohibited|refused|disabled|attempt) | mail relay
        (?:unable|allowed|permitted|authorized|refuse|cannot|attempt|n't|not|no) (?:to )?(?:allow )?relay | rcpthosts
        authentication (?:is )?required | requires? authentication | must (?:first )?(?:be )?authenticat
        not authenticated | smtp authentication | must issue an? starttls | authentication (?:failed|credentials)
        välitys (?:on )?(?:estetty|kielletty|evätty) | vidarebefordran (?:nekad|är inte)
        """,
    ),
    (
        Cause.POLICY,
        "",
        r"""
        \bspam | unsolicited | junk ?mail | \bvirus | malware | phishing | roskaposti | haittaohjelma | skräppost
        (?:message|mail|content|attachment)s? (?:is |was |has been |have been )?(?:blocked|denied|banned|prohibited)
        for policy reasons | local policy | policy (?:violation|restriction|rejection) | security (?:issue|polic|risk)
        administrative(?:ly)? prohibit
        """,
    ),
    # codes that say it exactly, though a full mailbox hides behind some of them
    (Cause.MAILBOX_FULL, "1.1 2.[12]", "over ?-?quota | quota (?:is )?exceeded | mailbox (?:is )?full"),
    (Cause.UNKNOWN_DOMAIN, "1.10", "null ?mx"),
    (Cause.UNKNOWN_RECIPIENT, "1.1 1.4 1.10 1.351", ""),
    (Cause.UNKNOWN_DOMAIN, "1.2 4.4 4.310", ""),
    (Cause.INVALID_ADDRESS, "1.3", ""),
    (Cause.MOVED, "1.6", ""),
    (Cause.DISABLED, "2.1", ""),
    (Cause.MAILBOX_FULL, "2.2", ""),
    (Cause.BUSY, "3.2", ""),
    (Cause.UNREACHABLE, "4.[1-9]*", ""),
    (Cause.UNREADABLE, "6.*", ""),
    (Cause.RELAY_DENIED, "7.[389] 7.1[0-4] 7.57 7.64 7.367", ""),
    (Cause.UNTRUSTED, "7.2? 7.50[1-9] 7.51? 7.6?? 7.708", ""),
    (Cause.POLICY, "7.*", ""),
    # words alone
    (Cause.UNREACHABLE, VAGUE, "host not found, try again"),
    (
        Cause.MAILBOX_FULL,
        VAGUE,
        r"""
        over ?-?(?:\w+ )?quota | full mailbox | quota … (?:exceed|violat|full|reached|over) | exceed … (?:quota|storage)
        (?:mail ?box|inbox|account|mail ?folder|disk) … (?:\bfull\b|exc?ee?d|over (?:its |the )?(?:limit|size))
        out of (?:storage|space) | storage space | space has been used | too many messages on the server
        (?:laatikko|tili)\b … täynnä | (?:laatikko|tili) täynnä | kiintiö | tallennustila | låda … full | utrymme
        """,
    ),
    (
        Cause.TOO_BIG,
        VAGUE,
        """
        too (?:big|large|long) | (?:message|mail|content) (?:size|length) | size (?:limit|exceed) | larger than
        exceed … (?:size|maximum|databytes) | liian (?:suuri|iso) | för stor
        """,
    ),
    (
        Cause.DISABLED,
        VAGUE,
        r"""
        WHO … (?:disabled|inactive|not active|suspended|deactivated|expired|locked|closed|frozen|archived|discontinued)
        WHO … blocked due to inactiv | (?:inactive|disabled|suspended|deactivated|closed) WHO | no longer accepts mail
        (?:laatikko|tili|osoite) … (?:suljettu|poistettu käytöstä|lukittu)
        (?:lådan|kontot|adressen) … (?:stäng|avslutat|inaktiv|inte aktiv)
        """,
    ),
    (
        Cause.MOVED,
        VAGUE,
        """
        (?:has|have) moved | user not local | (?:has|have) a new address
        on muuttunut | vaihtanut osoitetta | har flyttat | har (?:en )?ny adress
        """,
    ),
    (
        Cause.UNKNOWN_DOMAIN,
        VAGUE,
        r"""
        \b(?:domain|host)(?: or domain)?(?: name)?(?: [^.;: ]+){0,3} MISSING
        (?:unknown|no such|non-?existent|invalid) (?:domain|host) | find any host
        bad destination (?:host|system) | unrouteable mail domain | name service error
        null ?mx | all relevant mx | verkkotunnusta … EI_OLE | domänen … SAKNAS
        """,
    ),
    (
        Cause.INVALID_ADDRESS,
        VAGUE,
        "(?:bad|invalid|malformed) (?:recipient |mailbox )?address syntax | address … (?:syntax|malformed|valid rfc)",
    ),
    (
        Cause.UNKNOWN_RECIPIENT,
        VAGUE,
        r"""
        (?:unknown|no such|invalid|unrecogni[sz]ed|non-?existent|illegal) (?:\w+ ){0,3}?(?:WHO|person|alias|local.?part)
        WHO(?:'?s)? … MISSING | not an? (?:known|valid|existing) WHO | not our customer | not listed in | no such id\b
        no (?:mail-?box|account|one|user|person|valid recipient)s?\b[^.;]{0,30} (?:here|by that name|with that|at this)
        (?:n't|not) have an? … account | un(?:rout|deliver)e?able address | address rejected(?:\.|$| \()
        ^(?:<>)?:? ?(?:is |was |does )?(?:unknown|not found|not exist) | inconnu
        requested (?:mail )?action not taken: ?mailbox unavailable
        tuntematon (?:käyttäjä|vastaanottaja|osoite|\w*laatikko) | (?:käyttäjä|vastaanottaja|osoite) (?:on )?tuntematon
        KETÄ … EI_OLE | EI_OLE KETÄ | okänd (?:användare|mottagare|e-?post|adress) | VEM … SAKNAS
        gick inte att hitta (?:e-?post|mottagar|användar|adress)
        """,
    ),
    (
        Cause.UNREACHABLE,
        VAGUE,
        r"""
        connection (?:timed out|refused|reset|lost|dropped) | timed? ?-?out | unable to connect | no route | unreachable
        (?:could|can|was)(?: ?not|n't) … (?:connect|reach|establish) | message expired | too many hops | \bloop
        ei vastaa | svarar inte
        """,
    ),
    (Cause.UNREADABLE, VAGUE, "malformed | rfc ?5322 | rfc ?2822 | bare (?:lf|cr) | illegal (?:header|character)"),
    (
        Cause.RESTRICTED,
        VAGUE,
        "(?:only|not) accept(?:s|ing)? (?:mail|messages|e-?mail) | refuses to accept your | whitelist | allow ?list",
    ),
    (
        Cause.POLICY,
        VAGUE,
        r"""
        block | denied | prohibit | not (?:allowed|permitted|authori[sz]ed) | \bpolicy | policies | unwanted | banned
        estetty | kielletty | blocker | nekad | otillåt
        """,
    ),
]


def _codes(names: str) -> re.Pattern[str]:
    return re.compile("|".join(translate("" if name == "-" else name) for name in names.split()))


def _phrases(lines: str) -> re.Pattern[str]:
    phrases = [phrase.strip() for line in lines.strip().splitlines() for phrase in line.split(" | ")]
    joined = "|".join(phrases)
    for short, meant in SHORT.items():
        joined = joined.replace(short, meant)
    return re.compile(joined)


TABLE = [(cause, _codes(codes), _phrases(words)) for cause, codes, words in ROWS]
# Reply codes where neither an enhanced code nor words say more. 550, 553 and 554 are used for everything.
BY_CODE = {
    421: Cause.BUSY,
    432: Cause.BUSY,  # Exchange: too many connections
    **dict.fromkeys((500, 501, 502, 503, 504, 555), Cause.PROTOCOL),
    **dict.fromkeys((525, 530, 534, 535, 538), Cause.RELAY_DENIED),  # RFC 4954, RFC 5248
    551: Cause.MOVED,
    552: Cause.TOO_BIG,  # RFC 1870; when it is the mailbox that is full, servers say so
    556: Cause.UNKNOWN_DOMAIN,  # RFC 7504
}
# Addresses, links, host names and codes, which tell nothing of why; but for the names of block lists.
NOT_A_LIST = r"(?!\S*(?:spamhaus|spamcop|sorbs|dnsbl))"
NOISE = re.compile(
    rf"[^\s<>()\[\]]*@[^\s<>()\[\]]*|https?:{NOT_A_LIST}\S+|(?<![\w.]){NOT_A_LIST}(?:[a-z0-9-]+\.)+[a-z]{{2,}}(?![\w.])"
    r"|(?<![\w.])#?[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\d)|(?<!\S)[245]\d\d(?:-|(?=\s))"
)


def judge(code: int, status: str, words: str) -> SmtpStatus:
    """The meaning of a reply code, an enhanced status code and a server's words; 0 and "" where there is none.

    The reply code decides whether a refusal is permanent, whatever the enhanced code says (RFC 5321, 4.2).
    """
    plain = " ".join(NOISE.sub("", words[:SPOKEN]).split()).casefold().replace("’", "'")
    detail = status.partition(".")[2]
    cause = next((row for row, codes, phrases in TABLE if _fits(codes, detail) and phrases.search(plain)), None)
    cause = cause or _by_code(code, status)
    is_permanent = not str(code or status).startswith("4")
    return SmtpStatus(_settled(cause, is_permanent, code, status), is_permanent)


def of_reply(reply: str, status: str = "") -> SmtpStatus:
    """The meaning of a reply as it came, or of the Diagnostic-Code in a bounce (RFC 3464, 2.3.6).

    `status`: the enhanced code that stands beside it. A relay that was given none makes one up from the reply code, so
    it counts only when the reply itself says nothing.
    """
    if reply in (BROKE_OFF, NOT_BUILT):
        return SmtpStatus(Cause.NO_ANSWER if reply == BROKE_OFF else Cause.NOT_BUILT, is_permanent=False)
    code, own = reply_code(reply), enhanced_code(reply)
    given = status if STATUS.fullmatch(status) and not own else ""
    meaning = judge(code, own or ("" if code else given), reply)
    if code and given and meaning.cause in (Cause.REFUSED, Cause.TRY_LATER):
        return judge(code, given, reply)
    return meaning


def reply_code(reply: str) -> int:
    """550; 0 where there is none."""
    found = REPLY.search(f"{reply} ")
    return int(found[1]) if found else 0


def enhanced_code(reply: str) -> str:
    """5.1.1; empty where there is none."""
    found = STATUS.search(reply)
    return found[1] if found else ""


def in_words(reply: str, status: str = "") -> str:
    """`550 5.1.1 no such user` in a sentence, with the server's own words after it; empty when nothing was said."""
    if not reply and not status:
        return ""
    meaning = of_reply(reply, status)
    return meaning.sentence if meaning.cause in OF_OURSELVES else f"{meaning.sentence} ({reply or status})"


def _fits(codes: re.Pattern[str], detail: str) -> bool:
    return not codes.pattern or bool(codes.fullmatch(detail))


def _by_code(code: int, status: str) -> Cause:
    if status[1:4] == ".5." and status[1:] != ".5.0":
        return BY_CODE.get(code, Cause.PROTOCOL)
    return BY_CODE.get(code, Cause.REFUSED)


def _settled(cause: Cause, is_permanent: bool, code: int, status: str) -> Cause:
    """An address is dead only when no code says "for now", and an answer for now says little of anything."""
    if not is_permanent and cause in DEAD | {Cause.DISABLED, Cause.REFUSED}:
        return BY_CODE.get(code, Cause.TRY_LATER)
    return Cause.REFUSED if cause in DEAD and status.startswith("4") else cause
