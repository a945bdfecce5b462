# syntax=docker/dockerfile:1
# The image of the program: built in one stage, only the binary in the other. It carries the sample city, the page
# and the certificates it trusts, so nothing else is needed beside it.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The registry and the target folder are kept between builds on one machine, hence the copy out of the latter.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin changqing \
    && install -m 755 target/release/changqing /usr/local/bin/changqing

FROM debian:bookworm-slim
# The number is fixed, so that the owner of a volume stays the same from image to image.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /var/lib/changqing --shell /usr/sbin/nologin changqing \
    && install -d -m 750 -o changqing -g changqing /var/lib/changqing
COPY --from=build /usr/local/bin/changqing /usr/local/bin/changqing
USER 10001:10001
WORKDIR /var/lib/changqing
# In a container loopback reaches nobody. With SQLite everything is in the data folder: give it a volume.
ENV CHANGQING_LISTEN=0.0.0.0:8080 CHANGQING_DATA_DIR=/var/lib/changqing
EXPOSE 8080
# The image has no curl; bash can open a connection by itself. Not for `migrate` and `sandbox`, which say otherwise.
HEALTHCHECK --interval=5s --timeout=3s --retries=3 --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["changqing"]
CMD ["serve"]
