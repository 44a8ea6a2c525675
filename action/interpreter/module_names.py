"""The packages that provide a module, where their names differ."""

from __future__ import annotations

import re

_OTHER_NAMES = {
    "MySQLdb": ("mysqlclient",),
    "OpenSSL": ("pyopenssl",),
    "PIL": ("pillow",),
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "citext": ("sqlalchemy-citext",),
    "cv2": ("opencv-python-headless", "opencv-python"),
    "dateutil": ("python-dateutil",),
    "decouple": ("python-decouple",),
    "distutils": ("setuptools",),
    "dotenv": ("python-dotenv",),
    "factory": ("factory-boy",),
    "flask_jwt_extended": ("flask-jwt-extended",),
    "google.cloud.storage": ("google-cloud-storage",),
    "jose": ("python-jose",),
    "jwt": ("pyjwt",),
    "magic": ("python-magic",),
    "multipart": ("python-multipart",),
    "pkg_resources": ("setuptools",),
    "psycopg2": ("psycopg2-binary", "psycopg2"),
    "pythonjsonlogger": ("python-json-logger",),
    "ruamel": ("ruamel-yaml",),
    "sklearn": ("scikit-learn",),
    "slugify": ("python-slugify",),
    "socketio": ("python-socketio",),
    "sqlalchemy_utils": ("sqlalchemy-utils",),
    "telegram": ("python-telegram-bot",),
    "yaml": ("pyyaml",),
}


def normalized(name: str) -> str:
    """Return the name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions_of(module: str) -> frozenset[str]:
    """Return the packages that may provide a module, in normalized form: ``sqlalchemy-utils``."""
    top = module.partition(".")[0]
    known = _OTHER_NAMES.get(module, ()) + _OTHER_NAMES.get(top, ())
    return frozenset({*known, normalized(top), normalized(module)})


def distribution_of(module: str) -> str:
    """Return the package to install for a module."""
    top = module.partition(".")[0]
    return (*_OTHER_NAMES.get(module, ()), *_OTHER_NAMES.get(top, ()), normalized(top))[0]
