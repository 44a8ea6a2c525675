"""Where a checkout is fetched from, and where the token may go."""

from __future__ import annotations

import base64

import pytest

from action.base.origin import Origin


@pytest.mark.parametrize(
    ("url", "remote", "source"),
    [
        ("https://github.com", "https://github.com/acme/shop", "https://github.com/acme/shop"),
        ("https://github.com", "https://github.com:443/acme/shop.git", "https://github.com/acme/shop.git"),
        ("https://github.com", "https://x:ghp_secret@GitHub.com/acme/shop", "https://github.com/acme/shop"),
        ("https://github.com", "git@github.com:acme/shop.git", "https://github.com/acme/shop.git"),
        ("https://github.com", "ssh://git@github.com/acme/shop", "https://github.com/acme/shop"),
        ("https://ghes.corp:8443", "ssh://git@ghes.corp:22/acme/shop", "https://ghes.corp:8443/acme/shop"),
        ("https://ghes.corp:8443/", "https://ghes.corp:8443/acme/shop", "https://ghes.corp:8443/acme/shop"),
        ("https://github.com", "http://github.com/acme/shop", None),
        ("https://github.com", "https://github.com:8443/acme/shop", None),
        ("https://github.com", "https://github.com.evil.example/acme/shop", None),
        ("https://github.com", "https://github.com@evil.example/acme/shop", None),
        ("https://github.com", "git@evil.example:github.com/acme/shop", None),
        ("https://github.com", "ssh://git@evil.example/https://github.com/acme", None),
        ("https://github.com", "ext::sh -c id", None),
        ("https://github.com", "file:///srv/acme/shop", None),
        ("https://github.com", "/srv/acme/shop", None),
        ("https://github.com", "https://github.com:port/acme", None),
        ("https://github.com", "https://[/acme", None),
        ("", "https://github.com/acme/shop", None),
        ("", "file:///srv/acme/shop", None),
    ],
)
def test_it_is_fetched_from_the_server_alone(url: str, remote: str, source: str | None) -> None:
    assert Origin(url=url, token="t").source(remote) == source


def test_the_token_is_for_the_server_alone() -> None:
    secret = base64.b64encode(b"x-access-token:ghs_1").decode()
    assert Origin(url="https://ghes.corp:8443/", token="ghs_1").config() == (
        ("http.https://ghes.corp:8443/.extraheader", ""),
        ("http.https://ghes.corp:8443/.extraheader", f"AUTHORIZATION: basic {secret}"),
    )


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_nothing_is_sent(token: str | None) -> None:
    assert Origin(url="https://github.com", token=token).config() == ()


def test_the_token_is_not_shown() -> None:
    assert repr(Origin(url="https://github.com", token="ghs_1")) == "Origin(url='https://github.com')"
