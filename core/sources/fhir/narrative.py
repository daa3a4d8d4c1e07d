"""This is the place where a record's own formatted text is made harmless before anybody sees it."""

from __future__ import annotations

import nh3

from core.sources.fhir.limits import Limits

_TAGS = {
    "p", "br", "hr", "div", "span", "b", "strong", "i", "em", "u", "small", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol",
    "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "pre", "code", "blockquote", "q",
}  # fmt: skip
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_GONE = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "title", "head"}
_LONGEST = Limits().narrative_chars


def narrative_of(resource: dict[str, object]) -> str:
    """`text.div` with only layout left: no scripts, styles, links, images, forms or classes; "" where there is none."""
    text = resource.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    if not isinstance(div, str) or not div:
        return ""
    cleaned = nh3.clean(
        div[:_LONGEST].replace("\x00", ""), tags=_TAGS, attributes=_ATTRIBUTES, clean_content_tags=_GONE, url_schemes=set()
    )
    return cleaned if len(cleaned) <= _LONGEST else ""
