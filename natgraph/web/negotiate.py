"""Which format and which language a client gets (RFC 9110, section 12)."""

from functools import lru_cache

from starlette.requests import Request
from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from natgraph.formats import Format

_MANY = 1024
LANGUAGES = ("sv", "en")


@lru_cache(_MANY)
def choose(accept: str | None, among: tuple[Format, ...]) -> Format | None:
    """The format the Accept header likes best, the first one if it is silent, None if it accepts none.

    A format's other names count only where the client names them: ``*/*`` is no wish for an alias.
    """
    if not accept:
        return among[0]
    header = parse_accept_header(accept, MIMEAccept)
    named = {value for value, _ in header}

    def liking(form: Format) -> float:
        names = [form.media_type, *(alias for alias in form.aliases if alias in named)]
        return max(header.quality(name) for name in names)

    best = max(among, key=liking)
    return best if liking(best) > 0 else None


def accepts(request: Request, media_type: str) -> bool:
    """Whether the client takes answers of a media type; a silent one takes all."""
    accept = request.headers.get("accept")
    return not accept or parse_accept_header(accept, MIMEAccept).quality(media_type) > 0


def unchanged(request: Request, tag: str | None) -> bool:
    """Whether the client has the answer with this ETag already (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    if not (known and tag):
        return False
    return known == "*" or tag.removeprefix("W/") in {t.strip().removeprefix("W/") for t in known.split(",")}


def wants_page(request: Request) -> bool:
    """Whether the client prefers a page for people: a browser does."""
    return _prefers_page(request.headers.get("accept"))


@lru_cache(_MANY)
def _prefers_page(accept: str | None) -> bool:
    header = parse_accept_header(accept, MIMEAccept)
    return header.best_match(["application/sparql-results+json", "text/turtle", "text/html"]) == "text/html"


def language(request: Request) -> str:
    """``?lang=`` if it is one of ours, else what Accept-Language likes best, else Swedish."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    accept = parse_accept_header(request.headers.get("accept-language"), LanguageAccept)
    return accept.best_match(LANGUAGES, default="sv") or "sv"
