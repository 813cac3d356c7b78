"""Texts that would run or load something, or look like something else, were they not text."""

# Whatever runs says so here: `window.ran` is looked at, and these addresses are watched.
_RUN = "window.ran=1"
_ELSEWHERE = "//injected.test/x"

MARKUP = [
    f"<script>{_RUN}</script>",
    f"<ScRiPt>{_RUN}</sCrIpT>",
    f"<script src={_ELSEWHERE}></script>",
    f"</script><script>{_RUN}</script>",
    f"<script type=module>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<img src=x onerror={_RUN}>",
    f"<img src=x onerror=\"{_RUN}\" alt='x'>",
    f"<img/src=x/onerror={_RUN}>",
    f"<img src={_ELSEWHERE}>",
    f'"><img src=x onerror={_RUN}>',
    f"'><img src=x onerror={_RUN}>",
    f"`><img src=x onerror={_RUN}>",
    f"</title><img src=x onerror={_RUN}>",
    f"</textarea><img src=x onerror={_RUN}>",
    f"<!--><img src=x onerror={_RUN}>-->",
    f"<body onload={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<details open ontoggle={_RUN}><summary>x</summary></details>",
    f"<video><source onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<select autofocus onfocus={_RUN}></select>",
    f"<div onpointerenter={_RUN}>over me</div>",
    f'<iframe srcdoc="<script>parent.{_RUN}</script>"></iframe>',
    f"<iframe src=javascript:parent.{_RUN}></iframe>",
    f"<iframe src={_ELSEWHERE}></iframe>",
    f"<object data={_ELSEWHERE}></object>",
    f"<embed src={_ELSEWHERE}>",
    f"<link rel=stylesheet href={_ELSEWHERE}>",
    f"<base href={_ELSEWHERE}>",
    f'<meta http-equiv=refresh content="0;url={_ELSEWHERE}">',
    f"<form action={_ELSEWHERE}><button>Send</button></form>",
    f'<noscript><p title="</noscript><img src=x onerror={_RUN}>">',
    f"<template><script>{_RUN}</script></template>",
    f"<math><mtext><script>{_RUN}</script></mtext></math>",
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><a xlink:href=javascript:{_RUN}><text y=20>x</text></a></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><use href='data:image/svg+xml,<svg onload={_RUN}>#x'/></svg>",
    f"<svg><foreignObject><img src=x onerror={_RUN}></foreignObject></svg>",
]

ADDRESSES = [
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f"java\tscript:{_RUN}",
    f"&#106;avascript:{_RUN}",
    f"javascript://example.com/%0a{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4=",
    f"vbscript:{_RUN}",
    "file:///etc/passwd",
    "blob:https://example.com/x",
    f'https://example.com/"onmouseover={_RUN}//',
    f"https://example.com/<img src=x onerror={_RUN}>",
    f"https://javascript:{_RUN}@example.com/",
    f"mailto:x@example.com?body=<script>{_RUN}</script>",
    f"[click](javascript:{_RUN})",
    f'![x](x"onerror="{_RUN})',
]

STYLES = [
    f"<style>@import '{_ELSEWHERE}';</style>",
    f"<style>*{{background:url({_ELSEWHERE})}}</style>",
    '<p style="position:fixed;inset:0;z-index:99">over everything</p>',
    f'"style="background:url({_ELSEWHERE})',
    f"expression({_RUN})",
]

TEMPLATES = [
    f"${{{_RUN}}}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    f"<%= {_RUN} %>",
    "{{7*7}}{% debug %}",
    "#{7*7}",
    "__proto__",
    "constructor",
    f"`-{_RUN}-`",
    f"';{_RUN};//",
    f"\\u003cimg src=x onerror={_RUN}\\u003e",
    f"%3Cimg src=x onerror={_RUN}%3E",
    f"&lt;img src=x onerror={_RUN}&gt;",
    "%s%n{0}",
]

TEXT_TRICKS = [
    "\u202egnp.exe",
    "\u2066left\u2067right\u2069",
    "a\u0300\u0301\u0302\u0303\u0304" * 5,
    "\ufeff<b>bold</b>\u200b",
    "\uff1cscript\uff1ewindow.ran=1\uff1c/script\uff1e",
    "<b>never closed",
    "]]><!--",
]

INJECTIONS = [*MARKUP, *ADDRESSES, *STYLES, *TEMPLATES, *TEXT_TRICKS]
