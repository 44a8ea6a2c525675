"""What apt says it would install, as it says it."""

from __future__ import annotations

from release.updates import offered

APT = """\
Reading package lists...
Calculating upgrade...
The following packages will be upgraded:
  base-files libgcrypt20 liblzma5 postgresql-17
4 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
Inst liblzma5 [5.4.1-1] (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
Inst postgresql-17 [17.6-1] (17.7-0+deb13u1 Debian:13.2/stable [amd64])
Inst libperl5.40 (5.40.1-6 Debian:13.0/stable [amd64])
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
"""


def test_security_updates_and_those_of_postgresql_are_urgent() -> None:
    assert {str(update): update.urgent for update in offered(APT)} == {
        "- base-files: 12.4+deb12u11 → 12.4+deb12u15": False,
        "- libgcrypt20: 1.10.1-3 → 1.10.1-3+deb12u1": True,
        "- liblzma5: 5.4.1-1 → 5.4.1-1+deb12u2": True,
        "- postgresql-17: 17.6-1 → 17.7-0+deb13u1": True,
    }
