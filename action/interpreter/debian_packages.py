"""The Debian packages that have what a build lacks: headers, libraries and programs."""

from __future__ import annotations

import re

_OF_HEADERS = {
    "Python.h": "python3-dev",
    "cairo.h": "libcairo2-dev",
    "curl/curl.h": "libcurl4-openssl-dev",
    "ffi.h": "libffi-dev",
    "gdal.h": "libgdal-dev",
    "geos_c.h": "libgeos-dev",
    "gmp.h": "libgmp-dev",
    "graphviz/cgraph.h": "libgraphviz-dev",
    "gssapi/gssapi.h": "libkrb5-dev",
    "hdf5.h": "libhdf5-dev",
    "jpeglib.h": "libjpeg-dev",
    "krb5.h": "libkrb5-dev",
    "lber.h": "libldap-dev libsasl2-dev",
    "ldap.h": "libldap-dev libsasl2-dev",
    "leveldb/db.h": "libleveldb-dev",
    "libmemcached/memcached.h": "libmemcached-dev zlib1g-dev",
    "libpq-fe.h": "libpq-dev",
    "librdkafka/rdkafka.h": "librdkafka-dev",
    "libxml/xmlversion.h": "libxml2-dev libxslt1-dev",
    "libxml/xpath.h": "libxml2-dev libxslt1-dev",
    "magic.h": "libmagic-dev",
    "mysql.h": "default-libmysqlclient-dev pkg-config",
    "openssl/ssl.h": "libssl-dev",
    "portaudio.h": "portaudio19-dev",
    "pcap.h": "libpcap-dev",
    "sasl/sasl.h": "libsasl2-dev",
    "snappy-c.h": "libsnappy-dev",
    "sodium.h": "libsodium-dev",
    "spatialindex/capi/sidx_api.h": "libspatialindex-dev",
    "sql.h": "unixodbc-dev",
    "sqlite3.h": "libsqlite3-dev",
    "sqlfront.h": "freetds-dev",
    "sybdb.h": "freetds-dev",
    "uuid/uuid.h": "uuid-dev",
    "xmlsec/xmlsec.h": "libxmlsec1-dev pkg-config",
    "yaml.h": "libyaml-dev",
    "zlib.h": "zlib1g-dev",
    "zmq.h": "libzmq3-dev",
}
_OF_WORDS = (
    (r"mysql_config|MYSQLCLIENT_CFLAGS|mysqlclient|mariadb_config", "default-libmysqlclient-dev pkg-config"),
    (r"libxml2 and libxslt development packages|xslt-config|xml2-config", "libxml2-dev libxslt1-dev"),
    (r"xmlsec1? is not installed|pkg-config xmlsec", "libxmlsec1-dev pkg-config"),
    (r"pg_config executable not found", "libpq-dev"),
    (r"krb5-config", "libkrb5-dev"),
    (r"gdal-config", "libgdal-dev"),
    (r"curl-config", "libcurl4-openssl-dev"),
    (r"geos-config", "libgeos-dev"),
    (r"No package '?(?:cairo)", "libcairo2-dev pkg-config"),
    (r"pkg-config: (?:command )?not found|'pkg-config'", "pkg-config"),
    (r"can't find Rust compiler|cargo.*(?:not found|No such file)|rustc.*not found|Rust toolchain", "cargo"),
    (r"(?:g\+\+|c\+\+|cc1plus)\S*.*(?:No such file|not found)", "g++"),
    (
        r"(?:gfortran)\S*.*(?:No such file|not found)|No Fortran compiler|Unknown compiler\(s\): \[\['?gfortran",
        "gfortran",
    ),
    (r"(?:gcc|'cc')\S*.*(?:No such file|not found)|no acceptable C compiler", "gcc libc6-dev"),
    (r"cmake\S*.*(?:No such file|not found)|CMake must be installed", "cmake"),
    (r"ninja\S*.*(?:No such file|not found)", "ninja-build"),
    (r"swig\S*.*(?:No such file|not found)", "swig"),
    (r"make: (?:command )?not found|No such file or directory: 'make'", "make"),
    (r"Cannot find command 'hg'", "mercurial"),
)
_HEADER = re.compile(r"fatal error: '?([\w./+-]+\.h(?:pp)?)'?(?: file not found|: No such file)")
_LIBRARY = re.compile(r"cannot find -l([\w+-]+)")
_OF_LIBRARIES = {"pq": "libpq-dev", "ldap": "libldap-dev", "ldap_r": "libldap-dev", "lber": "libldap-dev",
                 "ssl": "libssl-dev", "crypto": "libssl-dev", "z": "zlib1g-dev", "xml2": "libxml2-dev",
                 "mysqlclient": "default-libmysqlclient-dev"}  # fmt: skip


def lacking(output: str) -> tuple[str, str] | None:
    """Return what a build lacks, in words, and the Debian packages that have it; the second may be empty."""
    header = _HEADER.search(output)
    if header:
        return f"the header {header[1]}", _OF_HEADERS.get(header[1], "")
    library = _LIBRARY.search(output)
    if library:
        return f"the library {library[1]}", _OF_LIBRARIES.get(library[1], "")
    for words, packages in _OF_WORDS:
        if re.search(words, output):
            return "a program or a library of the system", packages
    return None
